"""How far an approval is, and which steps come next: worked out from its blocks and the steps that have begun.

Pure. A step is known by its id, and within loops by the rows that it stands for, outermost first. What has
begun stays begun: conditions and rows are only asked where nothing has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, assert_never

from orderkit.model.errors import Problem, Refused
from orderkit.model.expressions.nodes import Expression
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import (
    ApprovalPart,
    Branch,
    Choose,
    Join,
    Loop,
    Parallel,
    Step,
    all_steps,
)

Rows = tuple[int, ...]


class Course(StrEnum):
    """What a step, a branch, a block or a whole approval has come to.

    EMPTY: nobody had anything to decide. CANCELLED: others decided, so that it was no longer needed.
    """

    EMPTY = "empty"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One step that has begun, and what it has come to."""

    step: str
    rows: Rows = ()
    course: Course


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A step that begins now."""

    step: Step
    rows: Rows = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What an approval has come to, which steps begin now, and which open ones are no longer needed."""

    course: Course
    opens: tuple[Opening, ...] = ()
    cancels: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """Within which loops something stands: the innermost one, and the row of each, outermost first."""

    rows: Rows = ()
    loop: Loop | None = None

    def at(self, loop: Loop, row: int) -> "Inside":
        """Return what stands in one row of a loop that stands here."""
        return Inside(rows=(*self.rows, row), loop=loop)


class Outlook(Protocol):
    """What an approval asks of its record where something begins."""

    def holds(self, condition: Expression, inside: Inside) -> bool:
        """Return whether a condition holds. Raises Refused where it has no answer."""

    def rows(self, loop: Loop, inside: Inside) -> Sequence[int]:
        """Return the ids of the rows for which a loop runs."""


def progress(parts: Sequence[ApprovalPart], traces: Iterable[Trace], outlook: Outlook) -> Progress:
    """Return how far an approval is.

    Raises: Refused where no branch of a `choose` holds, or a condition has no answer.
    """
    return _Walk(tuple(traces), outlook).sequence(parts, Inside())


_NOTHING = Progress(course=Course.EMPTY)


class _Walk:
    def __init__(self, traces: tuple[Trace, ...], outlook: Outlook) -> None:
        self._traces = traces
        self._outlook = outlook

    def sequence(self, parts: Sequence[ApprovalPart], inside: Inside) -> Progress:
        """Return how far parts are that stand one after the other."""
        begun = [bool(self._within(part, inside)) for part in parts]
        last = max((place for place, has in enumerate(begun) if has), default=-1)
        found = _NOTHING
        for place in range(last + 1):
            if begun[place]:
                found = self._part(parts[place], inside)
                if found.course is not Course.APPROVED:
                    return found
        for part in parts[last + 1 :]:
            following = self._begin(part, inside)
            if following.course is Course.PENDING:
                return Progress(
                    course=Course.PENDING, opens=following.opens, cancels=found.cancels + following.cancels
                )
        return found

    def _within(self, part: ApprovalPart, inside: Inside) -> tuple[Trace, ...]:
        names = {step.id for step in all_steps((part,))}
        return tuple(
            each
            for each in self._traces
            if each.step in names and each.rows[: len(inside.rows)] == inside.rows
        )

    def _part(self, part: ApprovalPart, inside: Inside) -> Progress:
        match part:
            case Step():
                return Progress(course=self._within(part, inside)[-1].course)
            case Choose(branches=branches):
                taken = next(each for each in branches if self._has(each, inside))
                return self.sequence(taken.steps, inside)
            case Parallel(branches=branches, join=join):
                sides = [
                    (self.sequence(each.steps, inside), self._open_in(each.steps, inside))
                    for each in branches
                    if self._has(each, inside)
                ]
            case Loop(steps=steps, join=join):
                ids = dict.fromkeys(each.rows[len(inside.rows)] for each in self._within(part, inside))
                sides = [
                    (self.sequence(steps, inside.at(part, each)), self._open_in(steps, inside.at(part, each)))
                    for each in ids
                ]
            case _:
                assert_never(part)
        return _joined(join, sides)

    def _has(self, branch: Branch, inside: Inside) -> bool:
        return any(self._within(part, inside) for part in branch.steps)

    def _open_in(self, steps: Sequence[ApprovalPart], inside: Inside) -> tuple[Trace, ...]:
        found = (each for part in steps for each in self._within(part, inside))
        return tuple(each for each in found if each.course is Course.PENDING)

    def _begin(self, part: ApprovalPart, inside: Inside) -> Progress:
        match part:
            case Step(when=when):
                if when is not None and not self._outlook.holds(when, inside):
                    return _NOTHING
                return Progress(course=Course.PENDING, opens=(Opening(step=part, rows=inside.rows),))
            case Choose(branches=branches):
                taken = next((each for each in branches if self._is_taken(each, inside)), None)
                if taken is None:
                    raise Refused([_no_branch()])
                return self.sequence(taken.steps, inside)
            case Parallel(branches=branches):
                sides = [self.sequence(each.steps, inside) for each in self._selected(part, branches, inside)]
            case Loop(steps=steps):
                sides = [
                    self.sequence(steps, inside.at(part, each)) for each in self._outlook.rows(part, inside)
                ]
            case _:
                assert_never(part)
        opens = tuple(opening for each in sides for opening in each.opens)
        return Progress(course=Course.PENDING, opens=opens) if opens else _NOTHING

    def _selected(self, part: Parallel, branches: Sequence[Branch], inside: Inside) -> Sequence[Branch]:
        if not part.is_inclusive:
            return branches
        chosen = [each for each in branches if each.when is not None and self._is_taken(each, inside)]
        return chosen or [each for each in branches if each.when is None]

    def _is_taken(self, branch: Branch, inside: Inside) -> bool:
        return branch.when is None or self._outlook.holds(branch.when, inside)


def _joined(join: Join, sides: Sequence[tuple[Progress, tuple[Trace, ...]]]) -> Progress:
    """Return what branches beside each other have come to; once that is settled, nothing more begins in them."""
    course = _met(join, [progress.course for progress, _ in sides])
    if course is Course.PENDING:
        return Progress(
            course=course,
            opens=tuple(opening for progress, _ in sides for opening in progress.opens),
            cancels=tuple(trace for progress, _ in sides for trace in progress.cancels),
        )
    return Progress(course=course, cancels=tuple(trace for _, still_open in sides for trace in still_open))


def _met(join: Join, courses: Sequence[Course]) -> Course:
    match join:
        case Join.ALL:
            order: tuple[Course, ...] = (Course.REJECTED, Course.PENDING, Course.CANCELLED)
        case Join.ANY:
            order = (Course.APPROVED, Course.PENDING, Course.REJECTED)
        case Join.FIRST:
            ended = [each for each in courses if each in {Course.APPROVED, Course.REJECTED}]
            order = (*ended[:1], Course.PENDING)
        case _:
            assert_never(join)
    rest = Course.APPROVED if join is Join.ALL else Course.CANCELLED
    return next((each for each in order if each in courses), rest)


def _no_branch() -> Problem:
    message = label(
        zh="审批的分支条件都不成立，也没有其余情况的分支；请让流程的负责人补上",
        en="no branch of the approval holds, and there is none for other cases; whoever keeps the workflow must add one",
    )
    return Problem(path="", code="no_branch", message=message)
