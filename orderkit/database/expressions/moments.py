"""Functions of days and instants in SQL. Days begin and end in the project's zone."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from orderkit.database.expressions.scope import Sql
from orderkit.database.schema.column_types import UtcDateTime
from orderkit.model.expressions.evaluation.workdays import WorkingDays
from orderkit.model.expressions.nodes import Call
from orderkit.model.expressions.types import Date, DateTime

if TYPE_CHECKING:
    from orderkit.database.expressions.compiler import Compiler

_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_OFFSET = r"(Z|[+-][0-9]{2}:[0-9]{2})$"
# PostgreSQL by itself takes 24:00 and seconds of 60.
_MOMENT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?(Z|[+-](0[0-9]|1[0-5]):[0-5][0-9])?)?$"
)
INSTANT = UtcDateTime()
_CLOSED: Sql = sa.literal_column("'[]'")

# strftime letters as to_char of PostgreSQL writes them.
_TO_CHAR = {
    "%Y": "YYYY",
    "%y": "YY",
    "%m": "MM",
    "%d": "DD",
    "%H": "HH24",
    "%M": "MI",
    "%S": "SS",
    "%j": "DDD",
    "%G": "IYYY",
    "%V": "IW",
    "%u": "ID",
    "%%": '"%"',
}


def formatted_date(value: Sql, pattern: str, compiler: "Compiler") -> Sql:
    """Return a day as text, by a pattern of strftime."""
    if compiler.scope.is_sqlite:
        return sa.func.ok_format_date(value, pattern, type_=sa.Text())
    return sa.func.to_char(value, _to_char(pattern), type_=sa.Text())


def formatted_instant(value: Sql, pattern: str, compiler: "Compiler") -> Sql:
    """Return an instant as text on the clock of the project's zone."""
    if compiler.scope.is_sqlite:
        return sa.func.ok_format_instant(value, zone_of(compiler), pattern, type_=sa.Text())
    return sa.func.to_char(sa.func.timezone(zone_of(compiler), value), _to_char(pattern), type_=sa.Text())


def _to_char(pattern: str) -> str:
    """Return the pattern for to_char, in which letters mean something unless they are quoted."""
    made: list[str] = []
    position = 0
    while position < len(pattern):
        letter = pattern[position : position + 2]
        if letter in _TO_CHAR:
            made.append(_TO_CHAR[letter])
            position += 2
        else:
            literal = pattern[position].replace("\\", "\\\\").replace('"', '\\"')
            made.append(f'"{literal}"')
            position += 1
    return "".join(made)


def zone_of(compiler: "Compiler") -> str:
    """Return the name of the project's zone."""
    return str(compiler.scope.constants.timezone)


def _part(part: str) -> Callable[[Call, "Compiler"], Sql]:
    def compiled(call: Call, compiler: "Compiler") -> Sql:
        day = compiler.value(call.arguments[0])
        return compiler.arithmetic.whole(sa.cast(sa.extract(part, day), sa.BigInteger()))

    return compiled


def _date(call: Call, compiler: "Compiler") -> Sql:
    argument = call.arguments[0]
    value = compiler.value(argument)
    if isinstance(argument.type, DateTime):
        return local_day(value, zone_of(compiler), is_sqlite=compiler.scope.is_sqlite)
    if compiler.scope.is_sqlite:
        return sa.func.ok_date(value, type_=sa.Date())
    return date_of(value)


def _datetime(call: Call, compiler: "Compiler") -> Sql:
    argument = call.arguments[0]
    value = compiler.value(argument)
    if compiler.scope.is_sqlite:
        return sa.func.ok_instant(value, zone_of(compiler), type_=UtcDateTime())
    if isinstance(argument.type, Date):
        return _within_instants(_of_clock(sa.cast(value, sa.DateTime()), zone_of(compiler)))
    return instant_of(value, compiler)


def local_day(instant: Sql, zone: str, *, is_sqlite: bool) -> Sql:
    """Return the day of an instant on the clock of a zone."""
    if is_sqlite:
        return sa.func.ok_local_date(instant, zone, type_=sa.Date())
    return _within_years(sa.cast(sa.func.timezone(zone, instant), sa.Date()))


def date_of(text: Sql) -> Sql:
    """Return the day that a text says, on PostgreSQL."""
    return sa.cast(_only_if(text, _DAY, "not a date: "), sa.Date())


def instant_of(text: Sql, compiler: "Compiler") -> Sql:
    """Return the instant that a text says, on PostgreSQL; without an offset it is in the project's zone."""
    readable = _only_if(text, _MOMENT, "not a date and time: ")
    local = _of_clock(sa.cast(readable, sa.DateTime()), zone_of(compiler))
    fixed = sa.cast(readable, sa.DateTime(timezone=True))
    return _within_instants(sa.case((text.regexp_match(_OFFSET), fixed), else_=local))


def _within_years(day: Sql) -> Sql:
    """Return the day, which PostgreSQL refuses where it is not one of the years 1 to 9999, as Python does."""
    # A range refuses bounds in the wrong order. Its own bounds are empty where the day is, and it names the
    # day only once, where a condition would double the SQL with each call around it.
    up_to_last = sa.func.daterange(day, sa.cast(date.max, sa.Date()), _CLOSED)
    from_first = sa.func.daterange(sa.cast(date.min, sa.Date()), sa.func.lower(up_to_last), _CLOSED)
    # A range of days ends before its upper bound.
    return sa.type_coerce(sa.func.upper(from_first).op("-")(sa.literal_column("1")), sa.Date())


def _within_instants(moment: Sql) -> Sql:
    """Return the instant, which PostgreSQL refuses where it is not in the years 1 to 9999 of UTC, as Python does."""
    first, last = (
        sa.cast(sa.literal(bound.isoformat(), sa.Text()), sa.DateTime(timezone=True))
        for bound in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
    )
    up_to_last = sa.func.tstzrange(moment, last, _CLOSED)
    from_first = sa.func.tstzrange(first, sa.func.lower(up_to_last), _CLOSED)
    return sa.type_coerce(sa.func.upper(from_first), INSTANT)


def _of_clock(clock: Sql, zone: str) -> Sql:
    """Return the instant at which the clock of a zone shows a time.

    PostgreSQL by itself takes the second of two showings, and Python the first; and of a time that is left
    out both take the offset from before. So offsets from a day before and after are tried in this order.
    """
    day: Sql = sa.literal_column("interval '1 day'")
    instants = []
    for near in (clock - day, clock + day):
        shown = sa.func.timezone(zone, sa.func.timezone("UTC", near))
        instants.append(sa.func.timezone("UTC", clock - (shown - near), type_=UtcDateTime()))
    before, after = instants
    is_of_after = sa.and_(sa.func.timezone(zone, before) != clock, sa.func.timezone(zone, after) == clock)
    return sa.type_coerce(sa.case((is_of_after, after), else_=before), UtcDateTime())


def _only_if(text: Sql, pattern: str, complaint: str) -> Sql:
    """Return the text, or where it does not match one that PostgreSQL refuses to cast."""
    return sa.case((text.regexp_match(pattern), text), else_=sa.literal(complaint, sa.Text()).concat(text))


def _days_between(call: Call, compiler: "Compiler") -> Sql:
    first, second = (compiler.value(argument) for argument in call.arguments)
    if compiler.scope.is_sqlite:
        return sa.func.ok_days_between(first, second, type_=sa.BigInteger())
    return sa.type_coerce(second.op("-")(first), sa.Numeric())


def _workdays_between(call: Call, compiler: "Compiler") -> Sql:
    first, second = (compiler.value(argument) for argument in call.arguments)
    calendar = compiler.scope.constants.calendar
    if compiler.scope.is_sqlite:
        week = "".join(str(day) for day in sorted(calendar.week))
        taken, added = (" ".join(map(str, days)) for days in (calendar.taken, calendar.added))
        return sa.func.ok_workdays_between(first, second, week, taken, added, type_=sa.BigInteger())
    counted = _worked_up_to(second, calendar) - _worked_up_to(first, calendar)
    return sa.type_coerce(sa.cast(counted, sa.Numeric()), sa.Numeric())


def _worked_up_to(day: Sql, calendar: WorkingDays) -> Sql:
    """Return how many days are worked up to and with this one, counted from the Monday 0001-01-01."""
    count = sa.type_coerce(day.op("-")(sa.cast(date.min, sa.Date())), sa.Integer()) + 1
    rest = count % 7
    in_last = [sum(each <= days for each in calendar.week) for days in range(7)]
    worked: Sql = (count - rest) / 7 * len(calendar.week) + sa.case(dict(enumerate(in_last)), value=rest)
    worked = worked + sum((_from(each, day) for each in calendar.added), sa.literal(0))
    return worked - sum((_from(each, day) for each in calendar.taken), sa.literal(0))


def _from(exception: date, day: Sql) -> Sql:
    return sa.case((day >= sa.literal(exception, sa.Date()), 1), else_=0)


def _add_days(call: Call, compiler: "Compiler") -> Sql:
    day, count = (compiler.value(argument) for argument in call.arguments)
    if compiler.scope.is_sqlite:
        return sa.func.ok_add_days(day, count, type_=sa.Date())
    return _within_years(sa.type_coerce(day.op("+")(sa.cast(count, sa.Integer())), sa.Date()))


def _add_months(call: Call, compiler: "Compiler") -> Sql:
    day, count = (compiler.value(argument) for argument in call.arguments)
    if compiler.scope.is_sqlite:
        return sa.func.ok_add_months(day, count, type_=sa.Date())
    interval = sa.func.make_interval(0, sa.cast(count, sa.Integer()))
    return _within_years(sa.cast(day.op("+")(interval), sa.Date()))


FUNCTIONS: Mapping[str, Callable[[Call, "Compiler"], Sql]] = {
    "year": _part("year"),
    "month": _part("month"),
    "day": _part("day"),
    "date": _date,
    "datetime": _datetime,
    "days_between": _days_between,
    "workdays_between": _workdays_between,
    "add_days": _add_days,
    "add_months": _add_months,
}
