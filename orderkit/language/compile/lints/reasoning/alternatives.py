"""Conditions that stand beside each other, such as the guards of buttons: where each of them holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from orderkit.language.compile.lints.reasoning.conditions import NARROWEST, WIDEST
from orderkit.language.compile.lints.reasoning.regions import EVERYWHERE, Region
from orderkit.model.expressions.nodes import Expression

Point = Mapping[Expression, int | None]


@dataclass(frozen=True)
class Alternatives:
    """Some conditions beside each other; each is a conjunction of expressions."""

    conditions: Sequence[Sequence[Expression]]

    @cached_property
    def widest(self) -> tuple[Region, ...]:
        """Where each condition may hold."""
        return tuple(conjunction(each, is_widest=True) for each in self.conditions)

    @cached_property
    def narrowest(self) -> tuple[Region, ...]:
        """Where each condition certainly holds."""
        return tuple(conjunction(each, is_widest=False) for each in self.conditions)


def conjunction(parts: Sequence[Expression], *, is_widest: bool) -> Region:
    """Return where all of some conditions hold: perhaps if widest, else certainly."""
    reading = WIDEST if is_widest else NARROWEST
    found = EVERYWHERE
    for part in parts:
        found &= reading.region(part)
    return found


def holding(tiers: Sequence[Region], point: Point) -> list[int]:
    """Return the positions of the tiers that hold at a point, whatever it says nothing of."""
    return [
        position
        for position, region in enumerate(tiers)
        if any(all(n not in point or point[n] in v for n, v in box.sides.items()) for box in region.boxes)
    ]
