"""Elements of XML, written with two spaces a level; the same elements give the same bytes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from orderkit.diagram.xml import attribute, text

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMN_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ORDERKIT = "urn:orderkit:bpmn:1"
EXPRESSIONS = "urn:orderkit:expr"

PREFIXES = {"bpmn": BPMN, "bpmndi": BPMN_DI, "dc": DC, "di": DI, "xsi": XSI, "orderkit": ORDERKIT}


@dataclass(frozen=True, slots=True)
class Element:
    """An element. Attributes that are empty are left out; one with a text has no children."""

    tag: str
    attributes: Mapping[str, object] = field(default_factory=dict)
    children: tuple["Element", ...] = ()
    text: str = ""


def expression(tag: str, written: str) -> Element:
    """Return an expression of ours; other tools show it and do not evaluate it."""
    return Element(tag, {"xsi:type": "bpmn:tFormalExpression", "language": EXPRESSIONS}, text=written)


def document(root: Element) -> str:
    """Return the text of a file."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(f"{line}\n" for line in _lines(root, 0))


def _lines(element: Element, level: int) -> Iterator[str]:
    space = "  " * level
    start = f"{space}<{element.tag}" + "".join(
        f' {name}="{attribute(_value(value))}"' for name, value in element.attributes.items() if value != ""
    )
    if element.children:
        yield f"{start}>"
        for child in element.children:
            yield from _lines(child, level + 1)
        yield f"{space}</{element.tag}>"
    elif element.text:
        yield f"{start}>{text(element.text)}</{element.tag}>"
    else:
        yield f"{start}/>"


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
