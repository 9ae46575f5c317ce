"""Groups of filters, one within another, as addresses write them: `any.1.status=…`, `none.2.all.1.total.from=…`.

A group says by its word how what stands in it is joined, and by its number which one it is among its
neighbours. Pages and the API read the same words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from orderkit.engine.records import Condition, Group

MOST_GROUPS = 9
MOST_DEPTH = 3
_STEP = re.compile(r"(any|all|none|notall)\.([1-9])\.", re.ASCII)
_JOINED = {"any": (True, False), "all": (False, False), "none": (True, True), "notall": (False, True)}


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One group among its neighbours. `none` is that not any of it holds, `notall` that not all of it does."""

    number: int
    word: str

    @property
    def joins_any(self) -> bool:
        """Whether one of its conditions is enough."""
        return _JOINED[self.word][0]

    @property
    def is_negated(self) -> bool:
        """Whether the group holds where its conditions, joined, do not."""
        return _JOINED[self.word][1]

    @property
    def prefix(self) -> str:
        """How a name begins with it: `any.1.`."""
        return f"{self.word}.{self.number}."


Path = tuple[Step, ...]
"""The way to a group, from the outermost; empty for what stands in none."""


def word_of(*, joins_any: bool, is_negated: bool) -> str:
    """Return the word of a group."""
    return next(word for word, joined in _JOINED.items() if joined == (joins_any, is_negated))


def split_name(name: str) -> tuple[Path, str]:
    """Return the groups in which a name stands, and what is left of it behind them."""
    path: list[Step] = []
    at = 0
    while found := _STEP.match(name, at):
        path.append(Step(int(found[2]), found[1]))
        at = found.end()
    return tuple(path), name[at:]


def steps_by_group(paths: Iterable[Path]) -> dict[Path, list[Step]]:
    """Return the groups that stand directly in each group that holds any, in their order.

    Each path is looked at once: an address may name thousands of groups before anybody refuses them.
    """
    found: dict[Path, set[Step]] = {}
    for path in paths:
        for depth, step in enumerate(path):
            found.setdefault(path[:depth], set()).add(step)
    return {at: sorted(steps) for at, steps in found.items()}


def nested(parts: Mapping[Path, Sequence[Condition]]) -> tuple[Condition, ...]:
    """Return the conditions that stand in no group, then each of the groups as one, and so on within them."""
    steps = steps_by_group(parts)

    def conditions(at: Path) -> tuple[Condition, ...]:
        groups = (
            Group(conditions=conditions((*at, step)), is_any=step.joins_any, is_negated=step.is_negated)
            for step in steps.get(at, ())
        )
        return (*parts.get(at, ()), *groups)

    return conditions(())
