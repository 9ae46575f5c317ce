"""Where everything is declared: objects, fields, the other ends of references, states and approvals."""

from collections.abc import Iterator

from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.source import ScalarNode
from orderkit.language.spec import workflow as workflow_words
from orderkit.language.spec.kinds import KINDS
from orderkit.language.spec.mentions import Mention, Target


def declare(lowering: Lowering) -> None:
    """Add the declarations to the mentions of a compilation, if somebody asked for them."""
    mentions = lowering.reading.mentions
    if mentions is None:
        return
    mentions += [
        Mention(target, node.span, is_declaration=True)
        for target, node in (*_objects(lowering), *_fields(lowering), *_states(lowering))
        if not node.is_broken and node.end > node.start
    ]


def _objects(lowering: Lowering) -> Iterator[tuple[Target, ScalarNode]]:
    for kind in KINDS:
        for declared in lowering.compilation.named.of(kind).values():
            # What could not be read is known by its file's name alone, which stands nowhere.
            yield Target("form" if kind == "extend" else kind, declared.id), declared.id_node


def _fields(lowering: Lowering) -> Iterator[tuple[Target, ScalarNode]]:
    for shape in lowering.compilation.shapes.values():
        for each in shape.fields.values():
            if each.id_node is not None:
                yield Target("field", f"{shape.id}.{each.id}"), each.id_node
            reverse = None if each.written is None else each.written.extra.get("reverse")
            to = None if each.written is None else each.written.extra.get("to")
            if reverse is not None and to is not None:
                name, target = reverse[1], to[1]
                if isinstance(name, ScalarNode) and isinstance(target, ScalarNode):
                    yield Target("reverse", f"{target.text}.{name.text}"), name


def _states(lowering: Lowering) -> Iterator[tuple[Target, ScalarNode]]:
    for declared in lowering.compilation.named.of("workflow").values():
        if declared.written is None:
            continue
        for kind, key in (
            ("state", workflow_words.STATES),
            ("transition", workflow_words.TRANSITIONS),
            ("approval", workflow_words.APPROVALS),
        ):
            for node, _ in declared.written[key] or ():
                yield Target(kind, f"{declared.id}.{node.text}"), node
