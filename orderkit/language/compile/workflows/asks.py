"""What pressing a transition asks for: fields of the form, or answers that only the timeline keeps."""

from collections.abc import Iterable
from dataclasses import replace

from orderkit.language.compile.names.collecting import check_id
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.field_types import FieldTypes
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FieldShape, FormShape
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import MappingNode, Node, ScalarNode
from orderkit.language.spec.kinds import workflow as workflow_words
from orderkit.language.spec.parts import field as words
from orderkit.language.spec.words import report_shape
from orderkit.model.expressions.types import Rows
from orderkit.model.forms import Field
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Ask

ASK_NOT_WRITABLE = Code(
    "OK4005",
    "ask-not-writable",
    ERROR,
    since="0.1",
    explain="""
    `ask` names a field that nobody can fill: lines, or a field that the system or an expression fills.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, ask: [{field: double}]}}
    # order.yaml
    form: order
    fields: {qty: {type: integer}, double: {type: integer, compute: qty * 2}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, ask: [{field: qty}]}}
    # order.yaml
    form: order
    fields: {qty: {type: integer}, double: {type: integer, compute: qty * 2}}
    ~~~""",
    zh="`ask` 里的字段没有人能填：明细，或由系统、表达式填写的字段。",
)


def lower_asks(lowering: Lowering, form: FormShape, nodes: Iterable[Node]) -> tuple[Ask, ...]:
    """Return what is asked for, in order."""
    lowered = (_lower(lowering, form, node) for node in nodes)
    return tuple(ask for ask in lowered if ask is not None)


def _lower(lowering: Lowering, form: FormShape, node: Node) -> Ask | None:
    if isinstance(node, MappingNode) and node.get("type") is not None:
        return _own(lowering, form, node)
    written = workflow_words.ASK.read(node, lowering.reading)
    name = written[workflow_words.ASK_FIELD]
    if name is None:
        return None
    shape = lowering.compilation.path(form, name)
    if shape is None or shape.field is None:
        return None
    is_derived = shape.written is None or shape.written.nodes.keys() & {"compute", "virtual"}
    if is_derived or isinstance(shape.type, Rows) or "." in name.text:
        lowering.reading.report(
            ASK_NOT_WRITABLE,
            name,
            label(zh=f"`{name.text}` 不能由人填写", en=f"nobody can fill `{name.text}` here"),
        )
        return None
    made = lowering.forms.get(form.id)
    field = shape.field if made is None else made.by_id.get(name.text, shape.field)
    return Ask(field=field, is_own=False, required=written.flag(workflow_words.ASK_REQUIRED))


def _own(lowering: Lowering, form: FormShape, node: MappingNode) -> Ask | None:
    written = workflow_words.ASK_OWN.read(node, lowering.reading)
    name = written[workflow_words.ASK_FIELD]
    if name is None or not check_id(name, lowering.reading):
        return None
    compilation = lowering.compilation
    typed = FieldTypes(compilation.catalog, compilation.settings, lowering.reading).read(written)
    type_node = written[words.TYPE]
    if typed is None or type_node is None:
        return None
    if type_node.text == "lines":
        report_shape(lowering.reading, type_node, zh="明细以外的类型", en="a type other than lines")
        return None
    field = Field(
        id=name.text,
        type=type_node.text,
        options=typed.options,
        value_type=typed.value_type,
        label=written[words.LABEL_] or _label_of(form, name),
        help=written[words.HELP],
        placeholder=written[words.PLACEHOLDER],
        required=written.flag(words.REQUIRED),
    )
    if words.DEFAULT in written:
        shape = FieldShape(id=name.text, field=field)
        scope = lowering.places.workflow(form.id)
        default = lowering.values.of_field(written.value_of(words.DEFAULT), scope, shape)
        field = replace(field, default=default)
    return Ask(field=field, is_own=True, required=field.required)


def _label_of(form: FormShape, name: ScalarNode) -> "dict[str, str]":
    known = form.fields.get(name.text)
    return dict(known.label if known is not None else readable(name.text))
