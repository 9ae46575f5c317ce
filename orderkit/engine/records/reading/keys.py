"""By what a list may be grouped: the key of each row as SQL, and the rows that have one.

Dates and instants group by their month, instants by that on the reader's clock. Where the reader does not see the field
in clear, the key is empty, so that no group tells a hidden value.
"""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from orderkit.database.expressions import SqlScope, local_day
from orderkit.engine.access import Action, row_condition
from orderkit.engine.records.reading.filtering import refuse_field
from orderkit.engine.records.views import Query
from orderkit.engine.runtime import Unit
from orderkit.engine.zones import zone_seen
from orderkit.model.expressions.types import Boolean, Choice, Date, DateTime, Record
from orderkit.model.forms import Field, Form, SystemRole

_OF_NO_USE = frozenset({SystemRole.ID, SystemRole.REVISION, SystemRole.NUMBER, SystemRole.PARENT})


def is_groupable(field: Field) -> bool:
    """Return whether a list may be grouped by a field: what many records have in common."""
    return (
        field.is_stored
        and field.system not in _OF_NO_USE
        and (
            isinstance(field.value_type, Choice | Boolean | Record | Date | DateTime) or field.type == "text"
        )
    )


def is_by_month(field: Field) -> bool:
    """Return whether the groups of a field are months, written `2026-03`."""
    return isinstance(field.value_type, Date | DateTime)


def key_of(unit: Unit, form: Form, name: str, table: sa.FromClause, scope: SqlScope) -> sa.ColumnElement[Any]:
    """Return the key of a row. Raises Refused for a field that cannot group, or is never seen."""
    field = form.by_id.get(name)
    if field is None or not is_groupable(field):
        raise refuse_field(form, name, zh="不能按此字段分组", en="cannot be grouped by")
    visible = row_condition(unit, form.id, Action.READ, table, field=field.id)
    if isinstance(visible, sa.False_):
        raise refuse_field(form, name, zh="没有查看此字段的权限", en="you may not see this field")
    value: sa.ColumnElement[Any] = table.c[field.id]
    if is_by_month(field):
        zone = zone_seen(field, unit.project, unit.zone)
        value = _month(table.c[field.id], field, zone, is_sqlite=scope.is_sqlite)
    return value if isinstance(visible, sa.True_) else sa.type_coerce(sa.case((visible, value)), value.type)


def group_conditions(
    unit: Unit, form: Form, table: sa.FromClause, scope: SqlScope, query: Query
) -> Iterator[sa.ColumnElement[bool]]:
    """Yield which rows are in the groups that a query looks into."""
    for name, value in query.within:
        key = key_of(unit, form, name, table, scope)
        yield key.is_(None) if value is None else key == sa.literal(value, key.type)


def _month(
    value: sa.ColumnElement[Any], field: Field, zone: ZoneInfo, *, is_sqlite: bool
) -> sa.ColumnElement[Any]:
    is_instant = isinstance(field.value_type, DateTime)
    day = local_day(value, zone.key, is_sqlite=is_sqlite) if is_instant else value
    if is_sqlite:
        return sa.type_coerce(sa.func.strftime("%Y-%m", day), sa.Text())
    return sa.type_coerce(sa.func.to_char(sa.cast(day, sa.DateTime()), "YYYY-MM"), sa.Text())
