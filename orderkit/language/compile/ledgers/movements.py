"""Postings as written: the one that a name means, what it moves by which amount, and where a `do` posts."""

from collections.abc import Iterator, Mapping

from orderkit.language.compile.ledgers.shaping import LedgerShape
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.source import MappingNode, Node, ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import ledger as words
from orderkit.language.spec.kinds import workflow as workflow_words
from orderkit.model.expressions.types import Number


def named_posting(lowering: Lowering, node: ScalarNode) -> tuple[LedgerShape, str] | None:
    """Return the ledger and the posting that `stock.reserve` names."""
    name, _, posting = node.text.partition(".")
    ledgers = lowering.compilation.ledgers
    shape = ledgers.get(name)
    if shape is None:
        report_unknown(lowering.reading, node.part(0, len(name)), "ledger", ledgers, name=name)
        return None
    lowering.reading.mentions.name("ledger", name, node, 0, len(name))
    if shape.is_broken:
        return None
    if posting in shape.postings:
        return shape, posting
    place = node.part(len(name) + 1, len(node.text)) if posting else node
    report_unknown(lowering.reading, place, "posting", shape.postings, name=posting or node.text)
    return None


def done_by(transitions: Mapping[str, object], name: str) -> Node | None:
    """Return the `do` of a transition as written, if it has one."""
    written = transitions.get(name)
    if isinstance(written, Written) and workflow_words.TRANSITION_DO in written:
        return written.value_of(workflow_words.TRANSITION_DO)
    return None


def moved_by(shape: LedgerShape, posting: str) -> list[tuple[str, str, Number]]:
    """Return the measures that a posting moves, by which amount, with their types, as far as they are right."""
    written = shape.declared.written
    pairs = (written[words.POSTINGS] if written is not None else None) or ()
    return [
        (key.text, node.text.strip().lstrip("+- "), shape.measures[key.text].type)
        for name, each in pairs
        if name.text == posting
        for key, node in each.extra.values()
        if key.text in shape.measures and isinstance(node, ScalarNode)
    ]


def postings_in(node: Node | None) -> Iterator[str]:
    """Yield what is posted anywhere in a `do`: `stock.reserve`."""
    for action in actions_in(node):
        target = action.get("post")
        if isinstance(target, ScalarNode):
            yield target.text


def actions_in(node: Node | None) -> Iterator[MappingNode]:
    """Yield every map at any depth: actions may hold actions."""
    if node is None or isinstance(node, ScalarNode):
        return
    if isinstance(node, MappingNode):
        yield node
        for _, value in node.entries:
            yield from actions_in(value)
        return
    for item in node.items:
        yield from actions_in(item)
