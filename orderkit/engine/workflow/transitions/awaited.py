"""Approvals that no engine of this version carries out: a record must not get into one.

Branches and rows beside each other are written and kept in the model; passing over them would approve
what nobody has seen, so whatever leads there is refused instead.
"""

from collections.abc import Iterable

from orderkit.engine.workflow.wording import of_both
from orderkit.model.errors import Problem
from orderkit.model.labels import Label
from orderkit.model.workflow.workflows import Approval, ApprovalPart, Loop, Parallel, Workflow, parts_within

AWAITED = "awaited"


def problems_of_entry(definition: Workflow, state_id: str) -> tuple[Problem, ...]:
    """Return why a record cannot enter a state, because its approval cannot be carried out."""
    state = definition.state_by_id[state_id]
    approval = None if state.approval is None else definition.approval_by_id.get(state.approval)
    if approval is None or is_carried_out(approval):
        return ()
    return (Problem(path="", code=AWAITED, message=_message(state.label)),)


def is_carried_out(approval: Approval) -> bool:
    """Return whether an approval holds only what this version can run."""
    return not _has_awaited(approval.steps)


def _has_awaited(parts: Iterable[ApprovalPart]) -> bool:
    return any(
        isinstance(part, Parallel | Loop) or any(_has_awaited(inner) for inner in parts_within(part))
        for part in parts
    )


def _message(state: Label) -> Label:
    return of_both(
        "“{state}”的审批含并行或逐行的步骤，此版本还不能执行",
        "the approval of “{state}” has steps beside each other or for each row, which this version cannot run yet",
        state=state,
    )
