"""A workflow as a graph: where each state may lead, and the places in the file of what is reported."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.language.spec import Reading, Written
from orderkit.language.spec.kinds import workflow as words
from orderkit.language.spec.parts import approval as approval_words
from orderkit.model.people import AnyOf, Who
from orderkit.model.workflow.ways import Ways, turned, ways_of
from orderkit.model.workflow.workflows import Outcome, Workflow


@dataclass(frozen=True)
class Graph:
    """A workflow with the words it was made of."""

    workflow: Workflow
    written: Written

    @cached_property
    def ways(self) -> Ways:
        """Where each state may lead, by transitions and by the endings of its approval."""
        return ways_of(self.workflow)

    @cached_property
    def backward(self) -> Ways:
        """From where each state is reached directly."""
        return turned(self.ways)

    @cached_property
    def finals(self) -> frozenset[str]:
        """The states where a record's life ends."""
        return frozenset(state.id for state in self.workflow.states if state.final is not None)

    @cached_property
    def completed(self) -> frozenset[str]:
        """The final states that mean success."""
        return frozenset(s.id for s in self.workflow.states if s.final is Outcome.COMPLETED)

    @cached_property
    def state_nodes(self) -> Mapping[str, ScalarNode]:
        """Where the states stand."""
        return {key.text: key for key, _ in self.written[words.STATES] or ()}

    @cached_property
    def transition_nodes(self) -> Mapping[str, tuple[ScalarNode, Written]]:
        """Where the transitions stand, with their words."""
        return {key.text: (key, each) for key, each in self.written[words.TRANSITIONS] or ()}

    @cached_property
    def approval_nodes(self) -> Mapping[str, tuple[ScalarNode, Written]]:
        """Where the approvals stand, with their words."""
        return {key.text: (key, each) for key, each in self.written[words.APPROVALS] or ()}

    def steps_of(self, approval: str) -> Mapping[str, Written]:
        """Return the steps of an approval by id, those in branches among them."""
        _, written = self.approval_nodes[approval]
        return {
            node.text: step
            for step in _all_steps(written[approval_words.STEPS] or ())
            if (node := step[approval_words.STEP_ID]) is not None
        }


def graph_of(linting: Linting, workflow: Workflow) -> Graph | None:
    """Return the graph of a workflow, or None where its file has errors, so that nothing certain can be said."""
    written = linting.certain("workflow", workflow.id)
    return None if written is None else Graph(workflow, written)


def alternatives(who: Who | None) -> tuple[Who | None, ...]:
    """Return the people of whom any will do; None is the system."""
    if isinstance(who, AnyOf):
        return tuple(each for part in who.people for each in alternatives(part))
    return (who,)


def place_of(node: Node, text: str) -> ScalarNode | None:
    """Return the scalar at or below a node that is a text, or else holds it, such as `role(sales)`."""
    found = [each for each in scalars(node) if text in each.text.replace(" ", "")]
    return next((each for each in found if each.text == text), found[0] if found else None)


def scalars(node: Node) -> Iterator[ScalarNode]:
    """Yield the scalars at or below a node; of maps, the values."""
    match node:
        case ScalarNode():
            yield node
        case SequenceNode(items=items):
            for item in items:
                yield from scalars(item)
        case MappingNode(entries=entries):
            for _, value in entries:
                yield from scalars(value)


def _all_steps(steps: Iterable[Written]) -> Iterator[Written]:
    for step in steps:
        yield step
        yield from _all_steps(step[approval_words.STEP_STEPS] or ())
        blocks = [step[approval_words.STEP_PARALLEL], step[approval_words.STEP_INCLUSIVE]]
        beside = [block[approval_words.PARALLEL_BRANCHES] or () for block in blocks if block is not None]
        for node in chain(step[approval_words.STEP_CHOOSE] or (), *beside):
            inner = node.get("steps") if isinstance(node, MappingNode) else None
            if isinstance(inner, SequenceNode):
                yield from _all_steps(_silently(each) for each in inner.items)


def _silently(node: Node) -> Written:
    """Read a step of a branch once more; what is wrong with it was reported the first time."""
    return approval_words.STEP.read(node, Reading())
