"""Literals: what a scalar means for the field or the type that it is given to, or as YAML has it."""

import re
from datetime import date
from decimal import Decimal

from orderkit.fields.field_type import Invalid
from orderkit.language.compile.places.context import Compilation
from orderkit.language.compile.shapes.shape import FieldShape
from orderkit.language.expressions.kinship import type_name
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Reading
from orderkit.language.spec.readers import FLAG
from orderkit.model.expressions.nodes import Literal
from orderkit.model.expressions.types import Boolean, Date, Number, Text, Type
from orderkit.model.labels import Label, label

WRONG_LITERAL = Code(
    "OK3102",
    "wrong-value-for-field",
    ERROR,
    since="0.1",
    explain="""
    A value is not one that its field can have: a word for a number, an unknown option, a value out of bounds.
    ~~~yaml bad
    form: product
    fields: {price: {type: money, default: cheap}}
    ~~~
    ~~~yaml good
    form: product
    fields: {price: {type: money, default: 9.90}}
    ~~~""",
    zh="值不是该字段可以有的：数字写成了词、选项不存在、超出范围。",
)

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d{1,12})?")
_CALL = re.compile(r"[a-z_]+\(.*\)")


def literal_of(compilation: Compilation, node: ScalarNode, field: FieldShape) -> Literal | None:
    """Return the literal that a field, not one of records, is given, or None where the field cannot have it."""
    assert field.field is not None
    if isinstance(field.type, Boolean):
        flag = FLAG.read(node, compilation.reading)
        return None if flag is None else Literal(flag, Boolean())
    compilation.name_option(field, node)
    field_type = compilation.catalog.fields[field.field.type]
    options = field.field.options
    is_ratio = isinstance(field.type, Number) and field.type.is_ratio
    is_bare = is_ratio and not node.text.rstrip().endswith(("%", "％"))
    read = field_type.from_json if is_bare else field_type.parse
    value = read(options, node.text)
    if is_bare and isinstance(value, Decimal):
        value = _certain_ratio(value, node.text)
    problem = value if isinstance(value, Invalid) else field_type.check(options, value)
    if isinstance(problem, Invalid) or isinstance(value, Invalid):
        assert isinstance(problem, Invalid)
        compilation.reading.report(
            WRONG_LITERAL,
            node,
            label(
                zh=f"`{node.text}` 不能作为 `{field.id}` 的值：{problem.message.get('zh', '')}",
                en=f"`{node.text}` is no value for `{field.id}`: {problem.message.get('en', '')}",
            ),
            _how_to_write(node.text, problem.expected),
        )
        return None
    return Literal(value, field.type)


def report_wrong_type(reading: Reading, node: ScalarNode, kind: Type) -> None:
    """Report a literal that is none of the type that stands here."""
    name = type_name(kind)
    reading.report(
        WRONG_LITERAL,
        node,
        label(zh=f"`{node.text}` 不是{name['zh']}", en=f"`{node.text}` is not {name['en']}"),
        label(zh="表达式以 `=` 开头", en="an expression begins with `=`"),
    )


def date_of(node: ScalarNode) -> Literal | None:
    """Return the day that a text stands for, as `2025-05-01`."""
    try:
        return Literal(date.fromisoformat(node.text), Date())
    except ValueError:
        return None


def untyped(node: ScalarNode, *, is_text: bool | None = None) -> Literal:
    """Read a literal without a target as YAML 1.2 does, but numbers exactly and `0012` as a text.

    What is quoted is a text, unless the place says that it is none.
    """
    if not (bool(node.style) if is_text is None else is_text):
        if node.text in ("true", "false"):
            return Literal(node.text == "true", Boolean())
        if _NUMBER.fullmatch(node.text):
            value = Decimal(node.text)
            scale = -int(value.as_tuple().exponent)
            return Literal(value if scale else int(value), Number(scale=scale))
    return Literal(node.text, Text())


def _how_to_write(text: str, expected: Label | None) -> Label | None:
    """Return how to write a value that was written `text`: a call as an expression, else what is expected."""
    if _CALL.fullmatch(text):
        return label(
            zh=f"要计算就在前面加 `=`：`={text}`", en=f"put `=` before what is to be computed: `={text}`"
        )
    if expected is None:
        return None
    return label(zh=f"应为{expected.get('zh', '')}", en=f"expected: {expected.get('en', '')}")


def _certain_ratio(value: Decimal, text: str) -> Decimal | Invalid:
    """Return a ratio, unless it could as well be meant as a percentage: 15 is 1500%, or 15%."""
    if abs(value) <= 1:
        return value
    return Invalid(
        label(
            zh=f"说不清是 {text}% 还是它的一百倍；写 `{text}%`",
            en=f"it may mean {text}% or a hundred times that; write `{text}%`",
        )
    )
