"""The functions of the language in SQL, one entry each.

An operation on an empty value is empty, so what a dialect would do with NULL is mended here.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import sqlalchemy as sa

from orderkit.database.expressions import texts
from orderkit.database.expressions.scope import Sql
from orderkit.model.expressions import Call, Literal
from orderkit.model.types import DateTime, Number

if TYPE_CHECKING:
    from orderkit.database.expressions.compiler import Compiler

Compiled = Callable[[Call, "Compiler"], Sql]


def compile_call(call: Call, compiler: "Compiler") -> Sql:
    """Return a call of a function of the language."""
    return _FUNCTIONS[call.function](call, compiler)


def _values(call: Call, compiler: "Compiler") -> list[Sql]:
    return [compiler.as_type(argument, call.type) for argument in call.arguments]


def _raw(call: Call, compiler: "Compiler") -> list[Sql]:
    return [compiler.value(argument) for argument in call.arguments]


def _whole(call: Call, index: int, compiler: "Compiler") -> Sql:
    argument = call.arguments[index]
    assert isinstance(argument.type, Number)
    value = compiler.arithmetic.rescaled(compiler.value(argument), argument.type.scale, 0)
    return sa.cast(value, sa.Integer())


def _round(call: Call, compiler: "Compiler") -> Sql:
    source, target = call.arguments[0].type, call.type
    assert isinstance(source, Number)
    assert isinstance(target, Number)
    value = compiler.value(call.arguments[0])
    places = call.arguments[1] if len(call.arguments) > 1 else None
    wanted = int(str(places.value)) if isinstance(places, Literal) and places.value is not None else 0
    if wanted < source.scale:
        value = compiler.arithmetic.rescaled(value, source.scale, wanted)
        return compiler.arithmetic.rescaled(value, wanted, target.scale)
    return compiler.arithmetic.rescaled(value, source.scale, target.scale)


def _abs(call: Call, compiler: "Compiler") -> Sql:
    return compiler.arithmetic.raw(sa.func.abs(compiler.as_type(call.arguments[0], call.type)))


def _extreme(name: str, lite: str) -> Compiled:
    def compiled(call: Call, compiler: "Compiler") -> Sql:
        values = _values(call, compiler)
        if compiler.scope.is_sqlite:
            return sa.func.__getattr__(lite)(*values, type_=values[0].type)
        # LEAST and GREATEST of PostgreSQL pass over NULL; here one empty value makes it empty.
        some_empty = sa.or_(*(value.is_(None) for value in values))
        return sa.case(
            (some_empty, sa.null()), else_=sa.func.__getattr__(name)(*values, type_=values[0].type)
        )

    return compiled


def _coalesce(call: Call, compiler: "Compiler") -> Sql:
    values = _values(call, compiler)
    return sa.func.coalesce(*values, type_=values[0].type)


def _length(call: Call, compiler: "Compiler") -> Sql:
    return compiler.arithmetic.raw(sa.func.length(compiler.value(call.arguments[0])))


def _ascii_case(name: str) -> Compiled:
    def compiled(call: Call, compiler: "Compiler") -> Sql:
        value = compiler.value(call.arguments[0])
        # SQLite folds ASCII only; the C collation makes PostgreSQL do the same.
        folded = value if compiler.scope.is_sqlite else sa.collate(value, "C")
        return sa.func.__getattr__(name)(folded, type_=sa.Text())

    return compiled


def _trim(call: Call, compiler: "Compiler") -> Sql:
    return sa.func.nullif(sa.func.trim(compiler.value(call.arguments[0])), "", type_=sa.Text())


def _position(call: Call, compiler: "Compiler") -> Sql:
    text, part = _raw(call, compiler)
    function = sa.func.instr if compiler.scope.is_sqlite else sa.func.strpos
    return function(text, part) > 0


def _starts_with(call: Call, compiler: "Compiler") -> Sql:
    text, part = _raw(call, compiler)
    return sa.func.substr(text, 1, sa.func.length(part)) == part


def _ends_with(call: Call, compiler: "Compiler") -> Sql:
    text, part = _raw(call, compiler)
    length = sa.func.length(text, type_=sa.Integer()) - sa.func.length(part, type_=sa.Integer())
    return sa.and_(length >= 0, sa.func.substr(text, length + 1) == part)


def _concat(call: Call, compiler: "Compiler") -> Sql:
    parts = [sa.func.coalesce(texts.as_text(each, compiler), "", type_=sa.Text()) for each in call.arguments]
    joined: Sql = parts[0]
    for part in parts[1:]:
        joined = joined.concat(part)
    return sa.func.nullif(joined, "", type_=sa.Text())


def _replace(call: Call, compiler: "Compiler") -> Sql:
    text, old, new = _raw(call, compiler)
    # Replacing by nothing is meant as such; nothing to look for changes nothing.
    replaced = sa.func.replace(text, old, sa.func.coalesce(new, ""))
    return sa.func.nullif(sa.case((old.is_(None), text), else_=replaced), "", type_=sa.Text())


def _date_part(part: str) -> Compiled:
    def compiled(call: Call, compiler: "Compiler") -> Sql:
        day = _as_date(call, compiler)
        return compiler.arithmetic.raw(sa.cast(sa.extract(part, day), sa.BigInteger()))

    return compiled


def _as_date(call: Call, compiler: "Compiler") -> Sql:
    argument = call.arguments[0]
    value = compiler.value(argument)
    if not isinstance(argument.type, DateTime):
        return value
    zone = str(compiler.scope.constants.timezone)
    if compiler.scope.is_sqlite:
        return sa.func.ok_local_date(value, zone, type_=sa.Date())
    return sa.cast(sa.func.timezone(zone, value), sa.Date())


def _days_between(call: Call, compiler: "Compiler") -> Sql:
    first, second = _raw(call, compiler)
    if compiler.scope.is_sqlite:
        days = sa.func.julianday(second, type_=sa.Float()) - sa.func.julianday(first, type_=sa.Float())
        return sa.cast(days, sa.BigInteger())
    return sa.type_coerce(second - first, sa.Integer())


def _add_days(call: Call, compiler: "Compiler") -> Sql:
    day, count = compiler.value(call.arguments[0]), _whole(call, 1, compiler)
    if compiler.scope.is_sqlite:
        return sa.func.date(day, sa.cast(count, sa.Text()).concat(" days"), type_=sa.Date())
    return sa.type_coerce(day.op("+")(count), sa.Date())


def _add_months(call: Call, compiler: "Compiler") -> Sql:
    day, count = compiler.value(call.arguments[0]), _whole(call, 1, compiler)
    if compiler.scope.is_sqlite:
        return sa.func.ok_add_months(day, count, type_=sa.Date())
    interval = sa.func.make_interval(0, count)
    return sa.cast(day.op("+")(interval), sa.Date())


def _text(call: Call, compiler: "Compiler") -> Sql:
    return texts.as_text(call.arguments[0], compiler)


_FUNCTIONS: Mapping[str, Compiled] = {
    "round": _round,
    "abs": _abs,
    "least": _extreme("least", "min"),
    "greatest": _extreme("greatest", "max"),
    "coalesce": _coalesce,
    "len": _length,
    "lower": _ascii_case("lower"),
    "upper": _ascii_case("upper"),
    "trim": _trim,
    "contains": _position,
    "starts_with": _starts_with,
    "ends_with": _ends_with,
    "concat": _concat,
    "replace": _replace,
    "year": _date_part("year"),
    "month": _date_part("month"),
    "day": _date_part("day"),
    "date": _as_date,
    "days_between": _days_between,
    "add_days": _add_days,
    "add_months": _add_months,
    "text": _text,
}
