"""Values as JSON for systems outside. Decimals leave as text, so that nobody rounds them."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from orderkit.model.expressions.evaluation import Value


def to_json(value: Value) -> object:
    """Return a value as plain JSON; a record stands for its id."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case list() | tuple():
            return [to_json(each) for each in value]
        case dict():
            return {name: to_json(each) for name, each in value.items()}
        case _:
            return value.id
