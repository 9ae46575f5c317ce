"""Where steps stand in the blocks of an approval, and what a return to one of them takes back.

Pure. A place alternates between a number within a sequence and a branch, or the row of a loop: two that
differ in a branch stand beside each other, two that differ in a number one after the other.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from orderkit.engine.workflow.approvals.paths import Rows
from orderkit.model.workflow.workflows import (
    ApprovalPart,
    Choose,
    Loop,
    Parallel,
    Step,
    all_steps,
    parts_within,
)

Place = tuple[int, ...]
Id = TypeVar("Id", bound=Hashable)


def place_of(parts: Sequence[ApprovalPart], step: str, rows: Rows) -> Place | None:
    """Return where a step stands; None where there is none, or not within as many loops."""
    for number, part in enumerate(parts):
        match part:
            case Step(id=name):
                if name == step and not rows:
                    return (number,)
            case Loop(steps=steps):
                inner = place_of(steps, step, rows[1:]) if rows else None
                if inner is not None:
                    return (number, rows[0], *inner)
            case Choose() | Parallel():
                for branch, steps in enumerate(parts_within(part)):
                    inner = place_of(steps, step, rows)
                    if inner is not None:
                        return (number, branch, *inner)
    return None


def comes_before(first: Place, second: Place) -> bool:
    """Return whether one step is passed before another is reached; never for those beside each other."""
    level = _parting(first, second)
    return level is not None and level % 2 == 0 and first[level] < second[level]


def part_before(first: Place, second: Place) -> Place | None:
    """Return the part that holds an earlier step where the way to the second one parts; None where it is not before.

    Of two such parts the greater one is nearer.
    """
    level = _parting(first, second)
    if level is None or level % 2 or first[level] > second[level]:
        return None
    return first[: level + 1]


def taken_back(places: Mapping[Id, Place], target: Place, current: Place, *, direct: bool) -> frozenset[Id]:
    """Return which steps no longer count once `current` returns to `target`, an earlier one.

    All from the target on: beside it, other branches go on; what was begun after it, all branches of a fork
    among it, is over. With `direct` only the target and where it comes back to: that is the returning step,
    or the whole fork in which it stands.
    """
    if not direct:
        return frozenset(
            name for name, place in places.items() if place == target or comes_before(target, place)
        )
    level = _parting(target, current)
    assert level is not None, "a step returns to an earlier one"
    back_to = current[: level + 1]
    return frozenset(
        name for name, place in places.items() if place == target or place[: level + 1] == back_to
    )


def _parting(first: Place, second: Place) -> int | None:
    pairs = enumerate(zip(first, second, strict=False))
    return next((level for level, (one, other) in pairs if one != other), None)


def loop_around(parts: Sequence[ApprovalPart], step: str) -> Loop | None:
    """Return the innermost loop in which a step stands."""
    for part in parts:
        if not any(each.id == step for each in all_steps((part,))):
            continue
        for steps in parts_within(part):
            inner = loop_around(steps, step)
            if inner is not None:
                return inner
        return part if isinstance(part, Loop) else None
    return None
