"""Conversion of units and amounts in Chinese words in SQL.

SQLite calls the functions that Python evaluates with. PostgreSQL gets the table of units as CASE, and
an amount in words by rewriting its digits.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import sqlalchemy as sa

from orderkit.database.expressions.scope import Sql
from orderkit.model.expressions.evaluation.units import UNITS, factor_between
from orderkit.model.expressions.nodes import Call, Literal
from orderkit.model.expressions.types import DIVISION_SCALE, MAX_DIGITS, Number

if TYPE_CHECKING:
    from orderkit.database.expressions.compiler import Compiler

# What rewriting does with sixteen digits of 元, each followed by its place, in this order.
_READING = (
    ("零[仟佰拾]", "零"),  # a zero has no place
    ("零+", "零"),  # several are read once
    ("零([万亿元])", r"\1"),  # at the end of four digits not at all
    ("亿万元", "亿元"),
    ("亿万", "亿零"),  # four zeros between two digits are read
    ("零+", "零"),
    ("^[零万亿]+", ""),
    ("^元", ""),
)
_PLACES = "仟佰拾万仟佰拾亿仟佰拾万仟佰拾元"


def _scale(call: Call) -> int:
    kind = call.arguments[0].type
    assert isinstance(kind, Number)
    return kind.scale


def _convert(call: Call, compiler: "Compiler") -> Sql:
    quantity, scale = compiler.value(call.arguments[0]), _scale(call)
    source, target = (compiler.value(each) for each in call.arguments[1:])
    if compiler.scope.is_sqlite:
        return sa.func.ok_convert(quantity, scale, source, target, type_=sa.BigInteger())
    units = [each.value for each in call.arguments[1:] if isinstance(each, Literal)]
    if len(units) == 2 and (factor := factor_between(*map(str, units))):
        above, below = _number(factor.numerator), _number(factor.denominator)
    else:
        above = _by_unit(source, _above) * _by_unit(target, _below)
        below = _by_unit(source, _below) * _by_unit(target, _above)
        dimensions = [
            sa.case({name: unit.dimension for name, unit in UNITS.items()}, value=each)
            for each in (source, target)
        ]
        below = sa.case((dimensions[0] == dimensions[1], below), else_=sa.null())
    product = sa.type_coerce(sa.cast(quantity, sa.Numeric()) * above, sa.Numeric())
    return compiler.arithmetic.divide(product, DIVISION_SCALE, below, 0)


def _above(factor: Fraction) -> int:
    return factor.numerator


def _below(factor: Fraction) -> int:
    return factor.denominator


def _number(value: int) -> Sql:
    return sa.literal_column(f"{value}::numeric", sa.Numeric())


def _by_unit(unit: Sql, part: Callable[[Fraction], int]) -> Sql:
    sizes = {name: _number(part(each.factor)) for name, each in UNITS.items()}
    return sa.type_coerce(sa.case(sizes, value=unit), sa.Numeric())


def _rmb_upper(call: Call, compiler: "Compiler") -> Sql:
    amount = compiler.value(call.arguments[0])
    if compiler.scope.is_sqlite:
        return sa.func.ok_rmb_upper(amount, _scale(call), type_=sa.Text())
    # The cast rounds half-up, and refuses what has more than 18 digits.
    rounded = sa.cast(amount, sa.Numeric(MAX_DIGITS, 2))
    cents = sa.cast(sa.func.trunc(sa.func.abs(rounded, type_=sa.Numeric()) * 100), sa.Text())
    digits = sa.func.translate(
        sa.func.lpad(cents, MAX_DIGITS, "0"),
        "0123456789",
        "零壹贰叁肆伍陆柒捌玖",
        type_=sa.Text(),
    )
    whole: Sql = sa.literal("", sa.Text())
    for place, name in enumerate(_PLACES, 1):
        whole = whole.concat(_digit(digits, place)).concat(name)
    for pattern, by in _READING:
        whole = sa.func.regexp_replace(whole, pattern, by, "g", type_=sa.Text())
    jiao, fen = _digit(digits, 17), _digit(digits, 18)
    tenths = sa.case((jiao != "零", jiao.concat("角")), (whole == "", ""), else_="零")
    behind = sa.case(
        (sa.and_(jiao == "零", fen == "零"), "整"),
        else_=tenths.concat(sa.case((fen != "零", fen.concat("分")), else_="")),
    )
    return sa.case(
        (rounded == 0, "零元整"),
        else_=sa.case((rounded < 0, "负"), else_="").concat(whole).concat(behind),
    )


def _digit(digits: Sql, place: int) -> Sql:
    return sa.func.substr(digits, place, 1, type_=sa.Text())


FUNCTIONS: Mapping[str, Callable[[Call, "Compiler"], Sql]] = {"convert": _convert, "rmb_upper": _rmb_upper}
