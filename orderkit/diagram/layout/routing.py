"""Which channels each way takes, and on which track of a channel it runs.

Between the columns of the grid run channels across, between its rows channels along. A way leaves its
shape into the channel behind it and enters from the channel before the other shape, so that it never
meets a third one. Ways that end in the same shape share a track.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from orderkit.diagram.graphs import EVENTS, Edge, Graph
from orderkit.diagram.layout.ranks import Ranks


class Side(StrEnum):
    """Where a way leaves or enters a shape: at its end, at its beginning, or below."""

    LINE = "line"
    BELOW = "below"
    TIMER = "timer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The channels of one way. `across` are (channel, track) of one or two channels between ranks.

    `along` is the channel between rows that it runs in; without one it runs in the rows of its shapes.
    """

    edge: Edge
    leaves: Side
    enters: Side
    out: tuple[int, int] | None = None
    along: tuple[int, int] | None = None
    into: tuple[int, int] | None = None
    is_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """All ways, and how many tracks each channel needs."""

    routes: tuple[Route, ...]
    across: Mapping[int, int]
    along: Mapping[int, int]


class _Tracks:
    """The tracks of one kind of channel: two ways share one where they do not meet, or end alike."""

    def __init__(self) -> None:
        self.taken: dict[int, list[list[tuple[int, int, str]]]] = {}

    def take(self, channel: int, start: int, end: int, key: str) -> int:
        low, high = min(start, end), max(start, end)
        tracks = self.taken.setdefault(channel, [])
        for number, track in enumerate(tracks):
            if all(other == key or high < first or last < low for first, last, other in track):
                track.append((low, high, key))
                return number
        tracks.append([(low, high, key)])
        return len(tracks) - 1

    @property
    def counts(self) -> Mapping[int, int]:
        return {channel: len(tracks) for channel, tracks in self.taken.items()}


def routed(graph: Graph, ranks: Ranks, rows: Mapping[str, int]) -> Routes:
    """Return the channels and tracks of every way."""
    return _Router(graph, ranks, rows).routes()


class _Router:
    """Finds the ways one after the other; shorter ones first, so that they get the nearer tracks."""

    def __init__(self, graph: Graph, ranks: Ranks, rows: Mapping[str, int]) -> None:
        self.graph = graph
        self.ranks = ranks
        self.rows = rows
        self.filled = {(ranks.of[node.id], rows[node.id]) for node in graph.nodes}
        self.across = _Tracks()
        self.along = _Tracks()
        self.straight: set[tuple[str, str]] = set()

    def routes(self) -> Routes:
        found: dict[str, Route] = {}
        for edge in sorted(self.graph.edges, key=self._length):
            found[edge.id] = self._route(edge)
        return Routes(
            routes=tuple(found[edge.id] for edge in self.graph.edges),
            across=self.across.counts,
            along=self.along.counts,
        )

    def _length(self, edge: Edge) -> int:
        return abs(self.ranks.of[edge.target] - self.ranks.of[edge.source])

    def _route(self, edge: Edge) -> Route:
        source, target = self.ranks.of[edge.source], self.ranks.of[edge.target]
        if edge.timer:
            return self._from_timer(edge, source, target)
        if edge.id in self.ranks.back or source >= target:
            return self._backward(edge, source, target)
        row, target_row = self.rows[edge.source], self.rows[edge.target]
        pair = (edge.source, edge.target)
        if pair not in self.straight and self._is_free(target_row, source + 1, target - 1):
            if row == target_row:
                self.straight.add(pair)
                return Route(edge=edge, leaves=Side.LINE, enters=Side.LINE)
            self.straight.add(pair)
            track = self.across.take(source + 1, _row(row), _row(target_row), f"out {edge.source}")
            return Route(edge=edge, leaves=Side.LINE, enters=Side.LINE, out=(source + 1, track))
        channel = target_row if target_row > row else target_row + 1
        return self._through(edge, channel)

    def _backward(self, edge: Edge, source: int, target: int) -> Route:
        spanned = range(min(source, target), max(source, target) + 1)
        channel = 1 + max(row for rank, row in self.filled if rank in spanned)
        return self._through(edge, channel, is_back=True)

    def _from_timer(self, edge: Edge, source: int, target: int) -> Route:
        row, target_row = self.rows[edge.source], self.rows[edge.target]
        along = self.along.take(row + 1, _line(source), _gap(target), f"{edge.timer} {edge.id}")
        into = self.across.take(target, _gap(row + 1), _row(target_row), f"into {edge.target}")
        return Route(
            edge=edge,
            leaves=Side.TIMER,
            enters=Side.LINE,
            along=(row + 1, along),
            into=(target, into),
            is_back=source >= target,
        )

    def _through(self, edge: Edge, channel: int, *, is_back: bool = False) -> Route:
        """Return the way through a channel between rows."""
        source, target = self.ranks.of[edge.source], self.ranks.of[edge.target]
        row, target_row = self.rows[edge.source], self.rows[edge.target]
        leaves = Side.BELOW if is_back and self._may_be_below(edge.source, channel) else Side.LINE
        enters = Side.BELOW if is_back and self._may_be_below(edge.target, channel) else Side.LINE
        out = into = None
        start, end = _line(source), _line(target)
        if leaves is Side.LINE:
            start = _gap(source + 1)
            track = self.across.take(source + 1, _row(row), _gap(channel), f"out {edge.source}")
            out = (source + 1, track)
        if enters is Side.LINE:
            end = _gap(target)
            track = self.across.take(target, _gap(channel), _row(target_row), f"into {edge.target}")
            into = (target, track)
        # A way that has a label of its own keeps its line to itself, or the label would name both.
        key = edge.id if edge.label else f"into {edge.target}"
        along = self.along.take(channel, start, end, key)
        return Route(
            edge=edge,
            leaves=leaves,
            enters=enters,
            out=out,
            along=(channel, along),
            into=into,
            is_back=is_back,
        )

    def _is_free(self, row: int, first: int, last: int) -> bool:
        return all((rank, row) not in self.filled for rank in range(first, last + 1))

    def _may_be_below(self, node_id: str, channel: int) -> bool:
        """Return whether nothing stands between a shape and a channel below it."""
        node = self.graph.node_by_id[node_id]
        rank, row = self.ranks.of[node_id], self.rows[node_id]
        is_bare = not node.timers and (node.kind not in EVENTS or not node.label)
        return is_bare and all((rank, below) not in self.filled for below in range(row + 1, channel))


def _row(row: int) -> int:
    """Return where a row lies among rows and the channels between them."""
    return 2 * row + 1


def _gap(channel: int) -> int:
    return 2 * channel


_line = _row
