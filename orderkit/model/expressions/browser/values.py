"""Values as a page holds them for the evaluator of the browser."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from orderkit.model.expressions.evaluation.workdays import WorkingDays


def browser_value(value: object) -> Any:
    """Return a stored value as JSON; numbers and ids as text, lest JavaScript lose their digits."""
    match value:
        case None | bool() | str():
            return value
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(int(value.total_seconds()))
        case tuple():
            return [browser_value(each) for each in value]
        case int() | Decimal():
            return format(Decimal(value), "f")
        case _:
            raise TypeError(f"no page holds a {type(value).__name__}")


def browser_calendar(calendar: WorkingDays) -> dict[str, Any]:
    """Return the working days as JSON."""
    return {
        "week": sorted(calendar.week),
        "holidays": sorted(map(str, calendar.holidays)),
        "workdays": sorted(map(str, calendar.workdays)),
    }
