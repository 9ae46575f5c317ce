"""Records made from records: `create_from` (下推), `split` and `merge` of a form."""

from collections.abc import Iterable
from decimal import Decimal

from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.scopes import inside_each
from orderkit.language.compile.shapes.shape import FieldShape, FormShape
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import form as form_words
from orderkit.language.spec.parts import derivation as words
from orderkit.model.expressions.nodes import Expression
from orderkit.model.expressions.types import Number, Record, Rows
from orderkit.model.forms import CreateFrom, CreateLines, Merge, Origin, Split
from orderkit.model.labels import Label, label

NOT_LINKED = Code(
    "OK8630",
    "not-linked",
    ERROR,
    since="0.1",
    explain="""
    A form is made from another, but nothing in it would refer to where it came from: neither the record
    to the source, nor its rows to the source's rows, where `limit` counts what was made already. Add a
    reference field, and set it.
    ~~~yaml bad
    form: delivery
    fields: {note: {type: text}}
    create_from: {order: {set: {note: =name}}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: delivery
    fields: {order: {type: ref, to: order}, note: {type: text}}
    create_from: {order: {set: {note: =name}}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="由另一张表单生成，但没有任何字段指回来源：表头没有引用源单据，或明细没有引用源单据的行，而 `limit` 要靠它知道已生成多少。请加一个引用字段并赋值。",
)
NOT_A_QUANTITY = Code(
    "OK8631",
    "not-a-quantity",
    ERROR,
    since="0.1",
    explain="""
    `limit`, `quantity` and `add` count, so each names a number of the lines.
    ~~~yaml bad
    form: order
    fields: {lines: {type: lines, fields: {product: {type: text}, qty: {type: integer}}}}
    split: {quantity: lines.product}
    ~~~
    ~~~yaml good
    form: order
    fields: {lines: {type: lines, fields: {product: {type: text}, qty: {type: integer}}}}
    split: {quantity: lines.qty}
    ~~~""",
    zh="`limit`、`quantity` 和 `add` 要计数，只能写明细里的数字字段。",
)


def lower_create_from(lowering: Lowering, form: FormShape, written: Written) -> tuple[CreateFrom, ...]:
    """Return from which forms records of this one are made, in the order written."""
    lowered = (
        _create_from(lowering, form, key, source) for key, source in written[form_words.CREATE_FROM] or ()
    )
    return tuple(each for each in lowered if each is not None)


def _create_from(lowering: Lowering, form: FormShape, key: ScalarNode, written: Written) -> CreateFrom | None:
    source = lowering.compilation.form(key)
    if source is None or source.is_broken:
        return None
    scope = lowering.places.record(source.id)
    assigned = lowering.values.assignments(written[words.SOURCE_SET] or (), scope, form)
    lines_written = written[words.LINES]
    lines = None if lines_written is None else _lines(lowering, form, source, lines_written)
    link = _link(form, source.id, ())
    if link is None and words.LINES not in written:
        _report_not_linked(lowering, key, form.id, source.id)
    return CreateFrom(
        source=source.id,
        label=written[words.SOURCE_LABEL] or form.label,
        where=lowering.checking.condition(written[words.SOURCE_WHERE], scope),
        many=written.flag(words.MANY),
        group_by=lowering.field_paths(source, written[words.GROUP_BY], follow_references=True),
        set=assigned,
        link=link,
        lines=lines,
        origin=_origin(key),
    )


def _origin(node: ScalarNode) -> Origin:
    span = node.span
    return Origin(path=span.path, line=span.line, column=span.column)


def _lines(lowering: Lowering, form: FormShape, source: FormShape, written: Written) -> CreateLines | None:
    scope = lowering.places.record(source.id)
    target = _target(lowering, form, written)
    each = written[words.EACH]
    if each is None:
        return None
    checked = lowering.checking.checked(each, scope)
    if checked.expression is None or target is None:
        return None
    row = checked.type.form if isinstance(checked.type, Rows) else None
    inner = inside_each(scope, row)
    shape = lowering.compilation.shapes[form.rows_by_field[target]]
    pairs = written[words.LINES_SET] or ()
    link = None if row is None else _link(shape, row, {key.text for key, _ in pairs})
    if link is None and row is not None and not shape.is_broken:
        place = written.key_of(words.LIMIT) if words.LIMIT in written else each
        _report_not_linked(lowering, place, shape.id, row)
    limit = _limit(lowering, shape, written, inner)
    return CreateLines(
        field=target,
        each=checked.expression,
        where=lowering.checking.condition(written[words.LINES_WHERE], lowering.places.source_row(row)),
        set=lowering.values.assignments(pairs, inner, shape),
        link=link,
        limit=limit,
        tolerance=_ratio(written[words.TOLERANCE]),
    )


def _ratio(text: str | None) -> Decimal:
    return Decimal(0) if text is None else Decimal(text.rstrip("% ")) / 100


def _target(lowering: Lowering, form: FormShape, written: Written) -> str | None:
    """Return the lines field that is filled: the one that is named, or the only one."""
    named = written[words.INTO]
    known = list(form.rows_by_field)
    if named is None:
        if len(known) == 1:
            return known[0]
        if not known:
            _report_without_lines(lowering, form, written)
            return None
        lowering.reading.report(
            NOT_LINKED,
            written.value_of(words.EACH) if words.EACH in written else written.node,
            label(
                zh=f"表单 `{form.id}` 有几个明细字段",
                en=f"the form `{form.id}` has several fields of lines",
            ),
            label(zh=f"写明 `into: {known[0]}`", en=f"say `into: {known[0]}`"),
        )
        return None
    if named.text in known:
        lowering.reading.mentions.name("field", f"{form.id}.{named.text}", named)
        return named.text
    report_unknown(lowering.reading, named, "lines", known)
    return None


def _report_without_lines(lowering: Lowering, form: FormShape, written: Written) -> None:
    if any(each.field is None for each in form.fields.values()):
        return
    lowering.reading.report(
        NOT_LINKED,
        written.value_of(words.EACH) if words.EACH in written else written.node,
        label(zh=f"表单 `{form.id}` 没有明细", en=f"the form `{form.id}` has no lines"),
        label(zh="给它加一个 `type: lines` 的字段", en="give it a field of type `lines`"),
    )


def _link(form: FormShape, source: str, assigned: Iterable[str]) -> str | None:
    """Return the field that refers to the source; among several, one that is given a value."""
    found = [each.id for each in form.own_fields() if each.type == Record(source)]
    chosen = [name for name in found if name in set(assigned)]
    return next(iter((*chosen, *found)), None)


def _report_not_linked(lowering: Lowering, place: ScalarNode, form: str, source: str) -> None:
    lowering.reading.report(
        NOT_LINKED,
        place,
        label(zh=f"`{form}` 没有引用 `{source}` 的字段", en=f"no field of `{form}` refers to `{source}`"),
        label(
            zh=f"加一个字段 `{{type: ref, to: {source}}}`", en=f"add a field `{{type: ref, to: {source}}}`"
        ),
    )


def _limit(
    lowering: Lowering, shape: FormShape, written: Written, scope: Scope
) -> tuple[tuple[str, Expression], ...]:
    found = []
    for key, node in written[words.LIMIT] or ():
        field = lowering.compilation.path(shape, key)
        if field is None or not _is_quantity(lowering, key, field):
            continue
        most = lowering.checking.expression(node, scope, field.type)
        if most is not None:
            found.append((key.text, most))
    return tuple(found)


def _is_quantity(lowering: Lowering, node: ScalarNode, field: FieldShape) -> bool:
    if field.field is None:
        return False
    if isinstance(field.type, Number):
        return True
    lowering.reading.report(
        NOT_A_QUANTITY,
        node,
        label(zh=f"`{node.text}` 不是数字", en=f"`{node.text}` is not a number"),
        label(zh="写一个数字字段", en="name a field that is a number"),
    )
    return False


def lower_split(lowering: Lowering, form: FormShape, written: Written) -> Split | None:
    """Return how a record of the form is divided, or None where it is not."""
    split = written[form_words.SPLIT]
    if split is None or split.is_broken:
        return None
    scope = lowering.places.record(form.id)
    quantity = split[words.QUANTITY]
    field = None if quantity is None else lowering.compilation.path(form, quantity)
    if quantity is not None and field is not None:
        _is_quantity(lowering, quantity, field)
    return Split(
        label=split[words.SPLIT_LABEL] or _SPLIT,
        where=lowering.checking.condition(split[words.SPLIT_WHERE], scope),
        quantity=None if quantity is None else quantity.text,
        set=lowering.values.assignments(split[words.SPLIT_SET] or (), scope, form),
    )


def lower_merge(lowering: Lowering, form: FormShape, written: Written) -> Merge | None:
    """Return how records of the form become one, or None where they do not."""
    merge = written[form_words.MERGE]
    if merge is None or merge.is_broken:
        return None
    rows = [lowering.compilation.shapes[rows] for rows in form.rows_by_field.values()]
    add = _of_lines(lowering, form, rows, merge[words.ADD] or ())
    for node in merge[words.ADD] or ():
        field = next((shape.fields[node.text] for shape in rows if node.text in shape.fields), None)
        if field is not None:
            _is_quantity(lowering, node, field)
    return Merge(
        label=merge[words.MERGE_LABEL] or _MERGE,
        where=lowering.checking.condition(merge[words.MERGE_WHERE], lowering.places.record(form.id)),
        same=lowering.field_paths(form, merge[words.SAME]),
        rows=_of_lines(lowering, form, rows, merge[words.ROWS] or ()),
        add=add,
    )


def _of_lines(
    lowering: Lowering, form: FormShape, rows: list[FormShape], nodes: Iterable[ScalarNode]
) -> tuple[str, ...]:
    """Return names of fields of the form's lines; the others are reported."""
    found = []
    for node in nodes:
        having = [shape for shape in rows if node.text in shape.fields or shape.is_broken]
        if having:
            lowering.compilation.path(having[0], node)
            found.append(node.text)
        else:
            lowering.compilation.path(rows[0] if rows else form, node)
    return tuple(dict.fromkeys(found))


_SPLIT: Label = label(zh="拆单", en="Split")
_MERGE: Label = label(zh="合单", en="Merge")
