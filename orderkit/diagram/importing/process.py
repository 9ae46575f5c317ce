"""The process of a file: its elements and flows, level by level, and a refusal for each that is not known."""

import json
from dataclasses import dataclass, field
from typing import cast

from orderkit.diagram.bpmn.elements import BPMN, ORDERKIT
from orderkit.diagram.importing.refusals import Finding, RefusedDiagram
from orderkit.diagram.importing.tree import Element, read_tree
from orderkit.model.labels import label

Plain = dict[str, object]

GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway"})
STEPS = frozenset({"userTask", "task"})
ACTIONS = frozenset({"scriptTask", "serviceTask"})
_KNOWN = GATEWAYS | STEPS | ACTIONS | {"startEvent", "endEvent", "subProcess", "boundaryEvent"}
# What says something about an element and does not change what happens.
_SILENT = frozenset(
    {
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "ioSpecification",
        "laneSet",
        "multiInstanceLoopCharacteristics",
        "potentialOwner",
        "textAnnotation",
        "association",
        "group",
        "property",
        "script",
    }
)
_ENDS = frozenset({"terminateEventDefinition"})


@dataclass(slots=True)
class Flow:
    """A way from one element to another; `when` is its condition as written."""

    id: str
    source: str
    target: str
    name: str
    when: str
    is_default: bool
    element: Element


@dataclass(slots=True)
class Level:
    """The elements of a process or of a sub-process, and the flows between them, by id."""

    holder: Element
    nodes: dict[str, Element] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    inner: dict[str, "Level"] = field(default_factory=dict)

    def out_of(self, node: str) -> list[Flow]:
        """Return the flows out of an element, in the order of the file."""
        return [flow for flow in self.flows if flow.source == node]

    def into(self, node: str) -> list[Flow]:
        """Return the flows into an element."""
        return [flow for flow in self.flows if flow.target == node]

    def clocks_on(self, node: str) -> list[Element]:
        """Return the clocks on the edge of an element."""
        return [each for each in self.nodes.values() if each.attributes.get("attachedToRef") == node]

    def of_kind(self, *names: str) -> list[Element]:
        """Return the elements of some kinds."""
        return [each for each in self.nodes.values() if each.name in names]


def read_process(data: bytes) -> Level:
    """Return the process of a file. Raises RefusedDiagram with everything in it that is not known."""
    root = read_tree(data)
    processes = list(root.all(BPMN, "process"))
    if len(processes) != 1:
        raise RefusedDiagram(
            [
                Finding(
                    element=each.id,
                    line=each.line,
                    message=label(zh="文件里要恰好有一个流程", en="a file holds exactly one process"),
                )
                for each in processes[1:] or [root]
            ]
        )
    findings: list[Finding] = []
    level = _level(processes[0], findings)
    if findings:
        raise RefusedDiagram(findings)
    return level


def kept(element: Element, name: str) -> Plain | None:
    """Return what our extension says about an element under a name; None where it says nothing."""
    found = kept_element(element, name)
    if found is None or not found.text.strip():
        return None
    try:
        said = json.loads(found.text)
    except ValueError as error:
        raise RefusedDiagram(
            [
                Finding(
                    element=element.id,
                    line=found.line,
                    message=label(
                        zh=f"`orderkit:{name}` 里的内容读不出来",
                        en=f"what stands in `orderkit:{name}` cannot be read",
                    ),
                    help=label(zh="删掉它，或重新导出", en="remove it, or export again"),
                )
            ]
        ) from error
    return cast("Plain", said) if isinstance(said, dict) else None


def kept_element(element: Element, name: str) -> Element | None:
    """Return the element of our extension by name."""
    extension = element.first(BPMN, "extensionElements")
    return None if extension is None else extension.first(ORDERKIT, name)


def kept_name(element: Element, name: str) -> str:
    """Return the id that our extension gives, or nothing."""
    found = kept_element(element, name)
    return "" if found is None else found.id


def _level(holder: Element, findings: list[Finding]) -> Level:
    level = Level(holder)
    for child in holder.children:
        if child.space != BPMN or child.name in _SILENT:
            continue
        if child.name == "sequenceFlow":
            level.flows.append(_flow(child))
        elif child.name in _KNOWN:
            findings += _odd_parts(child)
            level.nodes[child.id] = child
            if child.name == "subProcess":
                level.inner[child.id] = _level(child, findings)
        elif not (holder.name == "subProcess" and child.name in _ENDS):
            findings.append(_unknown(child))
    defaults = {node.attributes.get("default") for node in level.nodes.values()}
    for flow in level.flows:
        flow.is_default = flow.id in defaults
        for end in (flow.source, flow.target):
            if end not in level.nodes:
                findings.append(
                    Finding(
                        element=flow.id,
                        line=flow.element.line,
                        message=label(
                            zh=f"连线指向不存在的元素 `{end}`",
                            en=f"the flow names an element that is not there: `{end}`",
                        ),
                    )
                )
    return level


def _flow(element: Element) -> Flow:
    condition = element.first(BPMN, "conditionExpression")
    return Flow(
        id=element.id,
        source=element.attributes.get("sourceRef", ""),
        target=element.attributes.get("targetRef", ""),
        name=element.attributes.get("name", ""),
        when="" if condition is None else condition.whole_text().strip(),
        is_default=False,
        element=element,
    )


def _odd_parts(element: Element) -> list[Finding]:
    """Return what stands in an element that we do not know: other events, other loops."""
    if element.name == "subProcess":
        is_odd = element.attributes.get("triggeredByEvent") == "true"
        return [_unknown(element, "事件子流程", "an event sub-process")] if is_odd else []
    return [
        _unknown(child)
        for child in element.children
        if child.space == BPMN and child.name not in _SILENT and not _may_hold(element, child)
    ]


def _may_hold(element: Element, child: Element) -> bool:
    if child.name in {"timerEventDefinition", "compensateEventDefinition"}:
        return element.name == "boundaryEvent"
    return child.name in _ENDS and element.name == "endEvent"


def _unknown(element: Element, zh: str = "", en: str = "") -> Finding:
    return Finding(
        element=element.id,
        line=element.line,
        message=label(
            zh=f"流程没有与 `{zh or element.name}` 对应的写法",
            en=f"a workflow has no word for {en or f'`{element.name}`'}",
        ),
        help=label(
            zh="可用的元素见 docs/howto/draw-workflows.md",
            en="docs/howto/draw-workflows.md lists the elements that can be read",
        ),
    )
