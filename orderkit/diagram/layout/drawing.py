"""A picture with places, in whole pixels from its upper left corner."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from orderkit.diagram.graphs import Edge, Node, Timer

Point = tuple[int, int]


class Direction(StrEnum):
    """Where the way of most records runs: to the right, or downwards for narrow screens."""

    ACROSS = "across"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.y + self.height

    def moved(self, x: int, y: int) -> "Box":
        """Return it so far away."""
        return Box(self.x + x, self.y + y, self.width, self.height)

    def overlaps(self, other: "Box") -> bool:
        """Return whether they have more than an edge in common."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLabel:
    """A text in lines, centred in its box."""

    lines: tuple[str, ...]
    box: Box
    whole: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnTimer:
    """A clock on the edge of a shape."""

    timer: Timer
    box: Box
    label: DrawnLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnNode:
    """A shape, what is written in or below it, and the picture within it."""

    node: Node
    box: Box
    label: DrawnLabel
    note: DrawnLabel | None = None
    timers: tuple[DrawnTimer, ...] = ()
    inner: "Drawn | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEdge:
    """A way along its corners, from the edge of one shape to the edge of another."""

    edge: Edge
    points: tuple[Point, ...]
    label: DrawnLabel | None
    is_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture of this size. What is within a shape has its places in the same picture."""

    width: int
    height: int
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]

    def all_nodes(self) -> Iterator[DrawnNode]:
        """Yield every shape, each before those within it."""
        for node in self.nodes:
            yield node
            if node.inner is not None:
                yield from node.inner.all_nodes()

    def all_edges(self) -> Iterator[DrawnEdge]:
        """Yield every way, on whatever level."""
        yield from self.edges
        for node in self.nodes:
            if node.inner is not None:
                yield from node.inner.all_edges()

    def moved(self, x: int, y: int) -> "Drawn":
        """Return it so far away from where it is."""
        return replace(
            self,
            nodes=tuple(_moved_node(node, x, y) for node in self.nodes),
            edges=tuple(
                replace(
                    edge,
                    points=tuple((at_x + x, at_y + y) for at_x, at_y in edge.points),
                    label=_moved_label(edge.label, x, y),
                )
                for edge in self.edges
            ),
        )


def _moved_node(node: DrawnNode, x: int, y: int) -> DrawnNode:
    label = _moved_label(node.label, x, y)
    assert label is not None
    return replace(
        node,
        box=node.box.moved(x, y),
        label=label,
        note=_moved_label(node.note, x, y),
        timers=tuple(
            replace(
                timer, box=timer.box.moved(x, y), label=replace(timer.label, box=timer.label.box.moved(x, y))
            )
            for timer in node.timers
        ),
        inner=None if node.inner is None else node.inner.moved(x, y),
    )


def _moved_label(label: DrawnLabel | None, x: int, y: int) -> DrawnLabel | None:
    return None if label is None else replace(label, box=label.box.moved(x, y))
