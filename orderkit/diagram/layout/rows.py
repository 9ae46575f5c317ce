"""The row of each shape: the main path in the first, the others below it, near their neighbours."""

from collections.abc import Iterable, Mapping

from orderkit.diagram.graphs import Graph
from orderkit.diagram.layout.ranks import Ranks

_SWEEPS = 2


def rows_of(graph: Graph, ranks: Ranks) -> Mapping[str, int]:
    """Return the row of each shape by id, from 0; no two shapes of a rank share one.

    A sweep forwards and one backwards order each rank by the mean row of the neighbours.
    """
    main = frozenset(graph.main)
    levels: dict[int, list[str]] = {}
    for node in graph.nodes:
        levels.setdefault(ranks.of[node.id], []).append(node.id)
    rows: dict[str, int] = {}
    for level in levels.values():
        _place(rows, level, main, {})
    before, behind = _neighbours(graph, ranks)
    for sweep in range(_SWEEPS):
        neighbours = behind if sweep % 2 else before
        for rank in sorted(levels, reverse=bool(sweep % 2)):
            means = {
                node: sum(rows[each] for each in neighbours[node]) / len(neighbours[node])
                for node in levels[rank]
                if neighbours[node]
            }
            _place(rows, levels[rank], main, means)
    return _without_gaps(rows)


def _place(
    rows: dict[str, int], level: Iterable[str], main: frozenset[str], means: Mapping[str, float]
) -> None:
    """Give the shapes of one rank their rows, in the order of the means."""
    next_row = 0
    waiting = []
    for node in level:
        if node in main:
            rows[node] = 0
            next_row = 1
        else:
            waiting.append(node)
    wanted = {node: means.get(node, float(rows.get(node, 0))) for node in waiting}
    for node in sorted(waiting, key=lambda each: wanted[each]):
        rows[node] = max(next_row, round(wanted[node])) if means else next_row
        next_row = rows[node] + 1


def _neighbours(graph: Graph, ranks: Ranks) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    before: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    behind: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for edge in graph.edges:
        if edge.id not in ranks.back:
            before[edge.target].append(edge.source)
            behind[edge.source].append(edge.target)
    return before, behind


def _without_gaps(rows: Mapping[str, int]) -> Mapping[str, int]:
    number = {row: index for index, row in enumerate(sorted(set(rows.values())))}
    return {node: number[row] for node, row in rows.items()}
