"""Diagram interchange: the place of every shape, the corners of every way, and where labels stand."""

from collections.abc import Iterator

from orderkit.diagram.bpmn.elements import Element
from orderkit.diagram.graphs import EVENTS, GATEWAYS, Kind
from orderkit.diagram.layout.drawing import Box, Drawn, DrawnEdge, DrawnNode

_MORE = 8


def diagram(process: str, drawn: Drawn) -> Element:
    """Return the one diagram of a process."""
    plane = Element(
        "bpmndi:BPMNPlane",
        {"id": f"{process}.plane", "bpmnElement": process},
        (
            *(shape for node in drawn.all_nodes() for shape in _shapes(node)),
            *(_edge(edge) for edge in drawn.all_edges()),
        ),
    )
    return Element("bpmndi:BPMNDiagram", {"id": f"{process}.diagram"}, (plane,))


def _shapes(node: DrawnNode) -> Iterator[Element]:
    kind = node.node.kind
    has_caption = (kind in EVENTS or kind in GATEWAYS) and node.label.lines
    yield Element(
        "bpmndi:BPMNShape",
        {
            "id": f"{node.node.id}.shape",
            "bpmnElement": node.node.id,
            "isMarkerVisible": True if kind is Kind.CHOICE else "",
            "isExpanded": True if kind is Kind.BLOCK else "",
        },
        (_bounds(node.box), *([_label(node.label.box)] if has_caption else [])),
    )
    for timer in node.timers:
        yield Element(
            "bpmndi:BPMNShape",
            {"id": f"{timer.timer.id}.shape", "bpmnElement": timer.timer.id},
            (_bounds(timer.box), *([_label(timer.label.box)] if timer.label.lines else [])),
        )


def _edge(edge: DrawnEdge) -> Element:
    points = tuple(Element("di:waypoint", {"x": x, "y": y}) for x, y in edge.points)
    label = () if edge.label is None else (_label(edge.label.box),)
    return Element(
        "bpmndi:BPMNEdge",
        {"id": f"{edge.edge.id}.edge", "bpmnElement": edge.edge.id},
        (*points, *label),
    )


def _label(box: Box) -> Element:
    """Return the place of a label, a little wider than it is: other tools have other letters."""
    room = Box(box.x - _MORE, box.y, box.width + 2 * _MORE, box.height)
    return Element("bpmndi:BPMNLabel", {}, (_bounds(room),))


def _bounds(box: Box) -> Element:
    return Element("dc:Bounds", {"x": box.x, "y": box.y, "width": box.width, "height": box.height})
