"""The elements of a process: events, tasks, gateways, sub-processes, and the flows between them.

Every element names its incoming and outgoing flows, without which other tools draw none, and children
stand in the order that the schema of BPMN demands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from orderkit.diagram.approvals import BranchOf
from orderkit.diagram.bpmn.elements import Element, expression
from orderkit.diagram.bpmn.moments import timer_event
from orderkit.diagram.bpmn.people import deciding, holder_of
from orderkit.diagram.bpmn.written import AsWritten, Plain, as_json, branch_of, without_branches
from orderkit.diagram.graphs import Edge, Graph, Kind, Node, Timer
from orderkit.diagram.process import COMPENSATION, Way
from orderkit.model.expressions.printing import as_written
from orderkit.model.labels import text_of
from orderkit.model.workflow.workflows import (
    Choose,
    Ending,
    Loop,
    Outcome,
    Parallel,
    State,
    Step,
    Transition,
)
from orderkit.model.workflow.workflows import Timer as StateTimer

_TAGS = {
    Kind.START: "bpmn:startEvent",
    Kind.END: "bpmn:endEvent",
    Kind.STATE: "bpmn:userTask",
    Kind.STEP: "bpmn:userTask",
    Kind.SCRIPT: "bpmn:scriptTask",
    Kind.SERVICE: "bpmn:serviceTask",
    Kind.BLOCK: "bpmn:subProcess",
    Kind.CHOICE: "bpmn:exclusiveGateway",
    Kind.FORK: "bpmn:parallelGateway",
    Kind.SOME: "bpmn:inclusiveGateway",
    Kind.JOIN_EARLY: "bpmn:complexGateway",
}


@dataclass
class Flow:
    """Writes graphs as elements; `told` are the transitions and approvals that were written down already.

    A transition with several sources and an approval of several states stand in the file once; where
    they come again, only their ids do.
    """

    written: AsWritten
    locale: str
    told: set[str] = field(default_factory=set)
    approval: str = ""
    blocks: list[Plain] = field(default_factory=list)
    block_of: dict[str, Plain] = field(default_factory=dict)

    def about_process(self) -> tuple[Element, ...]:
        """Return the extension of the process itself."""
        return _extension(Element("orderkit:workflow", {}, text=as_json(self.written.process())))

    def elements(self, graph: Graph) -> Iterator[Element]:
        """Yield the elements of one level."""
        incoming: dict[str, list[str]] = {}
        outgoing: dict[str, list[str]] = {}
        for edge in (each for each in graph.edges if not each.takes_back):
            outgoing.setdefault(edge.timer or edge.source, []).append(edge.id)
            incoming.setdefault(edge.target, []).append(edge.id)
        defaults = {edge.source: edge.id for edge in graph.edges if edge.is_default}
        for node in graph.nodes:
            yield self._node(
                node, incoming.get(node.id, ()), outgoing.get(node.id, ()), defaults.get(node.id, "")
            )
            for timer in node.timers:
                yield self._boundary(node, timer, outgoing.get(timer.id, ()))
        # The schema has associations behind everything else.
        for edge in sorted(graph.edges, key=lambda each: each.takes_back):
            yield _association(edge) if edge.takes_back else self._edge(edge)

    def _node(self, node: Node, incoming: Sequence[str], outgoing: Sequence[str], default: str) -> Element:
        kept = self._kept(node)
        attributes: dict[str, object] = {
            "id": node.id,
            "name": self._text(node),
            "default": default,
        }
        if node.mark == COMPENSATION:
            attributes["isForCompensation"] = True
        if node.kind in {Kind.CHOICE, Kind.FORK, Kind.SOME, Kind.JOIN_EARLY}:
            attributes["gatewayDirection"] = "Diverging" if len(outgoing) > 1 else "Converging"
        return Element(
            _TAGS[node.kind],
            attributes,
            (*kept, *_ways(incoming, outgoing), *self._inside(node)),
        )

    def _inside(self, node: Node) -> Iterator[Element]:
        """Yield what stands in an element behind its flows."""
        match node.subject:
            case State(final=Outcome.CANCELLED):
                yield Element("bpmn:terminateEventDefinition", {"id": f"{node.id}.ends"})
            case State(holder=holder) if holder is not None and node.kind is Kind.STATE:
                yield holder_of(holder)
            case Step() as step:
                yield holder_of(step.approvers)
                yield deciding(step)
            case _:
                pass
        if node.inner is not None:
            if isinstance(node.subject, Loop):
                yield _for_each(node.subject)
            outer = self.approval
            if isinstance(node.subject, State):
                self.approval = node.subject.approval or ""
                self.blocks = list(self.written.blocks(self.approval))
            yield from self.elements(node.inner)
            self.approval = outer

    def _boundary(self, node: Node, timer: Timer, outgoing: Sequence[str]) -> Element:
        kept: tuple[Element, ...] = ()
        if isinstance(timer.subject, StateTimer):
            details = self.written.timer(timer.subject.id)
            kept = _extension(Element("orderkit:timer", {"id": timer.subject.id}, text=as_json(details)))
        event = (
            Element("bpmn:compensateEventDefinition", {"id": f"{timer.id}.what"})
            if timer.takes_back
            else timer_event(timer.subject, timer.clock, timer.id)
        )
        return Element(
            "bpmn:boundaryEvent",
            {
                "id": timer.id,
                "name": text_of(timer.label, self.locale),
                "attachedToRef": node.id,
                "cancelActivity": timer.interrupts,
            },
            (*kept, *_ways((), outgoing), event),
        )

    def _edge(self, edge: Edge) -> Element:
        condition = (expression("bpmn:conditionExpression", edge.condition),) if edge.condition else ()
        return Element(
            "bpmn:sequenceFlow",
            {
                "id": edge.id,
                "name": text_of(edge.label, self.locale),
                "sourceRef": edge.timer or edge.source,
                "targetRef": edge.target,
            },
            (*self._kept_of_way(edge), *condition),
        )

    def _kept(self, node: Node) -> tuple[Element, ...]:
        """Return the extension of a node: what the project wrote about what it stands for."""
        match node.subject:
            case State() as state if node.kind is not Kind.CHOICE:
                kept = [
                    Element("orderkit:state", {"id": state.id}, text=as_json(self.written.state(state.id)))
                ]
                if state.approval is not None:
                    kept.append(self._once("approval", state.approval, self.written.approval(state.approval)))
                return _extension(*kept)
            case Step() as step:
                details = self.written.step(self.approval, step.id)
                return _extension(Element("orderkit:step", {"id": step.id}, text=as_json(details)))
            case Choose() | Parallel() if node.id.endswith(".split"):
                block = self.block_of[node.id] = self._next_block()
                return _extension(Element("orderkit:block", {}, text=as_json(without_branches(block))))
            case Loop():
                block = self._next_block()
                return _extension(Element("orderkit:block", {}, text=as_json(without_branches(block))))
            case _:
                return ()

    def _next_block(self) -> Plain:
        return self.blocks.pop(0) if self.blocks else {}

    def _kept_of_way(self, edge: Edge) -> tuple[Element, ...]:
        if isinstance(edge.subject, BranchOf):
            said = branch_of(self.block_of.get(edge.source, {}), edge.subject.index)
            return _extension(Element("orderkit:branch", {"index": edge.subject.index}, text=as_json(said)))
        if not isinstance(edge.subject, Way):
            return ()
        match edge.subject.subject:
            case Transition() as transition:
                details = self.written.transition(transition.id)
                return _extension(self._once("transition", transition.id, details))
            case Ending():
                name = edge.subject.id.partition(".")[2]
                return _extension(Element("orderkit:ending", {"id": name}))

    def _once(self, tag: str, name: str, details: Mapping[str, object]) -> Element:
        if f"{tag} {name}" in self.told:
            return Element(f"orderkit:{tag}", {"id": name})
        self.told.add(f"{tag} {name}")
        return Element(f"orderkit:{tag}", {"id": name}, text=as_json(details))

    def _text(self, node: Node) -> str:
        return text_of(node.label, self.locale)


def _association(edge: Edge) -> Element:
    """Return that a task takes back what another one did."""
    return Element(
        "bpmn:association",
        {
            "id": edge.id,
            "associationDirection": "One",
            "sourceRef": edge.timer,
            "targetRef": edge.target,
        },
    )


def _extension(*kept: Element) -> tuple[Element, ...]:
    return (Element("bpmn:extensionElements", {}, kept),)


def _ways(incoming: Sequence[str], outgoing: Sequence[str]) -> Iterator[Element]:
    for name in incoming:
        yield Element("bpmn:incoming", {}, text=name)
    for name in outgoing:
        yield Element("bpmn:outgoing", {}, text=name)


def _for_each(loop: Loop) -> Element:
    """Return how often the steps of a loop are gone through: once for each row, all beside each other."""
    where = "" if loop.where is None else f", where={as_written(loop.where)}"
    return Element(
        "bpmn:multiInstanceLoopCharacteristics",
        {"isSequential": False},
        (expression("bpmn:loopCardinality", f"count({as_written(loop.rows)}{where})"),),
    )
