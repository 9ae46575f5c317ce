"""Messages: named texts about a record, by language."""

from collections.abc import Mapping

from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.expressions.scope import Scope
from orderkit.language.source import MappingNode, Node
from orderkit.language.spec import integration as words
from orderkit.language.spec.readers import LABEL, scalar
from orderkit.model.expressions import Template
from orderkit.model.integrations import Message


def lower_messages(lowering: Lowering) -> tuple[Message, ...]:
    """Return every message, by id."""
    lowered = (_lower(lowering, each) for each in lowering.compilation.named.of("message").values())
    return tuple(message for message in lowered if message is not None)


def _lower(lowering: Lowering, declared: Declared) -> Message | None:
    written = declared.written
    form = None if written is None else lowering.compilation.form(written[words.FOR])
    if written is None or form is None or form.is_broken:
        return None
    scope = lowering.places.workflow(form.id)
    return Message(
        id=declared.id,
        label=written[words.LABEL_] or readable(declared.id),
        form=form.id,
        subject=_texts(lowering, written[words.SUBJECT], scope),
        text=_texts(lowering, written[words.TEXT_], scope),
        origin=declared.origin,
    )


def _texts(lowering: Lowering, node: Node | None, scope: Scope) -> Mapping[str, Template]:
    """Return a template for each language; a single text is in the project's main language."""
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        found = scalar(node, lowering.reading)
        template = lowering.checking.template(found, scope)
        return {} if template is None else {lowering.reading.language: template}
    languages = LABEL.read(node, lowering.reading) or {}
    texts = {}
    for key, value in node.entries:
        if key.text in languages:
            template = lowering.checking.template(scalar(value, lowering.reading), scope)
            if template is not None:
                texts[key.text] = template
    return texts
