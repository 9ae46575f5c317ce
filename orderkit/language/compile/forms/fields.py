"""Fields, with their expressions."""

import re
from collections.abc import Callable
from typing import Any

from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.shape import FieldShape, FormShape
from orderkit.language.expressions.kinship import type_name
from orderkit.language.findings import ERROR, Code, Note
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Key, Written
from orderkit.language.spec.parts import field as words
from orderkit.language.spec.readers import WRONG_VALUE
from orderkit.model.expressions.nodes import Expression, Template, TemplatePart
from orderkit.model.expressions.types import Choice, Number, Record, Rows, Text
from orderkit.model.forms import Check, Field
from orderkit.model.labels import Label, label

DERIVED_TWICE = Code(
    "OK3104",
    "derived-twice",
    ERROR,
    since="0.1",
    explain="""
    A field has two of `copy`, `compute` and `virtual`, or a `default` beside `compute` or `virtual`: only one
    can say what it holds.
    ~~~yaml bad
    form: order
    fields: {qty: {type: integer}, double: {type: integer, compute: qty * 2, virtual: qty + qty}}
    ~~~
    ~~~yaml good
    form: order
    fields: {qty: {type: integer}, double: {type: integer, compute: qty * 2}}
    ~~~""",
    zh="字段同时有 `copy`、`compute`、`virtual` 中的两个，或 `default` 与 `compute`、`virtual` 并存：只能由一个决定它的值。",
)
NOT_A_UNIT = Code(
    "OK3120",
    "not-a-unit",
    ERROR,
    since="0.1",
    explain="""
    `unit:` or `currency:` names a field that says no unit: it must be a text or a choice, or for a unit a reference.
    ~~~yaml bad
    form: order
    fields:
      urgent: {type: boolean}
      qty: {type: decimal, unit: urgent}
    ~~~
    ~~~yaml good
    form: order
    fields:
      measure: {type: choice, options: [kg, t]}
      qty: {type: decimal, unit: measure}
    ~~~""",
    zh="`unit:` 或 `currency:` 指的字段说不出单位：它应是文字或单选；单位还可以是引用。",
)
MEANINGLESS_OPTION = Code(
    "OK3105",
    "meaningless-option",
    ERROR,
    since="0.1",
    explain="""
    A key has no meaning for this field: `editable` without `copy`, `where` or `search` on a field that
    refers to nothing, an expression on `lines`.
    ~~~yaml bad
    form: order
    fields: {qty: {type: integer, editable: true}}
    ~~~
    ~~~yaml good
    form: order
    fields: {qty: {type: integer}}
    ~~~""",
    zh="这个键对该字段没有意义：没有 `copy` 却写 `editable`，对不引用任何表单的字段写 `where` 或 `search`，对 `lines` 写表达式。",
)


_NAME_OR_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,2}")


def lower_fields(lowering: Lowering, form: FormShape) -> tuple[Field, ...]:
    """Return the fields of a form in order. Broken ones are left out; they were reported."""
    lowered = (_lower(lowering, form, shape) for shape in form.fields.values())
    return tuple(field for field in lowered if field is not None)


def _lower(lowering: Lowering, form: FormShape, shape: FieldShape) -> Field | None:
    field, written = shape.field, shape.written
    if field is None or written is None:
        return field
    are_rows = isinstance(field.value_type, Rows)
    is_counted = not written.extra.keys().isdisjoint(_OF_NUMBERS)
    if are_rows or not written.nodes.keys().isdisjoint(_IN_COMBINATION):
        _check_combination(lowering, shape, written)
    if are_rows:
        # Of rows only where they were before is lowered; the rest has no meaning for them, and was reported.
        moved_from = _moved_from(lowering, form, shape, written) if words.MOVED_FROM in written else None
        return Field(**shape.arguments, moved_from=moved_from) if moved_from else field
    if written.nodes.keys().isdisjoint(_LOWERED_WORDS) and not is_counted:
        return field
    lowered: dict[str, Any] = {
        name: lower(lowering, form, shape, written)
        for key, name, lower in _LOWERED
        if key.name in written.nodes
    }
    if is_counted:
        lowered["unit"] = _unit(lowering, form, shape, written)
    given = {name: value for name, value in lowered.items() if value}
    return Field(**shape.arguments, **given) if given else field


# Options that may name a field, which says what a number is counted in.
_OF_NUMBERS = frozenset({"unit", "currency"})

_Lower = Callable[[Lowering, FormShape, FieldShape, Written], object]


def _expression(key: Key[ScalarNode]) -> _Lower:
    """Return how a word is lowered that gives a value of the field."""

    def lower(lowering: Lowering, form: FormShape, shape: FieldShape, written: Written) -> object:
        return lowering.checking.expression(written[key], lowering.places.record(form.id), shape.type)

    return lower


def _condition(key: Key[ScalarNode]) -> _Lower:
    """Return how a word is lowered that says when the field is something."""

    def lower(lowering: Lowering, form: FormShape, shape: FieldShape, written: Written) -> object:
        del shape
        return lowering.checking.condition(written[key], lowering.places.record(form.id))

    return lower


def _default(lowering: Lowering, form: FormShape, shape: FieldShape, written: Written) -> object:
    node = written.value_of(words.DEFAULT)
    return lowering.values.of_field(node, lowering.places.record(form.id), shape)


def _compute(lowering: Lowering, form: FormShape, shape: FieldShape, written: Written) -> Expression | None:
    scope = lowering.places.stored(form.id)
    return lowering.checking.expression(written[words.COMPUTE], scope, shape.type)


def _unit(lowering: Lowering, form: FormShape, shape: FieldShape, written: Written) -> Template | None:
    """Return what stands behind a number: a text, or what the field at a path says (`unit`, `currency: =field`)."""
    pair = written.extra.get("unit") or written.extra.get("currency")
    if pair is None or not isinstance(shape.type, Number) or not isinstance(pair[1], ScalarNode):
        return None
    node = pair[1]
    text, is_unit = node.text.removeprefix("="), pair[0].text == "unit"
    is_path = node.text != text or (
        is_unit and _NAME_OR_PATH.fullmatch(text) is not None and ("." in text or text in form.fields)
    )
    if not is_path:
        return Template((TemplatePart(text=text),)) if is_unit else None
    scope = lowering.places.record(form.id)
    found = lowering.checking.checked(node, scope, skip=len(node.text) - len(text)).expression
    if found is None:
        return None
    if isinstance(found.type, Text | Choice) or (is_unit and isinstance(found.type, Record)):
        return Template((TemplatePart(expression=found),))
    name = type_name(found.type)
    lowering.reading.report(
        NOT_A_UNIT,
        node,
        label(zh=f"`{text}` 是{name['zh']}，不能当单位或币种", en=f"`{text}` is {name['en']}, not a unit"),
        label(
            zh="写文字、单选或引用字段的路径", en="name a text or a choice; a unit may be a reference as well"
        ),
    )
    return None


def _convert(lowering: Lowering, form: FormShape, shape: FieldShape, written: Written) -> Expression | None:
    scope = lowering.places.converted(form.id)
    return lowering.checking.expression(written[words.CONVERT], scope, shape.type)


def _moved_from(lowering: Lowering, form: FormShape, shape: FieldShape, written: Written) -> str | None:
    """Return the old path of a field; what it names is gone, so that only its shape can be checked."""
    del form, shape
    text = written[words.MOVED_FROM]
    if text is None or _PATH.fullmatch(text):
        return text
    lowering.reading.report(
        WRONG_VALUE,
        written.value_of(words.MOVED_FROM),
        label(zh=f"`{text}` 不是 `表单.字段`", en=f"`{text}` is not a `form.field`"),
        label(zh="例如 `order.carrier` 或 `order.lines.carrier`", en="for example `order.carrier`"),
    )
    return None


def path_of(form: FormShape, field: str) -> str:
    """Return the path of a field from the form that people open: `total`, `lines.qty`."""
    return field if form.parent is None else f"{form.id.split('.', 1)[1]}.{field}"


def _checks(lowering: Lowering, form: FormShape, shape: FieldShape, written: Written) -> tuple[Check, ...]:
    that = lowering.checking.condition(written[words.CHECK], lowering.places.value(form.id, shape.type))
    if that is None:
        return ()
    error = written[words.ERROR] or _not_allowed(shape.label)
    return (Check(id=f"{path_of(form, shape.id)}.check", that=that, error=error, at=shape.id),)


def _not_allowed(name: Label) -> Label:
    chinese = name.get("zh") or next(iter(name.values()))
    english = name.get("en") or next(iter(name.values()))
    return label(zh=f"{chinese}的值不符合要求", en=f"{english} has a value that is not allowed")


def _where(lowering: Lowering, form: FormShape, shape: FieldShape, written: Written) -> Expression | None:
    target = shape.field.target if shape.field is not None else None
    if target is None:
        return None
    scope = lowering.places.candidate(form.id, target)
    return lowering.checking.condition(written[words.WHERE], scope)


def _search(lowering: Lowering, form: FormShape, shape: FieldShape, written: Written) -> tuple[str, ...]:
    del form
    target = shape.field.target if shape.field is not None else None
    if target is None:
        return ()
    return lowering.field_paths(lowering.compilation.shapes[target], written[words.SEARCH])


# Each word with its name in the model, in the order in which they are read.
_LOWERED: tuple[tuple[Key[Any], str, _Lower], ...] = (
    (words.DEFAULT, "default", _default),
    (words.COPY, "copy", _expression(words.COPY)),
    (words.COMPUTE, "compute", _compute),
    (words.VIRTUAL, "virtual", _expression(words.VIRTUAL)),
    (words.CHECK, "checks", _checks),
    (words.VISIBLE_IF, "visible_if", _condition(words.VISIBLE_IF)),
    (words.REQUIRED_IF, "required_if", _condition(words.REQUIRED_IF)),
    (words.READONLY_IF, "readonly_if", _condition(words.READONLY_IF)),
    (words.WHERE, "where", _where),
    (words.SEARCH, "search", _search),
    (words.MOVED_FROM, "moved_from", _moved_from),
    (words.BACKFILL, "backfill", _expression(words.BACKFILL)),
    (words.CONVERT, "convert", _convert),
)
_LOWERED_WORDS = frozenset(key.name for key, _, _ in _LOWERED)


def _check_combination(lowering: Lowering, shape: FieldShape, written: Written) -> None:
    derived = [key for key in (words.COPY, words.COMPUTE, words.VIRTUAL) if key in written]
    if derived and derived[0] is not words.COPY and words.DEFAULT in written:
        derived.append(words.DEFAULT)  # type: ignore[arg-type] # read as a node, only its place is needed
    if len(derived) > 1:
        lowering.reading.report(
            DERIVED_TWICE,
            written.key_of(derived[1]),
            label(
                zh=f"`{derived[0].name}` 和 `{derived[1].name}` 不能同时写",
                en=f"`{derived[0].name}` and `{derived[1].name}` cannot both say what the field holds",
            ),
            label(zh="保留一个", en="keep one of them"),
            notes=(
                Note(
                    text=label(zh="另一个在这里", en="the other stands here"),
                    span=written.key_of(derived[0]).span,
                ),
            ),
        )
    if words.EDITABLE in written and words.COPY not in written:
        _report_meaningless(
            lowering, written, words.EDITABLE, zh="没有 `copy` 的字段", en="a field without `copy`"
        )
    if shape.field is not None and shape.field.target is None:
        for key in _ONLY_FOR_REFERENCES:
            if key in written:
                _report_meaningless(
                    lowering, written, key, zh="不是引用的字段", en="a field that refers to nothing"
                )
    if isinstance(shape.type, Rows):
        for key in _NOT_FOR_LINES:
            if key in written:
                _report_meaningless(lowering, written, key, zh="明细", en="lines")


_ONLY_FOR_REFERENCES: tuple[Key[object], ...] = (words.WHERE, words.SEARCH)
# Most fields have none of these; of `lines` more is looked at.
_IN_COMBINATION = frozenset(
    key.name for key in (words.COPY, words.COMPUTE, words.VIRTUAL, words.EDITABLE, words.WHERE, words.SEARCH)
)
_NOT_FOR_LINES: tuple[Key[object], ...] = (
    words.DEFAULT,
    words.COPY,
    words.COMPUTE,
    words.VIRTUAL,
    words.CHECK,
    words.UNIQUE,
    words.INDEX,
    words.SET_ONCE,
    words.MASK,
    words.BACKFILL,
    words.CONVERT,
)


def _report_meaningless(lowering: Lowering, written: Written, key: Key[object], *, zh: str, en: str) -> None:
    lowering.reading.report(
        MEANINGLESS_OPTION,
        written.key_of(key),
        label(zh=f"`{key.name}` 对{zh}没有意义", en=f"`{key.name}` has no meaning for {en}"),
        label(zh=f"删掉 `{key.name}`", en=f"delete `{key.name}`"),
    )
