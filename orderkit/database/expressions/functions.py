"""The functions of the language in SQL, one entry each.

An operation on an empty value is empty, so what a dialect would do with NULL is mended here.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import sqlalchemy as sa

from orderkit.database.expressions import moments, outside, quantities, structures, texts
from orderkit.database.expressions.scope import Sql
from orderkit.model.expressions.evaluation.texts import MAX_CHARACTERS
from orderkit.model.expressions.nodes import Call
from orderkit.model.expressions.types import Duration, Many, Number

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


def _scale(call: Call) -> int:
    assert isinstance(call.type, Number)
    return call.type.scale


def _round(call: Call, compiler: "Compiler") -> Sql:
    found, scale = compiler.as_type(call.arguments[0], call.type), _scale(call)
    return found if compiler.scope.is_sqlite else compiler.arithmetic.bounded(found, scale)


def _number(call: Call, compiler: "Compiler") -> Sql:
    text, scale = compiler.value(call.arguments[0]), _scale(call)
    if isinstance(call.arguments[0].type, Duration):
        seconds = compiler.arithmetic.whole(sa.type_coerce(text, sa.BigInteger()))
        return compiler.arithmetic.rescaled(seconds, 0, scale)
    if compiler.scope.is_sqlite:
        return sa.func.ok_number(text, scale, type_=compiler.arithmetic.kind(scale))
    readable = sa.case(
        (text.regexp_match(outside.NUMERAL), text), else_=sa.literal("not a number: ", sa.Text()).concat(text)
    )
    return compiler.arithmetic.bounded(sa.cast(readable, sa.Numeric()), scale)


def _abs(call: Call, compiler: "Compiler") -> Sql:
    return compiler.arithmetic.absolute(compiler.value(call.arguments[0]), _scale(call))


def _extreme(*, is_least: bool) -> Compiled:
    def compiled(call: Call, compiler: "Compiler") -> Sql:
        values = _values(call, compiler)
        kind = values[0].type
        if compiler.scope.is_sqlite:
            if isinstance(call.type, Number):
                return compiler.arithmetic.extreme(values, call.type.scale, is_least=is_least)
            return (sa.func.min if is_least else sa.func.max)(*values, type_=kind)
        # LEAST and GREATEST of PostgreSQL pass over NULL; here one empty value makes it empty.
        some_empty = sa.func.num_nulls(*values, type_=sa.Integer()) > 0
        function = sa.func.least if is_least else sa.func.greatest
        return sa.case((some_empty, sa.null()), else_=function(*values, type_=kind))

    return compiled


def _coalesce(call: Call, compiler: "Compiler") -> Sql:
    values = _values(call, compiler)
    return sa.func.coalesce(*values, type_=values[0].type)


def _length(call: Call, compiler: "Compiler") -> Sql:
    value = compiler.value(call.arguments[0])
    is_many = isinstance(call.arguments[0].type, Many)
    return compiler.arithmetic.whole(structures.count(value) if is_many else sa.func.length(value))


def _ascii_case(name: str) -> Compiled:
    def compiled(call: Call, compiler: "Compiler") -> Sql:
        value = compiler.value(call.arguments[0])
        # SQLite folds ASCII only; the C collation makes PostgreSQL do the same.
        folded = value if compiler.scope.is_sqlite else sa.collate(value, "C")
        return sa.func.__getattr__(name)(folded, type_=sa.Text())

    return compiled


def _trim(call: Call, compiler: "Compiler") -> Sql:
    return sa.func.nullif(sa.func.trim(compiler.value(call.arguments[0])), "", type_=sa.Text())


def _contains(call: Call, compiler: "Compiler") -> Sql:
    text, part = _raw(call, compiler)
    function = sa.func.instr if compiler.scope.is_sqlite else sa.func.strpos
    return function(text, part, type_=sa.Integer()) > 0


def _starts_with(call: Call, compiler: "Compiler") -> Sql:
    text, part = _raw(call, compiler)
    return sa.func.substr(text, 1, sa.func.length(part), type_=sa.Text()) == part


def _ends_with(call: Call, compiler: "Compiler") -> Sql:
    text, part = _raw(call, compiler)
    length = sa.func.length(text, type_=sa.Integer()) - sa.func.length(part, type_=sa.Integer())
    # A part that is longer than the text is no end of it, and must not be cut to fit.
    behind = sa.case((length >= 0, sa.func.substr(text, length + 1)), else_="")
    return sa.case((length.is_(None), sa.null()), else_=sa.type_coerce(behind, sa.Text()) == part)


def _concat(call: Call, compiler: "Compiler") -> Sql:
    parts = [sa.func.coalesce(texts.plain(each, compiler), "", type_=sa.Text()) for each in call.arguments]
    joined: Sql = parts[0]
    for part in parts[1:]:
        joined = joined.concat(part)
    return sa.func.nullif(joined, "", type_=sa.Text())


def _replace(call: Call, compiler: "Compiler") -> Sql:
    text, old, new = _raw(call, compiler)
    # Replacing by nothing is meant as such; nothing to look for changes nothing.
    by = sa.func.coalesce(new, "", type_=sa.Text())
    if compiler.scope.is_sqlite:
        return sa.func.ok_replace(text, sa.func.coalesce(old, "", type_=sa.Text()), by, type_=sa.Text())
    # Named in a query of its own, for each stands here several times and may nest; OFFSET keeps
    # PostgreSQL from writing them out everywhere after all.
    given = (
        sa.select(text.label("text"), old.label("old"), by.label("by"))
        .correlate_except()
        .offset(0)
        .subquery()
    )
    length = _size(given.c.text)
    times = (length - _size(sa.func.replace(given.c.text, given.c.old, "", type_=sa.Text()))) / _size(
        given.c.old
    )
    is_too_long = length + times * (_size(given.c.by) - _size(given.c.old)) > MAX_CHARACTERS
    # PostgreSQL refuses to read this as a number; all three, so that it hangs on the row and waits for it.
    some = [sa.func.left(each, 1, type_=sa.Text()) for each in (given.c.text, given.c.old, given.c.by)]
    refusal = some[0].concat(some[1]).concat(some[2]).concat(": too long a text")
    replaced = sa.case(
        (given.c.old.is_(None), given.c.text),
        (is_too_long, sa.cast(sa.cast(refusal, sa.Integer()), sa.Text())),
        else_=sa.func.replace(given.c.text, given.c.old, given.c.by, type_=sa.Text()),
    )
    found = sa.select(sa.func.nullif(replaced, "", type_=sa.Text()))
    return found.select_from(given).correlate_except(given).scalar_subquery()


def _size(text: Sql) -> Sql:
    return sa.cast(sa.func.length(text), sa.BigInteger())


def _text(call: Call, compiler: "Compiler") -> Sql:
    return texts.plain(call.arguments[0], compiler)


_FUNCTIONS: Mapping[str, Compiled] = {
    "round": _round,
    "number": _number,
    "abs": _abs,
    "least": _extreme(is_least=True),
    "greatest": _extreme(is_least=False),
    "coalesce": _coalesce,
    "len": _length,
    "lower": _ascii_case("lower"),
    "upper": _ascii_case("upper"),
    "trim": _trim,
    "contains": _contains,
    "starts_with": _starts_with,
    "ends_with": _ends_with,
    "concat": _concat,
    "replace": _replace,
    "text": _text,
    **outside.FUNCTIONS,
    **moments.FUNCTIONS,
    **quantities.FUNCTIONS,
}
