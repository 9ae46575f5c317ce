"""Outside data in SQL: members of JSON, and what they are read as.

Inside the compiler outside data is JSON: `jsonb` on PostgreSQL, canonical text on SQLite, where functions
read it as Python does. An empty text and null are NULL.
"""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from orderkit.database.expressions import moments
from orderkit.database.expressions.scope import Sql
from orderkit.model.expressions.evaluation.outside import BLANKS
from orderkit.model.expressions.nodes import Call, Expression, Get
from orderkit.model.expressions.types import Boolean, Json, Number
from orderkit.model.values.json_texts import canonical_json, read_json

if TYPE_CHECKING:
    from orderkit.database.expressions.compiler import Compiler

NUMERAL = r"^ *[+-]?[0-9]{1,40}(\.[0-9]{1,40})? *$"


def constant(value: Any, *, is_sqlite: bool) -> Sql:
    """Return data that is known beforehand."""
    text = None if value is None or value == "" else canonical_json(value)
    return sa.cast(sa.literal(text, sa.Text()), sa.Text() if is_sqlite else _Jsonb())


def whole(column: Sql, *, is_sqlite: bool) -> Sql:
    """Return a JSON field."""
    if is_sqlite:
        return sa.func.ok_json(column, "[]", type_=sa.Text())
    return _filled(sa.cast(column, _Jsonb()))


def member(expression: Get, compiler: "Compiler") -> Sql:
    """Return what an object has under a key, or a list at a place."""
    if compiler.scope.is_sqlite:
        base, path = _path(expression)
        return sa.func.ok_json(compiler.value(base), json.dumps(path), type_=sa.Text())
    data, name = compiler.value(expression.base), expression.field
    if name.isascii() and name.isdecimal():
        return _filled(data.op("#>")(sa.literal_column(f"ARRAY['{name}']")))
    # The operator for a path would take `-1` for the last of a list.
    return _filled(data.op("->")(sa.cast(sa.literal(name, sa.Text()), sa.Text())))


def finished(data: Sql) -> Sql:
    """Return the JSON itself, as readers get it."""
    return sa.type_coerce(sa.cast(data, sa.Text()), _CanonicalJson())


def holds(right: Expression, left: Expression, compiler: "Compiler") -> Sql:
    """Return whether a list holds a text, a number or a truth; what is no list holds nothing."""
    data, item = compiler.value(right), compiler.value(left)
    if compiler.scope.is_sqlite:
        if isinstance(left.type, Number):
            item = compiler.arithmetic.text(item, left.type.scale)
        kind = type(left.type).__name__
        found: Sql = sa.func.ok_json_holds(data, item, kind, type_=sa.Boolean())
        # The item is looked at only where there is something to find it in.
        return sa.case((sa.func.ok_json_has_items(data, type_=sa.Boolean()), found), else_=sa.false())
    kind_of_item: sa.types.TypeEngine[Any] = sa.Text()
    if isinstance(left.type, Number):
        kind_of_item = sa.Numeric()
    elif isinstance(left.type, Boolean):
        kind_of_item = sa.Boolean()
    holds_nothing = sa.or_(data.is_(None), _kind(data) != "array", data == _json("[]"))
    has_empty = sa.or_(_has(data, _json("null")), _has(data, _json('""')))
    return sa.case(
        (holds_nothing, sa.false()),
        (item.is_(None), sa.null()),
        (_has(data, sa.func.to_jsonb(sa.cast(item, kind_of_item))), sa.true()),
        (has_empty, sa.null()),
        else_=sa.false(),
    )


def _text(call: Call, compiler: "Compiler") -> Sql:
    data = compiler.value(call.arguments[0])
    if compiler.scope.is_sqlite:
        return sa.func.ok_json_text(data, type_=sa.Text())
    refused = sa.cast(sa.cast(_refusal("a text", _scalar(data)), sa.Integer()), sa.Text())
    return sa.case((_kind(data).in_(("object", "array")), refused), else_=_scalar(data))


def _number(call: Call, compiler: "Compiler") -> Sql:
    assert isinstance(call.type, Number)
    data, scale = compiler.value(call.arguments[0]), call.type.scale
    if compiler.scope.is_sqlite:
        return sa.func.ok_json_number(data, scale, type_=compiler.arithmetic.kind(scale))
    text = _scalar(data)
    without_commas = sa.func.replace(text, ",", "", type_=sa.Text())
    is_numeral = sa.and_(_kind(data) == "string", without_commas.regexp_match(NUMERAL))
    readable = sa.case(
        (_kind(data) == "number", text),
        (is_numeral, without_commas),
        else_=_refusal("a number", text),
    )
    return compiler.arithmetic.bounded(sa.cast(readable, sa.Numeric()), scale)


def _boolean(call: Call, compiler: "Compiler") -> Sql:
    data = compiler.value(call.arguments[0])
    if compiler.scope.is_sqlite:
        return sa.func.ok_json_boolean(data, type_=sa.Boolean())
    text = sa.func.lower(sa.collate(_trimmed(data), "C"), type_=sa.Text())
    known = sa.case((text.in_(("true", "1", "false", "0")), text), else_=_refusal("true or false", text))
    return sa.cast(known, sa.Boolean())


def _date(call: Call, compiler: "Compiler") -> Sql:
    data = compiler.value(call.arguments[0])
    if compiler.scope.is_sqlite:
        return sa.func.ok_json_date(data, moments.zone_of(compiler), type_=sa.Date())
    text = _trimmed(data)
    has_time = sa.func.length(text) > len("2026-03-01")
    moment = sa.func.timezone(moments.zone_of(compiler), moments.instant_of(text, compiler))
    return sa.case((has_time, sa.cast(moment, sa.Date())), else_=moments.date_of(text))


def _datetime(call: Call, compiler: "Compiler") -> Sql:
    data = compiler.value(call.arguments[0])
    if compiler.scope.is_sqlite:
        return sa.func.ok_json_instant(data, moments.zone_of(compiler), type_=moments.INSTANT)
    return moments.instant_of(_trimmed(data), compiler)


def _path(expression: Expression) -> tuple[Expression, list[str]]:
    """Return the data that an expression looks into, and the keys on the way."""
    path: list[str] = []
    while isinstance(expression, Get) and isinstance(expression.base.type, Json):
        path.insert(0, expression.field)
        expression = expression.base
    return expression, path


def _filled(data: Sql) -> Sql:
    without_null = sa.func.nullif(sa.type_coerce(data, _Jsonb()), _json("null"), type_=_Jsonb())
    return sa.func.nullif(without_null, _json('""'), type_=_Jsonb())


def _json(text: str) -> Sql:
    return sa.literal_column(f"'{text}'::jsonb", _Jsonb())


def _has(data: Sql, item: Sql) -> sa.ColumnElement[bool]:
    return data.op("@>", is_comparison=True)(item)


def _kind(data: Sql) -> Sql:
    return sa.func.jsonb_typeof(data, type_=sa.Text())


def _scalar(data: Sql) -> Sql:
    return sa.type_coerce(data.op("#>>")(sa.literal_column("'{}'::text[]")), sa.Text())


def _trimmed(data: Sql) -> Sql:
    return sa.func.btrim(_scalar(data), BLANKS, type_=sa.Text())


def _refusal(wanted: str, text: Sql) -> Sql:
    """Return a text that PostgreSQL refuses to cast, because it is not what was wanted."""
    return sa.literal(f"not {wanted}: ", sa.Text()).concat(text)


class _CanonicalJson(TypeDecorator[str]):
    """JSON as its canonical text; PostgreSQL by itself writes blanks and another order of keys."""

    impl = sa.Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - the signature of SQLAlchemy
        """Return the canonical text."""
        return None if value is None else canonical_json(read_json(value))


class _Jsonb(sa.types.UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "JSONB"


FUNCTIONS: Mapping[str, Callable[[Call, "Compiler"], Sql]] = {
    "json_text": _text,
    "json_number": _number,
    "json_boolean": _boolean,
    "json_date": _date,
    "json_datetime": _datetime,
}
