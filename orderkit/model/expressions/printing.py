"""A typed expression as people would write it: for the head of a revision, a plan, a message.

What is printed means the same to a reader. It is not promised that the compiler reads it back: names
inside an aggregate are printed in full, and brackets may be more than the author's.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import assert_never

from orderkit.model.expressions.nodes import (
    Aggregate,
    Balance,
    Binary,
    BinaryOperator,
    Call,
    Changed,
    Each,
    Expression,
    Find,
    Get,
    IfElse,
    IsEmpty,
    Items,
    Literal,
    Root,
    Scalar,
    Structure,
    Template,
    Unary,
    UnaryOperator,
)
from orderkit.model.expressions.types import Text

# What the compiler puts around outside data, which people do not write.
_OF_JSON = "json_"
_LOOSEST = 0
_TIGHTEST = 9
_STRENGTH = {
    BinaryOperator.OR: 1,
    BinaryOperator.AND: 2,
    BinaryOperator.ADD: 5,
    BinaryOperator.SUBTRACT: 5,
    BinaryOperator.MULTIPLY: 6,
    BinaryOperator.DIVIDE: 6,
    BinaryOperator.REMAINDER: 6,
}
_OF_COMPARISONS = 4


def as_written(expression: Expression) -> str:
    """Return the expression as text; fields of the record itself are bare names."""
    return _text(expression, {"record": ""}, _LOOSEST)


def _text(node: Expression, rows: Mapping[str, str], around: int) -> str:
    """Return the text of a node; `rows` says how a root is called, `around` how tightly its place binds."""
    text, strength = _printed(node, rows)
    return f"({text})" if strength < around else text


def _printed(node: Expression, rows: Mapping[str, str]) -> tuple[str, int]:  # noqa: C901 - one case a node
    """Return the text of a node, and how tightly it holds together."""
    match node:
        case Literal(value=None, type=Text()):
            return "''", _TIGHTEST
        case Literal(value=value):
            return _literal(value), _TIGHTEST
        case Root(name=name):
            return rows.get(name) or ("this" if name == "record" else name), _TIGHTEST
        case Get(base=base, field=name):
            before = (
                rows.get(base.name, base.name) if isinstance(base, Root) else _text(base, rows, _TIGHTEST)
            )
            return f"{before}.{name}" if before else name, _TIGHTEST
        case Unary(operator=UnaryOperator.NOT, operand=IsEmpty(operand=inner)):
            return f"{_text(inner, rows, _OF_COMPARISONS + 1)} != null", _OF_COMPARISONS
        case Unary(operator=UnaryOperator.NOT, operand=operand):
            return f"not {_text(operand, rows, 3)}", 3
        case Unary(operand=operand):
            return f"-{_text(operand, rows, 7)}", 7
        case Binary(operator=operator, left=left, right=right):
            strength = _STRENGTH.get(operator, _OF_COMPARISONS)
            first, second = _text(left, rows, strength), _text(right, rows, strength + 1)
            return f"{first} {operator.value} {second}", strength
        case IsEmpty(operand=operand):
            return f"{_text(operand, rows, _OF_COMPARISONS + 1)} == null", _OF_COMPARISONS
        case IfElse(test=test, then=then, otherwise=otherwise):
            parts = (_text(then, rows, 1), _text(test, rows, 1), _text(otherwise, rows, _LOOSEST))
            return f"{parts[0]} if {parts[1]} else {parts[2]}", _LOOSEST
        case Items(items=items):
            return f"[{_listed(items, rows)}]", _TIGHTEST
        case Call(function=name, arguments=(inner,)) if name.startswith(_OF_JSON):
            return _printed(inner, rows)
        case Call(function=name, arguments=arguments):
            return f"{name}({_listed(arguments, rows)})", _TIGHTEST
        case Aggregate():
            return _aggregate(node, rows), _TIGHTEST
        case Find(form=form, row=row, where=where):
            inside = {**rows, row: "", "record": "this"}
            return f"find({form}, {_text(where, inside, _LOOSEST)})", _TIGHTEST
        case Balance(ledger=ledger, measure=measure, keys=keys):
            given = [f"{key.name}={_text(key.value, rows, _LOOSEST)}" for key in keys]
            return f"balance({', '.join([f'{ledger}.{measure}', *given])})", _TIGHTEST
        case Changed(field=name):
            return f"changed({name})", _TIGHTEST
        case Template(parts=parts):
            return json.dumps("".join(_part(part.text, part.expression, rows) for part in parts)), _TIGHTEST
        case Structure(entries=entries):
            pairs = ", ".join(f"{each.name}: {_text(each.value, rows, _LOOSEST)}" for each in entries)
            return f"{{{pairs}}}", _TIGHTEST
        case Each(rows=of, row=row, value=value):
            named = _text(of, rows, _TIGHTEST)
            return f"{{each: {named}, set: {_text(value, {**rows, row: 'item'}, _LOOSEST)}}}", _TIGHTEST
        case _:
            assert_never(node)


def _aggregate(node: Aggregate, rows: Mapping[str, str]) -> str:
    collection = _text(node.rows, rows, _TIGHTEST)
    inside = {**rows, node.row: collection}
    value = collection if node.value is None else _text(node.value, inside, _LOOSEST)
    where = "" if node.where is None else f", where={_text(node.where, inside, _LOOSEST)}"
    return f"{node.function.value}({value}{where})"


def _listed(nodes: tuple[Expression, ...], rows: Mapping[str, str]) -> str:
    return ", ".join(_text(each, rows, _LOOSEST) for each in nodes)


def _part(text: str, expression: Expression | None, rows: Mapping[str, str]) -> str:
    return text if expression is None else f"{{{_text(expression, rows, _LOOSEST)}}}"


def _literal(value: Scalar) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return str(value)
        case str():
            return _quoted(value)
        case datetime():
            return f"datetime({_quoted(value.isoformat())})"
        case date():
            return f"date({_quoted(value.isoformat())})"
        case time():
            return _quoted(value.isoformat())
        case timedelta():
            return f"{int(value.total_seconds())}s"
        case tuple():
            return f"[{', '.join(_literal(each) for each in value)}]"
        case _:
            assert_never(value)


def _quoted(text: str) -> str:
    escaped = json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{escaped}'"
