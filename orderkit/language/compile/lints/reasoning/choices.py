"""Choices: conditions that part the options of a choice, or yes and no, among them.

Unlike amounts, options have no neighbours. So a value counts as left out only where all conditions
speak of the same fields, and where they leave out fewer values than they name.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import product
from math import prod

from orderkit.language.compile.lints.reasoning.alternatives import Alternatives, Point, holding
from orderkit.language.compile.lints.reasoning.conditions import every_value
from orderkit.language.compile.lints.reasoning.regions import Region
from orderkit.language.compile.lints.reasoning.values import Values
from orderkit.model.expressions.nodes import Expression, Get
from orderkit.model.expressions.types import Boolean, Choice

MAX_POINTS = 64


class Choices(Alternatives):
    """Conditions that part the options of a choice, or yes and no."""

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Every combination of the values that the conditions part; none where they part nothing."""
        sides = {name: _ticks(every_value([name])[name]) for name in self._parted()}
        if not sides or prod(len(ticks) for ticks in sides.values()) > MAX_POINTS:
            return ()
        return tuple(dict(zip(sides, ticks, strict=True)) for ticks in product(*sides.values()))

    def left_out(self, *, counts: Callable[[Point], bool]) -> tuple[Point, ...]:
        """Return the values, of those that count, for which no condition can hold; none if they are the most."""
        points = [point for point in self.points if counts(point)]
        found = tuple(point for point in points if not holding(self.widest, point))
        return found if 2 * len(found) < len(points) else ()

    def shared(self) -> Iterator[tuple[Point, int, int]]:
        """Yield values for which two conditions certainly hold, each two once."""
        for second in range(len(self.conditions)):
            for first in range(second):
                pair = (self.narrowest[first], self.narrowest[second])
                point = next((p for p in self.points if all(_is_certain(each, p) for each in pair)), None)
                if point is not None:
                    yield point, first, second

    def _parted(self) -> list[Expression]:
        """Return the fields that every condition speaks of, but not all of them alike."""
        boxes = [box for region in self.widest for box in region.boxes]
        if not boxes or not all(region.boxes for region in self.widest):
            return []
        names = [n for n in boxes[0].sides if isinstance(n, Get) and isinstance(n.type, Choice | Boolean)]
        return [
            name
            for name in names
            if all(name in box.sides for box in boxes) and len({box.sides[name].ranges for box in boxes}) > 1
        ]


def _ticks(values: Values) -> tuple[int, ...]:
    return tuple(tick for low, high in values.ranges for tick in range(int(low), int(high) + 1))


def _is_certain(region: Region, point: Point) -> bool:
    return any(all(n in point and point[n] in v for n, v in box.sides.items()) for box in region.boxes)
