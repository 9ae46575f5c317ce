"""Tiers: conditions that part the values of an amount, a date or the like among them, with what they leave out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from orderkit.language.compile.lints.reasoning.alternatives import Alternatives, Point, holding
from orderkit.language.compile.lints.reasoning.conditions import (
    domain_in,
    every_value,
)
from orderkit.language.compile.lints.reasoning.regions import (
    EVERYWHERE,
    Region,
    TooManyBoxesError,
    names_in,
)
from orderkit.language.compile.lints.reasoning.showing import a_tick
from orderkit.language.compile.lints.reasoning.values import Values
from orderkit.model.expressions.nodes import Expression

MAX_TIERS = 12


@dataclass(frozen=True, slots=True)
class Gap:
    """Values between two tiers: one of them as a `point`, and the conditions on either side, by position."""

    point: Point
    below: int
    above: int
    is_single: bool


class Tiers(Alternatives):
    """Conditions that part the values of something that has an order."""

    @cached_property
    def every(self) -> Mapping[Expression, Values]:
        """All values, but empty ones, of what the conditions speak of."""
        return every_value(names_in((*self.widest, *self.narrowest)))

    def holes(self) -> Iterator[Gap]:
        """Yield values where no condition holds, but some hold just below and just above."""
        rest = EVERYWHERE
        for region in self.widest:
            rest = rest.minus(region, self.every)
        yield from self._gaps(rest, self.widest)

    def overlaps(self) -> Iterator[Gap]:
        """Yield values where two conditions hold, but only one of them just below, the other just above."""
        for first in range(len(self.conditions)):
            for second in range(first + 1, len(self.conditions)):
                both = self.narrowest[first] & self.narrowest[second]
                pair = (self.widest[first], self.widest[second])
                for gap in self._gaps(both, pair, is_exclusive=True):
                    places = (first, second)
                    yield Gap(gap.point, places[gap.below], places[gap.above], gap.is_single)

    def never_after(self) -> Iterator[int]:
        """Yield the positions of conditions that hold nowhere where none before holds."""
        every = {name: Values(values.ranges, has_empty=True) for name, values in self.every.items()}
        for position, region in enumerate(self.widest):
            for before in self.narrowest[:position]:
                region = region.minus(before, every)  # noqa: PLW2901 - what is left of it
            if position and not region.boxes:
                yield position

    def _gaps(self, region: Region, tiers: Sequence[Region], *, is_exclusive: bool = False) -> Iterator[Gap]:
        for box in region.boxes:
            for name, values in box.sides.items():
                if not domain_in(name).is_ordered:
                    continue
                for low, high in values.ranges:
                    if not isinstance(low, int) or not isinstance(high, int):
                        continue
                    others = {n: a_tick(v) for n, v in box.sides.items() if n != name}
                    below = holding(tiers, {**others, name: low - 1})
                    above = holding(tiers, {**others, name: high + 1})
                    pair = _apart(below, above, is_exclusive=is_exclusive)
                    if pair is not None:
                        point = {
                            name: low,
                            **{n: t for n, t in others.items() if self._matters(n, box.sides)},
                        }
                        yield Gap(point, *pair, is_single=low == high)

    def _matters(self, name: Expression, sides: Mapping[Expression, Values]) -> bool:
        return bool((self.every[name] - sides[name]).ranges)


def tiers_of(conditions: Sequence[Sequence[Expression]]) -> Tiers | None:
    """Return the tiers, or None where there are too many or they are too ragged to be reasoned about."""
    if not 2 <= len(conditions) <= MAX_TIERS:
        return None
    tiers = Tiers(conditions)
    try:
        return tiers if any(domain_in(name).is_ordered for name in names_in(tiers.widest)) else None
    except TooManyBoxesError:
        return None


def _apart(below: list[int], above: list[int], *, is_exclusive: bool) -> tuple[int, int] | None:
    """Return a condition below and another one above; if exclusive, each holding on its own side only."""
    if is_exclusive:
        return (below[0], above[0]) if len(below) == len(above) == 1 and below != above else None
    return next(((low, high) for low in below for high in above if low != high), None)
