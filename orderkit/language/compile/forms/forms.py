"""Forms of the model: shapes with their expressions, titles, checks and looks."""

from collections.abc import Iterable

from orderkit.language.compile.forms.derivations import lower_create_from, lower_merge, lower_split
from orderkit.language.compile.forms.fields import lower_fields
from orderkit.language.compile.forms.layouts import lower_layout, lower_list
from orderkit.language.compile.forms.variants import lower_variants
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import form as words
from orderkit.model.expressions.nodes import Get, Root, Template, TemplatePart
from orderkit.model.expressions.types import Address, File, Json, ListOf, Many, Record, Rows, Text
from orderkit.model.forms import Check, Form, ListLayout, Origin
from orderkit.model.labels import label

NUMBER_WITHOUT_SEQUENCE = Code(
    "OK3106",
    "number-without-sequence",
    ERROR,
    since="0.1",
    explain="""
    A `number` without `{seq:4}` would give the same number twice.
    ~~~yaml bad
    form: order
    number: "SO{ordered_on:%Y%m%d}"
    fields: {ordered_on: {type: date}}
    ~~~
    ~~~yaml good
    form: order
    number: "SO{ordered_on:%Y%m%d}-{seq:4}"
    fields: {ordered_on: {type: date}}
    ~~~""",
    zh="`number` 没有 `{seq:4}`，会给出重复的单号。",
)
NOT_UNIQUE = Code(
    "OK3110",
    "not-unique",
    ERROR,
    since="0.1",
    explain="""
    `unique` names fields of the form itself that are stored: no lines, no files, no `virtual`.
    ~~~yaml bad
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {no: {type: text}}}}
    unique: [[name, lines.no]]
    ~~~
    ~~~yaml good
    form: order
    fields: {name: {type: text}, lines: {type: lines, fields: {no: {type: text}}}}
    unique: [[name]]
    ~~~""",
    zh="`unique` 只能写表单自己保存的字段：不能是明细、附件或 `virtual`。",
)
NOT_INDEXED = Code(
    "OK3111",
    "not-indexed",
    ERROR,
    since="0.1",
    explain="""
    `indexes` names fields of the form itself that are stored and short: no lines, no files, no long texts, no
    lists of values, no `virtual`.
    ~~~yaml bad
    form: order
    fields: {name: {type: text}, need_by: {type: date}, late: {type: boolean, virtual: need_by < today()}}
    indexes: [[late, need_by]]
    ~~~
    ~~~yaml good
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    indexes: [[name, need_by]]
    ~~~""",
    zh="`indexes` 只能写表单自己保存的短字段：不能是明细、附件、长文本、多值字段或 `virtual`。",
)

_TOO_MUCH = (Rows, File, Many, ListOf, Json, Address)
_LONG = frozenset({"longtext", "richtext"})


def lower_forms(lowering: Lowering) -> tuple[Form, ...]:
    """Return every form, by id. Broken ones are left out."""
    lowered = (_lower(lowering, shape) for shape in lowering.compilation.shapes.values())
    return tuple(form for form in lowered if form is not None)


def _lower(lowering: Lowering, shape: FormShape) -> Form | None:
    if shape.is_broken or shape.declared is None:
        return None
    if shape.parent is not None:
        return _lower_lines(lowering, shape)
    written = shape.declared.written
    assert written is not None
    extension = lowering.compilation.named.of("extend").get(shape.id) if shape.is_built_in else None
    parts = [part for part in (written, None if extension is None else extension.written) if part is not None]
    looks = parts[-1]
    variant_field, variants = lower_variants(lowering, shape, written)
    return Form(
        id=shape.id,
        label=shape.label,
        fields=lower_fields(lowering, shape),
        title=_title(lowering, shape, written),
        collections=tuple(shape.collections[name] for name in sorted(shape.collections)),
        number=_number(lowering, shape, written),
        checks=lower_checks(lowering, shape, parts),
        unique=tuple(
            _unique(lowering, shape, nodes) for part in parts for nodes in part[words.UNIQUE] or () if nodes
        ),
        indexes=tuple(
            _indexed(lowering, shape, nodes) for part in parts for nodes in part[words.INDEXES] or () if nodes
        ),
        layout=lower_layout(lowering, shape, looks),
        list=lower_list(lowering, shape, looks if words.LIST_ in looks else written),
        variant_field=variant_field,
        variants=variants,
        create_from=lower_create_from(lowering, shape, written),
        split=lower_split(lowering, shape, written),
        merge=lower_merge(lowering, shape, written),
        is_built_in=shape.is_built_in,
        renamed_from=written[words.RENAMED_FROM],
        origin=None if shape.is_built_in else shape.declared.origin,
    )


def _unique(lowering: Lowering, shape: FormShape, nodes: tuple[ScalarNode, ...]) -> tuple[str, ...]:
    """Return fields that are unique together: stored fields of the form itself."""
    names = lowering.field_paths(shape, nodes)
    for node in nodes:
        field = shape.fields.get(node.text)
        is_virtual = field is not None and field.written is not None and "virtual" in field.written.nodes
        is_elsewhere = "." in node.text and node.text in names
        if is_elsewhere or is_virtual or (field is not None and isinstance(field.type, (Rows, File))):
            lowering.reading.report(
                NOT_UNIQUE,
                node,
                label(zh=f"`{node.text}` 不能参与唯一", en=f"`{node.text}` cannot be unique"),
                label(zh="用保存在本表单上的字段", en="use fields that are stored on the form itself"),
            )
    return names


def _indexed(lowering: Lowering, shape: FormShape, nodes: tuple[ScalarNode, ...]) -> tuple[str, ...]:
    """Return fields of one index: stored fields of the form itself, whose values an index can hold."""
    names = lowering.field_paths(shape, nodes)
    for node in nodes:
        if node.text in names and not _fits_an_index(shape, node.text):
            lowering.reading.report(
                NOT_INDEXED,
                node,
                label(zh=f"`{node.text}` 不能参与索引", en=f"`{node.text}` cannot be in an index"),
                label(
                    zh="用保存在本表单上的短字段", en="use short fields that are stored on the form itself"
                ),
            )
    return names


def _fits_an_index(shape: FormShape, name: str) -> bool:
    field = shape.fields.get(name)
    if field is None or (field.written is not None and "virtual" in field.written.nodes):
        return False
    return not isinstance(field.type, _TOO_MUCH) and (field.field is None or field.field.type not in _LONG)


def _lower_lines(lowering: Lowering, shape: FormShape) -> Form:
    assert shape.declared is not None
    return Form(
        id=shape.id,
        label=shape.label,
        fields=lower_fields(lowering, shape),
        title=_default_title(shape),
        parent=shape.parent,
        collections=tuple(shape.collections[name] for name in sorted(shape.collections)),
        list=ListLayout(columns=tuple(each.id for each in shape.own_fields() if each.field is not None)),
        is_built_in=shape.is_built_in,
        origin=_origin_of_lines(shape),
    )


def _origin_of_lines(shape: FormShape) -> Origin | None:
    return None if shape.is_built_in or shape.declared is None else shape.declared.origin


def _title(lowering: Lowering, shape: FormShape, written: Written) -> Template:
    title = lowering.checking.template(written[words.TITLE], lowering.places.record(shape.id))
    return title or _default_title(shape)


def _default_title(shape: FormShape) -> Template:
    """Return the number, or the first text, or the id as a title."""
    record = Root("record", Record(shape.id))
    texts = [each for each in shape.own_fields() if isinstance(each.type, Text)]
    name = "number" if shape.has_number else texts[0].id if texts else "id"
    return Template((TemplatePart(expression=Get(record, name, shape.fields[name].type)),))


def _number(lowering: Lowering, shape: FormShape, written: Written) -> Template | None:
    node = written[words.NUMBER]
    number = lowering.checking.template(node, lowering.places.number(shape.id))
    if number is not None and node is not None and not any(_is_sequence(part) for part in number.parts):
        lowering.reading.report(
            NUMBER_WITHOUT_SEQUENCE,
            node,
            label(zh="`number` 里没有流水号", en="the `number` has no sequence"),
            label(zh="加上 `{seq:4}`", en="add `{seq:4}`"),
        )
    return number


def _is_sequence(part: TemplatePart) -> bool:
    return part.expression is None and part.format.startswith("seq")


def lower_checks(lowering: Lowering, shape: FormShape, parts: Iterable[Written]) -> tuple[Check, ...]:
    """Return the `checks` of a form. Wrong ones are left out; they were reported."""
    scope = lowering.places.change(shape.id)
    found = []
    written_checks = [check for part in parts for check in part[words.CHECKS] or ()]
    for index, written in enumerate(written_checks, start=1):
        that = lowering.checking.condition(written[words.CHECK_THAT], scope)
        at = written[words.CHECK_AT]
        if at is not None and lowering.compilation.path(shape, at) is None:
            at = None
        if that is not None:
            found.append(
                Check(
                    id=f"checks.{index}",
                    that=that,
                    error=written[words.CHECK_ERROR]
                    or label(zh="记录不符合要求", en="the record is not allowed like this"),
                    at=None if at is None else at.text,
                )
            )
    return tuple(found)
