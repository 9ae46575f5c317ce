"""The way that most records go: from the initial state to success, by what is declared first."""

from collections.abc import Mapping

from orderkit.model.workflow.ways import reached, turned, ways_of
from orderkit.model.workflow.workflows import Outcome, Workflow


def main_states(workflow: Workflow) -> tuple[str, ...]:
    """Return the states from the initial one to success, or as far as one comes without turning back.

    At each state the first way that leads towards success is taken; an approval leads on when it is granted.
    """
    completed = [state.id for state in workflow.states if state.final is Outcome.COMPLETED]
    towards = reached(completed, turned(ways_of(workflow))) if completed else frozenset(workflow.state_by_id)
    followers = _followers(workflow)
    path = [workflow.initial]
    while True:
        ahead = [state for state in followers[path[-1]] if state not in path and state in towards]
        if not ahead:
            return tuple(path)
        path.append(ahead[0])


def _followers(workflow: Workflow) -> Mapping[str, list[str]]:
    """Return the states behind each state, that of a granted approval first."""
    found: dict[str, list[str]] = {state.id: [] for state in workflow.states}
    for state in workflow.states:
        approval = workflow.approval_by_id.get(state.approval or "")
        if approval is not None:
            found[state.id].append(approval.approved.target)
    for transition in workflow.transitions:
        for source in transition.sources:
            found[source].append(transition.target)
    return found
