"""What of a workflow can still happen to records in given states, and which roles that asks for."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from orderkit.model.people import AnyOf, HasRole, Who
from orderkit.model.workflow.workflows import Workflow, all_steps


def still_possible(workflow: Workflow, states: Collection[str]) -> Workflow:
    """Return the workflow without states, transitions and approvals that no record in `states` can come to.

    A record that has ended needs nothing any more, unless it can be taken up again.
    """
    reached = _reached(workflow, states)
    approvals = {state.approval for state in workflow.states if state.id in reached}
    return replace(
        workflow,
        states=tuple(state for state in workflow.states if state.id in reached),
        transitions=tuple(each for each in workflow.transitions if not reached.isdisjoint(each.sources)),
        approvals=tuple(each for each in workflow.approvals if each.id in approvals),
        timers=tuple(each for each in workflow.timers if each.state in reached),
        sla=tuple(each for each in workflow.sla if not reached.isdisjoint({each.start, each.stop})),
    )


def roles_asked(workflow: Workflow) -> frozenset[frozenset[str]]:
    """Return the roles of whom one must be there, for each button and step that only roles are for."""
    people = [each.by for each in workflow.transitions]
    people += [step.approvers for each in workflow.approvals for step in all_steps(each.steps)]
    return frozenset(roles for who in people if (roles := _only_roles(who)))


def _only_roles(who: Who | None) -> frozenset[str]:
    """Return the roles that `who` is made of; none where a person may be named otherwise, too."""
    people = who.people if isinstance(who, AnyOf) else (who,)
    roles = frozenset(each.role for each in people if isinstance(each, HasRole))
    return roles if len(roles) == len(people) else frozenset()


def _reached(workflow: Workflow, states: Collection[str]) -> set[str]:
    reached: set[str] = set()
    waiting = [state for state in states if state in workflow.state_by_id]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += _following(workflow, state)
    return reached


def _following(workflow: Workflow, state_id: str) -> Iterator[str]:
    state = workflow.state_by_id[state_id]
    if state.reopen is not None:
        yield state.reopen.target
    if state.approval is not None:
        yield from (ending.target for ending in workflow.approval_by_id[state.approval].endings.values())
    for transition in workflow.transitions:
        if state_id in transition.sources:
            yield transition.target
