"""Domains: how the values of a type are counted in ticks, and how a tick is written."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from orderkit.language.compile.lints.reasoning.values import INFINITE, Values, between
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Boolean, Choice, Date, DateTime, Duration, Number, Time, Type

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - literals are compared among themselves only
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Domain:
    """The values of a type. `tick` may lie between two whole ticks, where a literal has more places.

    `is_ordered` says whether neighbours mean anything: those of numbers and dates do, options have none.
    """

    every: Values
    tick: Callable[[Scalar], Decimal | None]
    shown: Callable[[int], str]
    is_ordered: bool = True


def domain_of(type_: Type) -> Domain | None:
    """Return the domain of a type, or None where its values cannot be counted."""
    match type_:
        case Number(scale=scale):
            return _numbers(scale)
        case Boolean():
            return Domain(between(0, 1), _as_whole, lambda tick: "true" if tick else "false", False)
        case Choice(options=options):
            return _options(options)
        case Date():
            return Domain(
                between(-INFINITE, INFINITE),
                lambda value: Decimal(value.toordinal()) if isinstance(value, date) else None,
                lambda tick: f"date('{date.fromordinal(tick).isoformat()}')",
            )
        case DateTime():
            return Domain(between(-INFINITE, INFINITE), _moment, lambda tick: str(_EPOCH + tick * _TICK))
        case Time():
            return Domain(
                between(-INFINITE, INFINITE), _moment, lambda tick: str((_EPOCH + tick * _TICK).time())
            )
        case Duration():
            return Domain(between(-INFINITE, INFINITE), _moment, lambda tick: str(tick * _TICK))
        case _:
            return None


def _numbers(scale: int) -> Domain:
    def shown(tick: int) -> str:
        text = str(Decimal(tick).scaleb(-scale))
        return text.rstrip("0").rstrip(".") if "." in text else text

    def ticks(value: Scalar) -> Decimal | None:
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return Decimal(value).scaleb(scale) if is_number else None  # type: ignore[arg-type] # is_number says so

    return Domain(between(-INFINITE, INFINITE), ticks, shown)


def _options(options: tuple[str, ...]) -> Domain:
    places = {option: Decimal(place) for place, option in enumerate(options)}
    return Domain(
        between(0, len(options) - 1),
        lambda value: places.get(value) if isinstance(value, str) else None,
        lambda tick: f"'{options[tick]}'",
        is_ordered=False,
    )


def _as_whole(value: Scalar) -> Decimal | None:
    return Decimal(int(value)) if isinstance(value, bool) else None


def _moment(value: Scalar) -> Decimal | None:
    match value:
        case datetime():
            return Decimal((value.replace(tzinfo=None) - _EPOCH) // _TICK)
        case time():
            return Decimal((datetime.combine(_EPOCH, value.replace(tzinfo=None)) - _EPOCH) // _TICK)
        case timedelta():
            return Decimal(value // _TICK)
        case _:
            return None


def compared(operator: str, tick: Decimal) -> Values:
    """Return the ticks that stand in a relation to one that may lie between two."""
    below, above = math.floor(tick), math.ceil(tick)
    is_whole = below == above
    match operator:
        case "<":
            return between(-INFINITE, above - 1)
        case "<=":
            return between(-INFINITE, below)
        case ">":
            return between(below + 1, INFINITE)
        case ">=":
            return between(above, INFINITE)
        case "==":
            return between(below, above) if is_whole else Values()
        case _:
            everything = between(-INFINITE, INFINITE)
            return everything - between(below, above) if is_whole else everything
