"""Where the labels of ways stand: on their way, off every shape, and off each other as far as there is room."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from orderkit.diagram.layout.drawing import Box, DrawnEdge, DrawnLabel, DrawnNode, Point
from orderkit.diagram.layout.measuring import moved

_OFF = 3
_ON_SHAPE = 1000
_ON_LABEL = 100
_ON_LINE = 4
_LONGER_THAN_WAY = 6
_STEPS = 5


def labelled(
    nodes: Sequence[DrawnNode], edges: Sequence[DrawnEdge], labels: Mapping[str, DrawnLabel | None]
) -> tuple[DrawnEdge, ...]:
    """Return the ways with their labels at the places that disturb least."""
    shapes = [box for node in nodes for box in _boxes(node)]
    lines = [(edge.edge.id, _around(*piece)) for edge in edges for piece in pairwise(edge.points)]
    placed: list[Box] = []
    found = []
    for edge in edges:
        label = labels[edge.edge.id]
        if label is None:
            found.append(edge)
            continue
        others = [box for owner, box in lines if owner != edge.edge.id]
        best = min(
            _places(edge.points, label.box),
            key=lambda place: place[1] + _disturbs(place[0], shapes, placed, others),
        )[0]
        placed.append(best)
        found.append(replace(edge, label=moved(label, best.x, best.y)))
    return tuple(found)


def _boxes(node: DrawnNode) -> Iterator[Box]:
    yield node.box
    if node.label.lines:
        yield node.label.box
    for timer in node.timers:
        yield timer.box
        yield timer.label.box


def _places(points: Sequence[Point], label: Box) -> Iterator[tuple[Box, int]]:
    """Yield the places beside each piece of a way, and what speaks against each: the first ones are best."""
    for index, ((x, y), (next_x, next_y)) in enumerate(pairwise(points)):
        for step in range(_STEPS):
            if y == next_y:
                low, high = min(x, next_x) + _OFF, max(x, next_x) - _OFF - label.width
                short = max(0, low - high) * _LONGER_THAN_WAY
                at = low + (high - low) * ((step + 2) % _STEPS) // (_STEPS - 1)
                yield Box(at, y - label.height - 1, label.width, label.height), index + step + short
                yield Box(at, y + _OFF, label.width, label.height), index + step + short + 2
            else:
                low, high = min(y, next_y) + _OFF, max(y, next_y) - _OFF - label.height
                short = max(0, low - high) * _LONGER_THAN_WAY
                at = low + (high - low) * ((step + 2) % _STEPS) // (_STEPS - 1)
                yield Box(x + _OFF, at, label.width, label.height), index + step + short + 1
                yield Box(x - _OFF - label.width, at, label.width, label.height), index + step + short + 3


def _disturbs(place: Box, shapes: Sequence[Box], labels: Sequence[Box], lines: Sequence[Box]) -> int:
    return (
        _ON_SHAPE * sum(place.overlaps(each) for each in shapes)
        + _ON_LABEL * sum(place.overlaps(each) for each in labels)
        + _ON_LINE * sum(place.overlaps(each) for each in lines)
    )


def _around(start: Point, end: Point) -> Box:
    x, y = min(start[0], end[0]), min(start[1], end[1])
    return Box(x, y, abs(start[0] - end[0]) + 1, abs(start[1] - end[1]) + 1)
