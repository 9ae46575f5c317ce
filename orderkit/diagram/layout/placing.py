"""Coordinates: how wide columns, rows and channels are, and with them the place of everything.

All of this happens along the way of most records and across it; only at the end does it become x and y.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from orderkit.diagram.graphs import Graph
from orderkit.diagram.layout.drawing import (
    Box,
    Direction,
    Drawn,
    DrawnEdge,
    DrawnLabel,
    DrawnNode,
    Point,
)
from orderkit.diagram.layout.labelling import labelled
from orderkit.diagram.layout.measuring import (
    EVENT,
    LINE,
    Measured,
    Sizes,
    edge_label,
    inner_corner,
    measured,
    moved,
)
from orderkit.diagram.layout.ranks import ranks_of
from orderkit.diagram.layout.routing import Route, Routes, Side, routed
from orderkit.diagram.layout.rows import rows_of
from orderkit.model.labels import text_of

_MARGIN = 12
_TRACK = 14
_LABELLED_TRACK = LINE + 6
_ASIDE = 14


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far a shape reaches from its centre: along the way, and across it."""

    back: int
    ahead: int
    above: int
    below: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """Where the columns, rows and channels lie."""

    columns: Mapping[int, int]
    rows: Mapping[int, int]
    across: Mapping[int, int]
    along: Mapping[int, int]
    across_track: int
    along_track: int


def drawn(
    graph: Graph,
    locale: str,
    *,
    direction: Direction = Direction.ACROSS,
    sizes: Sizes = Sizes(),  # noqa: B008 - frozen
) -> Drawn:
    """Return the picture of a graph, its texts in the language of `locale`."""
    inner = {
        node.id: drawn(node.inner, locale, direction=direction, sizes=sizes)
        for node in graph.nodes
        if node.inner is not None
    }
    measures = {
        node.id: measured(
            node,
            locale,
            direction,
            sizes,
            (inner[node.id].width, inner[node.id].height) if node.id in inner else None,
        )
        for node in graph.nodes
    }
    ranks = ranks_of(graph)
    rows = rows_of(graph, ranks)
    routes = routed(graph, ranks, rows)
    labels = {edge.id: edge_label(text_of(edge.label, locale)) for edge in graph.edges}
    is_down = direction is Direction.DOWN
    reaches = {node: _reach(measure, is_down=is_down) for node, measure in measures.items()}
    grid = _grid(ranks.of, rows, reaches, routes, labels, is_down=is_down)
    centres = {node: (grid.columns[ranks.of[node]], grid.rows[rows[node]]) for node in measures}
    turn = _turned if is_down else _kept
    nodes = tuple(
        _node(measures[node.id], turn(centres[node.id]), inner.get(node.id)) for node in graph.nodes
    )
    by_id = {node.node.id: node for node in nodes}
    edges = tuple(
        DrawnEdge(
            edge=route.edge,
            points=_bare([turn(point) for point in _points(route, grid, centres, by_id, is_down=is_down)]),
            label=None,
            is_back=route.is_back,
        )
        for route in routes.routes
    )
    return _framed(nodes, labelled(nodes, edges, labels))


def _kept(point: Point) -> Point:
    return point


def _turned(point: Point) -> Point:
    return (point[1], point[0])


def _reach(measure: Measured, *, is_down: bool) -> _Reach:
    if is_down:
        return _Reach(measure.above, measure.below, measure.left, measure.right)
    return _Reach(measure.left, measure.right, measure.above, measure.below)


def _grid(
    ranks: Mapping[str, int],
    rows: Mapping[str, int],
    reaches: Mapping[str, _Reach],
    routes: Routes,
    labels: Mapping[str, DrawnLabel | None],
    *,
    is_down: bool,
) -> _Grid:
    has_labels = any(labels.values())
    along_track = _LABELLED_TRACK if has_labels and not is_down else _TRACK
    room = _room_for_labels(ranks, routes, labels, is_down=is_down)
    columns: dict[int, int] = {}
    across: dict[int, int] = {}
    place = 0
    count = 1 + max(ranks.values(), default=-1)
    for rank in range(count + 1):
        tracks = routes.across.get(rank, 0)
        across[rank] = place + _ASIDE
        if 0 < rank < count:
            place += 2 * _ASIDE + tracks * _TRACK + room.get(rank, 0)
        elif tracks:
            place += _ASIDE + tracks * _TRACK
        if rank < count:
            here = [reaches[node] for node, of in ranks.items() if of == rank]
            columns[rank] = place + max(reach.back for reach in here)
            place = columns[rank] + max(reach.ahead for reach in here)
    lines: dict[int, int] = {}
    along: dict[int, int] = {}
    place = 0
    count = 1 + max(rows.values(), default=-1)
    for row in range(count + 1):
        tracks = routes.along.get(row, 0)
        along[row] = place + along_track
        if tracks:
            place += tracks * along_track + _ASIDE
        elif 0 < row < count:
            place += _ASIDE
        if row < count:
            here = [reaches[node] for node, of in rows.items() if of == row]
            lines[row] = place + max(reach.above for reach in here)
            place = lines[row] + max(reach.below for reach in here)
    return _Grid(
        columns=columns, rows=lines, across=across, along=along, across_track=_TRACK, along_track=along_track
    )


def _room_for_labels(
    ranks: Mapping[str, int], routes: Routes, labels: Mapping[str, DrawnLabel | None], *, is_down: bool
) -> Mapping[int, int]:
    """Return how much room the labels of ways in rows need in each channel between ranks."""
    room: dict[int, int] = {}
    for route in routes.routes:
        label = labels[route.edge.id]
        if route.along is None and label is not None:
            channel = ranks[route.edge.source] + 1
            needed = label.box.height + 4 if is_down else label.box.width + 6
            room[channel] = max(room.get(channel, 0), needed)
    return room


def _points(
    route: Route,
    grid: _Grid,
    centres: Mapping[str, Point],
    nodes: Mapping[str, DrawnNode],
    *,
    is_down: bool,
) -> Iterable[Point]:
    """Return the corners of a way, along and across."""
    edge = route.edge
    source, target = centres[edge.source], centres[edge.target]
    half_source, half_target = (
        _half(nodes[edge.source], is_down=is_down),
        _half(nodes[edge.target], is_down=is_down),
    )
    out = None if route.out is None else grid.across[route.out[0]] + route.out[1] * grid.across_track
    into = None if route.into is None else grid.across[route.into[0]] + route.into[1] * grid.across_track
    line = None if route.along is None else grid.along[route.along[0]] + route.along[1] * grid.along_track
    if route.leaves is Side.LINE:
        yield (source[0] + half_source[0], source[1])
        if out is not None:
            yield (out, source[1])
    else:
        start = _below(route, nodes[edge.source], source, half_source)
        yield start
        assert line is not None
        yield (start[0], line)
    if line is not None:
        if route.leaves is Side.LINE and out is not None:
            yield (out, line)
        if route.enters is Side.BELOW:
            aside = -_offset(half_target)
            yield (target[0] + aside, line)
            yield (target[0] + aside, target[1] + half_target[1])
            return
        assert into is not None
        yield (into, line)
        yield (into, target[1])
    elif out is not None:
        yield (out, target[1])
    yield (target[0] - half_target[0], target[1])


def _below(route: Route, node: DrawnNode, centre: Point, half: Point) -> Point:
    """Return where a way leaves a shape downwards: from its clock, or beside the middle of its lower edge."""
    if route.leaves is Side.TIMER:
        for timer in node.timers:
            if timer.timer.id == route.edge.timer:
                return (timer.box.x + EVENT // 2, timer.box.bottom)
    return (centre[0] + _offset(half), centre[1] + half[1])


def _half(node: DrawnNode, *, is_down: bool) -> Point:
    half = (node.box.width // 2, node.box.height // 2)
    return _turned(half) if is_down else half


def _offset(half: Point) -> int:
    """Return how far beside the middle a way meets an edge; the tip of a gateway is the middle."""
    return 12 if half[0] > EVENT else 0


def _bare(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return the corners without those at which nothing turns."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (
            kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]
        ):
            kept[-1] = point
            continue
        kept.append(point)
    return tuple(kept)


def _node(measure: Measured, centre: Point, inner: Drawn | None) -> DrawnNode:
    x, y = centre
    box = Box(x - measure.width // 2, y - measure.height // 2, measure.width, measure.height)
    if inner is not None:
        corner = inner_corner(measure, (inner.width, inner.height))
        inner = inner.moved(x + corner[0], y + corner[1])
    return DrawnNode(
        node=measure.node,
        box=box,
        label=moved(measure.label, x, y),
        note=None if measure.note is None else moved(measure.note, x, y),
        timers=tuple(
            replace(timer, box=timer.box.moved(x, y), label=moved(timer.label, x, y))
            for timer in measure.timers
        ),
        inner=inner,
    )


def _framed(nodes: tuple[DrawnNode, ...], edges: tuple[DrawnEdge, ...]) -> Drawn:
    """Return the picture with a margin around everything in it."""
    boxes = [node.box for node in nodes] + [node.label.box for node in nodes]
    for node in nodes:
        boxes += [timer.box for timer in node.timers] + [timer.label.box for timer in node.timers]
    boxes += [edge.label.box for edge in edges if edge.label is not None]
    boxes += [Box(x, y, 0, 0) for edge in edges for x, y in edge.points]
    left = min((box.x for box in boxes), default=0)
    top = min((box.y for box in boxes), default=0)
    right = max((box.right for box in boxes), default=0)
    bottom = max((box.bottom for box in boxes), default=0)
    whole = Drawn(
        width=_even(right - left + 2 * _MARGIN),
        height=_even(bottom - top + 2 * _MARGIN),
        nodes=nodes,
        edges=edges,
    )
    return whole.moved(_MARGIN - left, _MARGIN - top)


def _even(number: int) -> int:
    return number + number % 2
