"""Regions: where in the space of all values something holds, as a union of boxes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from orderkit.language.compile.lints.reasoning.values import Values
from orderkit.model.expressions.nodes import Expression

MAX_BOXES = 200


class TooManyBoxesError(Exception):
    """A region is too ragged to be reasoned about; the caller says nothing then."""


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """Where every named expression has one of its values; whatever is not named has any."""

    sides: Mapping[Expression, Values]

    def __and__(self, other: "Box") -> "Box | None":
        sides = dict(self.sides)
        for name, values in other.sides.items():
            both = sides[name] & values if name in sides else values
            if both.is_none:
                return None
            sides[name] = both
        return Box(sides)


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A union of boxes that may overlap."""

    boxes: tuple[Box, ...] = ()

    def __and__(self, other: "Region") -> "Region":
        _limit(len(self.boxes) * len(other.boxes))
        both = (first & second for first in self.boxes for second in other.boxes)
        return Region(tuple(box for box in both if box is not None))

    def __or__(self, other: "Region") -> "Region":
        _limit(len(self.boxes) + len(other.boxes))
        return Region((*self.boxes, *other.boxes))

    def minus(self, other: "Region", every: Mapping[Expression, Values]) -> "Region":
        """Return what of this region is outside the other; `every` has all values of each expression."""
        left = list(self.boxes)
        for box in other.boxes:
            left = [part for each in left for part in _outside(each, box, every)]
            _limit(len(left))
        return Region(tuple(left))


NOWHERE = Region()
EVERYWHERE = Region((Box({}),))


def where(expression: Expression, values: Values) -> Region:
    """Return where an expression has one of some values."""
    return NOWHERE if values.is_none else Region((Box({expression: values}),))


def names_in(regions: Iterable[Region]) -> Iterator[Expression]:
    """Yield every expression that a region speaks of, each once."""
    seen: set[Expression] = set()
    for region in regions:
        for box in region.boxes:
            for name in box.sides:
                if name not in seen:
                    seen.add(name)
                    yield name


def _outside(each: Box, box: Box, every: Mapping[Expression, Values]) -> Iterator[Box]:
    """Yield the parts of `each` outside `box`, one for each of its sides, apart from each other."""
    sides = dict(each.sides)
    for name, values in box.sides.items():
        here = sides.get(name, every[name])
        rest = here - values
        if not rest.is_none:
            yield Box({**sides, name: rest})
        sides[name] = here & values
        if sides[name].is_none:
            return


def _limit(boxes: int) -> None:
    if boxes > MAX_BOXES:
        raise TooManyBoxesError
