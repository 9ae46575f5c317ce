"""The rank of each shape: how many steps the longest way to it has, backward ways set aside."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from orderkit.diagram.graphs import Edge, Graph


@dataclass(frozen=True, slots=True)
class Ranks:
    """The rank of each shape by id, from 0, and the ids of the ways that lead backwards."""

    of: Mapping[str, int]
    back: AbstractSet[str]


def ranks_of(graph: Graph) -> Ranks:
    """Return the ranks; ways of the main path are never backward ones."""
    ways = _ways(graph)
    back, order = _walked(graph, ways)
    ranks: dict[str, int] = {}
    before: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for edge in graph.edges:
        if edge.id not in back:
            before[edge.target].append(edge.source)
    for node in order:
        ranks[node] = 1 + max((ranks[each] for each in before[node]), default=-1)
    return Ranks(ranks, back)


def _ways(graph: Graph) -> Mapping[str, list[Edge]]:
    """Return the ways out of each shape, that of the main path first."""
    follower = dict(zip(graph.main, graph.main[1:], strict=False))
    ways: dict[str, list[Edge]] = {node.id: [] for node in graph.nodes}
    for edge in graph.edges:
        ways[edge.source].append(edge)
    for node, edges in ways.items():
        edges.sort(key=lambda edge, node=node: edge.target != follower.get(node))  # type: ignore[misc]
    return ways


def _walked(graph: Graph, ways: Mapping[str, list[Edge]]) -> tuple[set[str], list[str]]:
    """Return the backward ways, and the shapes in an order in which every other way leads forward."""
    back: set[str] = set()
    left: list[str] = []
    begun: set[str] = set()
    open_: set[str] = set()
    starts = [*graph.main[:1], *(node.id for node in graph.nodes)]
    for start in starts:
        if start in begun:
            continue
        begun.add(start)
        open_.add(start)
        stack = [(start, iter(ways[start]))]
        while stack:
            node, rest = stack[-1]
            edge = next(rest, None)
            if edge is None:
                stack.pop()
                open_.discard(node)
                left.append(node)
            elif edge.target in open_:
                back.add(edge.id)
            elif edge.target not in begun:
                begun.add(edge.target)
                open_.add(edge.target)
                stack.append((edge.target, iter(ways[edge.target])))
    return back, left[::-1]
