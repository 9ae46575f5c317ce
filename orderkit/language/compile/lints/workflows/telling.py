"""The messages that actions send, with where they are named, and what they read of the record."""

from collections.abc import Iterable, Iterator

from orderkit.language.compile.lints.workflows.reading import paths_read
from orderkit.language.findings import Span
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.model.exchange.integrations import Message
from orderkit.model.expressions.nodes import Template
from orderkit.model.forms import Form
from orderkit.model.project import Project


def told(project: Project, form: Form, actions: Iterable[Node]) -> Iterator[tuple[str, Span]]:
    """Yield the fields of the record that the messages of some actions read, each with where it is sent."""
    for node in actions:
        for sent in _sent(node):
            message = project.message_by_id.get(sent.text)
            if message is not None and message.form == form.id:
                for template in _templates(message):
                    for path in paths_read(template, form):
                        yield path, sent.span


def _sent(node: Node) -> Iterator[ScalarNode]:
    """Yield the names of messages at or below a node, but not those sent later, after a delay."""
    match node:
        case SequenceNode(items=items):
            for item in items:
                yield from _sent(item)
        case MappingNode(entries=entries) if node.get("delay") is None:
            for key, value in entries:
                if key.text == "send" and isinstance(value, ScalarNode):
                    yield value
                else:
                    yield from _sent(value)


def _templates(message: Message) -> Iterator[Template]:
    yield from message.subject.values()
    yield from message.text.values()
