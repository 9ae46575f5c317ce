"""Values on their way into a field: of the right type, exact, rounded, empty texts as empty.

What a text or JSON value means is read by the field type before it gets here; this is the last gate
for every caller, so that nothing wrong is ever stored.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from orderkit.catalog import Catalog
from orderkit.fields.field_type import ColumnKind, FieldType, Invalid
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field
from orderkit.model.labels import label
from orderkit.model.values.numbers import fits, round_half_up

# Named here because they are compared for every value of every row that is written.
_TEXT, _DECIMAL, _INTEGER, _REFERENCE = (
    ColumnKind.TEXT,
    ColumnKind.DECIMAL,
    ColumnKind.INTEGER,
    ColumnKind.REFERENCE,
)
_BOOLEAN = ColumnKind.BOOLEAN
LARGEST_INTEGER = 2**63 - 1
TOO_LARGE = Invalid(label(zh="数字太大，最多 18 位", en="The number is too large: at most 18 digits"))
WRONG_TYPE = Invalid(label(zh="值的类型不对", en="The value is of the wrong type"))


def stored_value(catalog: Catalog, field: Field, value: object) -> Scalar | Invalid:
    """Return `value` as the field keeps it, or why it cannot."""
    field_type = catalog.fields[field.type]
    kind = field_type.column
    if value is None or value == "":
        return False if kind is _BOOLEAN else None
    if kind is _DECIMAL:
        return _decimal(value, field_type.scale(field.options) or 0)
    if kind is _TEXT:
        return field_type.kept(field.options, value) if isinstance(value, str) else WRONG_TYPE
    if kind is _REFERENCE or (kind is _INTEGER and type(value) is int):
        return _integer(value)
    return _seldom(field_type, field, value)


def _seldom(field_type: FieldType[Any], field: Field, value: object) -> Scalar | Invalid:
    """Return a value of the kinds that few fields have."""
    match field_type.column:
        case ColumnKind.JSON:
            return field_type.kept(field.options, value)  # type: ignore[arg-type] # any data of JSON
        case ColumnKind.TEXTS | ColumnKind.REFERENCES | ColumnKind.FILES:
            return _several(field_type, field, value)
        case ColumnKind.DURATION:
            return value if isinstance(value, timedelta) else WRONG_TYPE
        case ColumnKind.BOOLEAN:
            return value if isinstance(value, bool) else WRONG_TYPE
        case ColumnKind.INTEGER if isinstance(value, Decimal) and value.is_finite() and _is_calculated(field):
            # What was calculated is rounded like any number; what was typed must be whole.
            return _integer(round_half_up(value, 0))
        case ColumnKind.INTEGER | ColumnKind.FILE:
            return _integer(value)
        case ColumnKind.DATE:
            is_day = isinstance(value, date) and not isinstance(value, datetime)
            return value if is_day else WRONG_TYPE  # type: ignore[return-value]
        case ColumnKind.TIME:
            return value if isinstance(value, time) else WRONG_TYPE
        case ColumnKind.DATETIME:
            return value if isinstance(value, datetime) and value.tzinfo is not None else WRONG_TYPE
        case ColumnKind.NONE | ColumnKind.TEXT | ColumnKind.DECIMAL | ColumnKind.REFERENCE:
            return WRONG_TYPE


def _several(field_type: FieldType[Any], field: Field, value: object) -> Scalar | Invalid:
    """Return several values as the field keeps them; one value is a list of one."""
    given = value if isinstance(value, list | tuple) else (value,)
    found: list[str | int] = []
    for each in given:
        one = each if field_type.column is ColumnKind.TEXTS else _integer(each)
        if isinstance(one, Invalid | bool) or not isinstance(one, str | int):
            return WRONG_TYPE
        found.append(one)
    return field_type.kept(field.options, tuple(found))


def _is_calculated(field: Field) -> bool:
    return field.is_derived or field.copy is not None


def _decimal(value: object, scale: int) -> Decimal | Invalid:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return WRONG_TYPE
    if isinstance(value, Decimal) and not value.is_finite():
        return WRONG_TYPE
    # A number with more digits than any field keeps would not even round.
    if not -(10**19) < value < 10**19:
        return TOO_LARGE
    rounded = round_half_up(value, scale)
    return rounded if fits(rounded, scale) else TOO_LARGE


def _integer(value: object) -> int | Invalid:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        # A record in hand stands for its id.
        identity = getattr(value, "id", None)
        return identity if isinstance(identity, int) else WRONG_TYPE
    return value if -LARGEST_INTEGER <= value <= LARGEST_INTEGER else TOO_LARGE
