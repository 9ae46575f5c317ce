"""A graph as a state diagram of Mermaid, which many places that show Markdown draw."""

import re
from collections.abc import Iterator

from orderkit.diagram.graphs import EVENTS, Edge, Graph, Kind, Node
from orderkit.model.labels import text_of

_SIGNS = {
    Kind.CHOICE: "choice",
    Kind.FORK: "fork",
    Kind.SOME: "fork",
    Kind.JOIN_EARLY: "join",
}
_MARKUP = re.compile(r"<(?=[A-Za-z/!])")
_STYLES = (
    "classDef done stroke:#067647,stroke-width:3px",
    "classDef givenUp stroke:#b42318,stroke-width:3px",
)


def mermaid(graph: Graph, locale: str) -> str:
    """Return the text of the diagram, in the language of `locale`."""
    lines = ["stateDiagram-v2", "    direction LR", *(f"    {line}" for line in _level(graph, locale))]
    marked = [*_marked(graph, "done", "done"), *_marked(graph, "given-up", "givenUp")]
    if marked:
        lines += [f"    {line}" for line in (*_STYLES, *marked)]
    return "\n".join(lines) + "\n"


def _level(graph: Graph, locale: str) -> Iterator[str]:
    for node in graph.nodes:
        yield from _node(node, locale)
    for edge in graph.edges:
        yield _edge(graph, edge, locale)
    for node in graph.nodes:
        if node.mark in {"done", "given-up"}:
            yield f"{_name(node)} --> [*]"


def _node(node: Node, locale: str) -> Iterator[str]:
    if node.kind in EVENTS:
        return
    name = _name(node)
    if node.kind in _SIGNS:
        yield f"state {name} <<{_SIGNS[node.kind]}>>"
        return
    words = text_of(node.label, locale)
    note = text_of(node.note, locale)
    text = _escaped(f"{words} ({note})" if note else words)
    yield f'state "{text}" as {name}'
    if node.inner is not None:
        yield f"state {name} {{"
        yield "    direction LR"
        for line in _level(node.inner, locale):
            yield f"    {line}"
        yield "}"


def _edge(graph: Graph, edge: Edge, locale: str) -> str:
    ends = [
        "[*]" if node.kind in EVENTS else _name(node)
        for node in (graph.node_by_id[edge.source], graph.node_by_id[edge.target])
    ]
    text = _escaped(text_of(edge.label, locale))
    return f"{ends[0]} --> {ends[1]}" + (f": {text}" if text else "")


def _marked(graph: Graph, mark: str, style: str) -> list[str]:
    names = [_name(node) for node in graph.nodes if node.mark == mark]
    return [f"class {','.join(names)} {style}"] if names else []


def _name(node: Node) -> str:
    """Return the id of a node, which is no word of Mermaid's own."""
    return "s_" + node.id.replace(".", "__")


def _escaped(text: str) -> str:
    """Return a text in one line, in which nothing ends it, is read as markup, or begins a comment."""
    line = " ".join(text.split()).replace('"', "”").replace("%%", "% %")
    return _MARKUP.sub("‹", line)
