"""Where everything is declared and named: objects, fields and options, the other ends of references, life cycles."""

from collections.abc import Iterator, Mapping

from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.shape import FieldShape
from orderkit.language.source import MappingNode, ScalarNode, SequenceNode
from orderkit.language.spec.kinds import KINDS
from orderkit.language.spec.kinds import workflow as workflow_words
from orderkit.language.spec.mentions import Mention, Target


def mentions_of(lowering: Lowering) -> Iterator[Mention]:
    """Yield every mention of a project, its declarations among them, in no order."""
    for target, node in (*_objects(lowering), *_fields(lowering), *_states(lowering)):
        if not node.is_broken and node.end > node.start:
            yield Mention(target, node.span, is_declaration=True)
    states = _states_as_options(lowering)
    for mention in lowering.reading.mentions.placed():
        state = states.get(mention.target)
        yield mention if state is None else Mention(state, mention.span)


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
            for option in _options(each):
                yield Target("option", f"{shape.id}.{each.id}.{option.text}"), option
            reverse = None if each.written is None else each.written.extra.get("reverse")
            to = None if each.written is None else each.written.extra.get("to")
            if reverse is not None and to is not None:
                name, target = reverse[1], to[1]
                if isinstance(name, ScalarNode) and isinstance(target, ScalarNode):
                    yield Target("reverse", f"{target.text}.{name.text}"), name


def _options(field: FieldShape) -> Iterator[ScalarNode]:
    """Yield where the options of a choice are written: the keys of a map, or the items of a list."""
    options = None if field.written is None else field.written.extra.get("options")
    match None if options is None else options[1]:
        case MappingNode(entries=entries):
            yield from (key for key, _ in entries)
        case SequenceNode(items=items):
            yield from (item for item in items if isinstance(item, ScalarNode))


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


def _states_as_options(lowering: Lowering) -> Mapping[Target, Target]:
    """Return which state is meant by which option: expressions see the state of a record as a choice."""
    found: dict[Target, Target] = {}
    for form, workflows in lowering.compilation.workflows_by_form.items():
        for workflow, written in workflows.items():
            field = written[workflow_words.STATE_FIELD]
            if field is not None:
                found |= {
                    Target("option", f"{form}.{field.text}.{state.text}"): Target(
                        "state", f"{workflow}.{state.text}"
                    )
                    for state, _ in written[workflow_words.STATES] or ()
                }
    return found
