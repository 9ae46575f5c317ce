"""Sets of values of one expression, counted in whole ticks: cents, days, the places of options."""

from collections.abc import Iterable
from dataclasses import dataclass

Bound = int | float
Range = tuple[Bound, Bound]
INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Values:
    """Ticks in ranges that are sorted, apart and include both ends; `has_empty` is the empty value."""

    ranges: tuple[Range, ...] = ()
    has_empty: bool = False

    @property
    def is_none(self) -> bool:
        """Whether there is no value at all."""
        return not self.ranges and not self.has_empty

    def __and__(self, other: "Values") -> "Values":
        found = []
        for low, high in self.ranges:
            for other_low, other_high in other.ranges:
                if max(low, other_low) <= min(high, other_high):
                    found.append((max(low, other_low), min(high, other_high)))
        return Values(tuple(found), self.has_empty and other.has_empty)

    def __or__(self, other: "Values") -> "Values":
        return Values(_joined((*self.ranges, *other.ranges)), self.has_empty or other.has_empty)

    def __sub__(self, other: "Values") -> "Values":
        left = list(self.ranges)
        for low, high in other.ranges:
            left = [part for each in left for part in _without(each, low, high)]
        return Values(tuple(left), self.has_empty and not other.has_empty)

    def __contains__(self, tick: object) -> bool:
        if tick is None:
            return self.has_empty
        return isinstance(tick, int) and any(low <= tick <= high for low, high in self.ranges)


EMPTY_VALUE = Values((), has_empty=True)


def between(low: Bound, high: Bound) -> Values:
    """Return the ticks from `low` to `high`, none where they are in the wrong order."""
    return Values(((low, high),)) if low <= high else Values()


def one_of(ticks: Iterable[int]) -> Values:
    """Return some single ticks."""
    return Values(_joined((tick, tick) for tick in ticks))


def _joined(ranges: Iterable[Range]) -> tuple[Range, ...]:
    found: list[Range] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def _without(each: Range, low: Bound, high: Bound) -> Iterable[Range]:
    if high < each[0] or low > each[1]:
        yield each
        return
    if each[0] < low:
        yield each[0], low - 1
    if high < each[1]:
        yield high + 1, each[1]
