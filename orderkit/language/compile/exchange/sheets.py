"""Imports and seeds: how rows become records."""

from collections.abc import Iterable

from orderkit.language.compile.exchange.turned_columns import turned_columns
from orderkit.language.compile.forms.fields import path_of
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.assignability import is_assignable
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.options import report_unknown_option
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FieldShape, FormShape
from orderkit.language.findings import ERROR, WARNING, Code
from orderkit.language.source import Node, ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import form as form_words
from orderkit.language.spec.kinds import sheets as words
from orderkit.language.spec.words import MISSING_KEY
from orderkit.model.exchange.imports import ImportColumn, ImportMapping, Seed
from orderkit.model.expressions.nodes import Expression, Literal
from orderkit.model.expressions.types import Choice, Record, Rows
from orderkit.model.labels import Label, label

NOT_A_REFERENCE = Code(
    "OK8301",
    "not-a-reference",
    ERROR,
    since="0.1",
    explain="""
    `create_missing` names a field that refers to nothing, so there is no record to be made.
    ~~~yaml bad
    import: orders
    for: order
    columns: {name: Name}
    create_missing: [name]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    import: orders
    for: order
    columns: {name: Name}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="`create_missing` 里的字段没有引用任何表单，也就没有记录可建。",
)
WRONG_MATCH = Code(
    "OK8302",
    "wrong-match",
    ERROR,
    since="0.1",
    explain="""
    A field of `match` is in the lines, or is filled by no column and no value, so it could not find a record.
    ~~~yaml bad
    seed: products
    for: product
    match: [code]
    rows: [{name: Bolt}]
    # product.yaml
    form: product
    fields: {code: {type: text, unique: true}, name: {type: text}}
    ~~~
    ~~~yaml good
    seed: products
    for: product
    match: [code]
    rows: [{code: A, name: Bolt}]
    # product.yaml
    form: product
    fields: {code: {type: text, unique: true}, name: {type: text}}
    ~~~""",
    zh="`match` 的字段在明细里，或没有任何列或值填写它，因此找不到记录。",
)
REQUIRED_NOT_FILLED = Code(
    "OK8303",
    "required-not-filled",
    WARNING,
    since="0.1",
    explain="""
    An import or an integration fills a required field from no column and no value, so that every new record
    would be refused.
    ~~~yaml bad
    import: orders
    for: order
    columns: {name: Name}
    # order.yaml
    form: order
    fields: {name: {type: text}, day: {type: date, required: true}}
    ~~~
    ~~~yaml good
    import: orders
    for: order
    columns: {name: Name, day: Date}
    # order.yaml
    form: order
    fields: {name: {type: text}, day: {type: date, required: true}}
    ~~~""",
    zh="导入或集成没有任何列或值填写某个必填字段，每条新记录都会被拒绝。",
)

_CHECK_OF_FIELD = ".check"


def lower_imports(lowering: Lowering) -> tuple[ImportMapping, ...]:
    """Return every import, by id."""
    lowered = (_import(lowering, each) for each in lowering.compilation.named.of("import").values())
    return tuple(mapping for mapping in lowered if mapping is not None)


def _import(lowering: Lowering, declared: Declared) -> ImportMapping | None:
    written = declared.written
    form = None if written is None else lowering.compilation.top_level_form(written[words.FOR])
    if written is None or form is None:
        return None
    scope = lowering.places.row(form.id)
    pairs = written[words.COLUMNS] or ()
    turned = turned_columns(lowering, form, pairs)
    columns = tuple(
        ImportColumn(field=key.text, heading=heading.text)
        for key, heading in pairs
        if (key, heading) not in turned
        and _is_fillable(lowering, form, key, is_history=words.HISTORY in written)
    )
    history = written[words.HISTORY]
    assigned = lowering.values.assignments(
        written[words.SET] or (), scope, form, follow_references=True, is_history=words.HISTORY in written
    )
    default = lowering.values.assignments(
        written[words.DEFAULT] or (), scope, form, follow_references=True, is_history=words.HISTORY in written
    )
    filled = {
        node.text for key in (words.COLUMNS, words.SET, words.DEFAULT) for node, _ in written[key] or ()
    }
    # What a wrong name was meant to fill nobody knows.
    is_known = len(columns) == len(pairs)
    if is_known:
        check_required(lowering, form, declared, filled)
    match = written[words.MATCH] or ()
    return ImportMapping(
        id=declared.id,
        label=written[words.LABEL_] or readable(declared.id),
        form=form.id,
        sheet=written[words.SHEET],
        header_rows=written[words.HEADER_ROWS] or (),
        match=matched_fields(
            lowering, form, match, filled if is_known else {*filled, *(node.text for node in match)}
        ),
        columns=columns,
        values=_values(lowering, form, written),
        default=default,
        set=assigned,
        create_missing=_create_missing(lowering, form, written[words.CREATE_MISSING] or ()),
        is_history=words.HISTORY in written,
        waive=frozenset() if history is None else _waived(lowering, form, history[words.WAIVE] or ()),
        where=lowering.checking.condition(written[words.WHERE], lowering.places.row_only()),
        origin=declared.origin,
    )


def check_required(
    lowering: Lowering, form: FormShape, declared: Declared, filled: set[str], *, help_: Label | None = None
) -> None:
    """Report required fields that no row from outside would ever fill."""
    shapes = [(form, "")]
    for name, rows in form.rows_by_field.items():
        if any(path.startswith(f"{name}.") for path in filled):
            shapes.append((lowering.compilation.shapes[rows], f"{name}."))
    for shape, prefix in shapes:
        for field in shape.own_fields():
            path = f"{prefix}{field.id}"
            if not _must_be_given(field) or isinstance(field.type, Rows):
                continue
            if path not in filled and not any(each.startswith(f"{path}.") for each in filled):
                lowering.reading.report(
                    REQUIRED_NOT_FILLED,
                    declared.id_node,
                    label(
                        zh=f"没有填写必填字段 `{path}`，每一行都会被拒绝",
                        en=f"nothing fills the required field `{path}`, so every row would be refused",
                    ),
                    help_
                    or label(
                        zh="把它加到 `columns`、`set` 或 `default`",
                        en="add it to `columns`, `set` or `default`",
                    ),
                )


def _is_fillable(lowering: Lowering, form: FormShape, key: ScalarNode, *, is_history: bool) -> bool:
    field = lowering.compilation.path(form, key, follow_references=True)
    lowering.reading.mentions.given.add((form.id, key.text))
    return field is not None and is_assignable(lowering.reading, key, field, is_history=is_history)


def matched_fields(
    lowering: Lowering, form: FormShape, nodes: Iterable[ScalarNode], filled: Iterable[str]
) -> tuple[str, ...]:
    """Return the fields that find a record again; those that cannot are reported."""
    filled = set(filled)
    found = []
    for node in nodes:
        field = lowering.compilation.path(form, node)
        if field is None:
            continue
        is_filled = node.text in filled or any(path.startswith(f"{node.text}.") for path in filled)
        if "." in node.text or isinstance(field.type, Rows) or not is_filled:
            lowering.reading.report(
                WRONG_MATCH,
                node,
                label(
                    zh=f"`{node.text}` 没有被填写，不能用来匹配",
                    en=f"`{node.text}` is not filled, so it cannot match",
                ),
                label(zh="把它加到 `columns` 或 `set`", en="add it to `columns` or `set`"),
            )
            continue
        found.append(node.text)
    return tuple(found)


def _values(lowering: Lowering, form: FormShape, written: Written) -> dict[str, dict[str, str]]:
    """Return what cells say → what they mean. Options of choices are looked up."""
    found = {}
    for key, pairs in written[words.VALUES] or ():
        field = lowering.compilation.path(form, key, follow_references=True)
        if field is None:
            continue
        for _, value in pairs:
            lowering.compilation.name_option(field, value)
            if isinstance(field.type, Choice) and value.text not in field.type.options:
                report_unknown_option(lowering.reading, value, field)
        found[key.text] = {cell.text: value.text for cell, value in pairs}
    return found


def _create_missing(lowering: Lowering, form: FormShape, nodes: Iterable[ScalarNode]) -> tuple[str, ...]:
    found = []
    for node in nodes:
        if node.text not in form.fields and form.has_broken_fields:
            continue  # it may be a field of lines that could not be read
        lines = _lines_with(lowering, form, node.text)
        path = node.text if lines is None else f"{lines}.{node.text}"
        shape = form if lines is None else lowering.compilation.shapes[form.rows_by_field[lines]]
        field = lowering.compilation.path(shape, node)
        if field is None or field.field is None:
            continue
        if isinstance(field.type, Record):
            found.append(path)
        else:
            lowering.reading.report(
                NOT_A_REFERENCE,
                node,
                label(zh=f"`{node.text}` 不是引用", en=f"`{node.text}` does not refer to a record"),
            )
    return tuple(found)


def _lines_with(lowering: Lowering, form: FormShape, name: str) -> str | None:
    """Return `lines` for `product`, where only the rows of this one `lines` field have a field of that name."""
    rows = {lines: lowering.compilation.shapes[shape] for lines, shape in form.rows_by_field.items()}
    found = [lines for lines, shape in rows.items() if name in shape.fields]
    return found[0] if len(found) == 1 and name not in form.fields else None


def _waived(lowering: Lowering, form: FormShape, nodes: Iterable[ScalarNode]) -> frozenset[str]:
    known = set(_check_names(lowering, form))
    for node in nodes:
        if node.text not in known:
            if not lowering.compilation.names_broken(node.text):
                report_unknown(lowering.reading, node, "check", known)
        elif node.text.endswith(_CHECK_OF_FIELD):
            lowering.compilation.path(form, node, end=-len(_CHECK_OF_FIELD))
    return frozenset(node.text for node in nodes)


def _check_names(lowering: Lowering, form: FormShape) -> Iterable[str]:
    shapes = [form, *(lowering.compilation.shapes[rows] for rows in form.rows_by_field.values())]
    for shape in shapes:
        for field in shape.own_fields():
            if field.written is not None and "check" in field.written.nodes:
                yield f"{path_of(shape, field.id)}{_CHECK_OF_FIELD}"
    declared = form.declared
    checks = () if declared is None or declared.written is None else declared.written[form_words.CHECKS] or ()
    for index, _ in enumerate(checks, start=1):
        yield f"checks.{index}"


def lower_seeds(lowering: Lowering) -> tuple[Seed, ...]:
    """Return every seed, by id."""
    lowered = (_seed(lowering, each) for each in lowering.compilation.named.of("seed").values())
    return tuple(seed for seed in lowered if seed is not None)


def _seed(lowering: Lowering, declared: Declared) -> Seed | None:
    written = declared.written
    form = None if written is None else lowering.compilation.top_level_form(written[words.FOR])
    if written is None or form is None:
        return None
    match = lowering.field_paths(form, written[words.SEED_MATCH])
    scope = lowering.places.constant()
    rows = []
    for pairs in written[words.ROWS] or ():
        row = lowering.values.assignments(pairs, scope, form)
        _check_row(lowering, form, pairs, row, match)
        rows.append(row)
    _check_twice(lowering, written, match, rows)
    return Seed(id=declared.id, form=form.id, match=match, rows=tuple(rows), origin=declared.origin)


def _check_row(
    lowering: Lowering,
    form: FormShape,
    pairs: tuple[tuple[ScalarNode, Node], ...],
    row: tuple[tuple[str, Expression], ...],
    match: tuple[str, ...],
) -> None:
    if not pairs:
        return
    nodes = {key.text: key for key, _ in pairs}
    empty = {name for name, value in row if isinstance(value, Literal) and value.value is None}
    required = (each.id for each in form.own_fields() if _must_be_given(each))
    for name in dict.fromkeys((*match, *required)):
        if name in nodes and name not in empty:
            continue
        lowering.reading.report(
            WRONG_MATCH if name in match else MISSING_KEY,
            nodes.get(name, pairs[0][0]),
            label(
                zh=f"这一行没有匹配字段 `{name}`", en=f"the row has no `{name}`, by which it is found again"
            )
            if name in match
            else label(zh=f"这一行没有必填字段 `{name}`", en=f"the row lacks the required field `{name}`"),
            label(zh=f"给 `{name}` 填上值", en=f"give `{name}` a value")
            if name in empty
            else label(zh=f"加上 `{name}:`", en=f"add `{name}:`"),
        )


def _must_be_given(field: FieldShape) -> bool:
    if field.field is None or field.written is None or not field.field.required:
        return False
    return not field.written.nodes.keys() & {"default", "copy", "compute", "virtual"}


def _check_twice(
    lowering: Lowering,
    written: Written,
    match: tuple[str, ...],
    rows: list[tuple[tuple[str, Expression], ...]],
) -> None:
    seen: set[tuple[object, ...]] = set()
    for pairs, row in zip(written[words.ROWS] or (), rows, strict=True):
        values = dict(row)
        key = tuple(value.value for name in match if isinstance(value := values.get(name), Literal))
        if len(key) != len(match) or not match:
            continue
        if key in seen:
            node = next(node for name, node in pairs if name.text == match[0])
            lowering.reading.report(
                WRONG_MATCH,
                node,
                label(zh="另一行的匹配字段和这一行相同", en="another row has the same values to be found by"),
                label(
                    zh="删掉一行，或改它的匹配字段",
                    en="delete one of the rows, or change what it is found by",
                ),
            )
        seen.add(key)
