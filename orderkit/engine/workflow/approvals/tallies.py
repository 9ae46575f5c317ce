"""When the people of a step have decided: any, all, one after the other, or by vote.

Pure: states of tasks in, verdict out. Whoever was skipped automatically counts as having approved.
"""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from orderkit.engine.workflow.views import TaskState
from orderkit.model.workflow.workflows import Mode


class Verdict(StrEnum):
    """What a step has come to."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


def verdict(
    mode: Mode, states: Sequence[TaskState], *, veto: bool, vote: tuple[str, str] | None = None
) -> Verdict:
    """Return the verdict. With `veto` the first rejection ends the step.

    A step ends as soon as nothing that may still come can change it.
    """
    approved = sum(state in {TaskState.APPROVED, TaskState.SKIPPED} for state in states)
    rejected = sum(state is TaskState.REJECTED for state in states)
    undecided = sum(state in {TaskState.OPEN, TaskState.WAITING, TaskState.PAUSED} for state in states)
    needed = _needed(mode, approved + rejected + undecided, vote)
    if rejected and veto:
        return Verdict.REJECTED
    if approved >= needed:
        return Verdict.APPROVED
    return Verdict.PENDING if approved + undecided >= needed else Verdict.REJECTED


def _needed(mode: Mode, people: int, vote: tuple[str, str] | None) -> int:
    if mode is Mode.ANY:
        return 1
    if mode is not Mode.VOTE or vote is None:
        return people
    operator, ratio = vote
    share = Decimal(ratio) * people
    if operator == ">":
        return int(share.to_integral_value(ROUND_FLOOR)) + 1
    return max(1, int(share.to_integral_value(ROUND_CEILING)))
