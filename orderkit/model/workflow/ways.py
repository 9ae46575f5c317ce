"""Where the states of a workflow lead, and which of them lie behind an approval.

The lints of the compiler and the engine ask the same questions; nothing is decided here.
"""

from collections.abc import Iterable, Mapping

from orderkit.model.workflow.workflows import Approval, Outcome, State, Workflow

Ways = Mapping[str, frozenset[str]]


def ways_of(workflow: Workflow) -> Ways:
    """Return where each state may lead, by transitions and by the endings of its approval."""
    ways: dict[str, set[str]] = {state.id: set() for state in workflow.states}
    for transition in workflow.transitions:
        for source in transition.sources:
            ways[source].add(transition.target)
    for state in workflow.states:
        ways[state.id] |= _endings(workflow, state)
        if state.reopen is not None:
            ways[state.id].add(state.reopen.target)
    return {state: frozenset(targets) for state, targets in ways.items()}


def turned(ways: Ways) -> Ways:
    """Return from where each state is reached directly."""
    found: dict[str, set[str]] = {state: set() for state in ways}
    for state, targets in ways.items():
        for target in targets:
            found[target].add(state)
    return {state: frozenset(sources) for state, sources in found.items()}


def reached(starts: Iterable[str], ways: Ways, *, avoiding: Iterable[str] = ()) -> frozenset[str]:
    """Return the states that can be reached, the starts among them, without entering some."""
    avoided = set(avoiding)
    found: set[str] = set()
    waiting = [state for state in starts if state not in avoided]
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            waiting += ways.get(state, frozenset()) - avoided
    return frozenset(found)


def states_of(workflow: Workflow, approval: Approval) -> frozenset[str]:
    """Return the states in which an approval is asked for."""
    return frozenset(state.id for state in workflow.states if state.approval == approval.id)


def states_behind(workflow: Workflow, approval: Approval) -> frozenset[str]:
    """Return the states behind an approval from which success is reached without asking it again.

    Where a workflow has no success, those that are not reached before the approval.
    """
    ways, during = ways_of(workflow), states_of(workflow, approval)
    behind = reached([approval.approved.target], ways, avoiding=during)
    completed = [state.id for state in workflow.states if state.final is Outcome.COMPLETED]
    if completed:
        return behind & reached(completed, turned(ways), avoiding=during)
    return behind - reached([workflow.initial], ways, avoiding=during | {approval.approved.target})


def _endings(workflow: Workflow, state: State) -> set[str]:
    approval = None if state.approval is None else workflow.approval_by_id.get(state.approval)
    if approval is None:
        return set()
    return {ending.target for ending in approval.endings.values()}
