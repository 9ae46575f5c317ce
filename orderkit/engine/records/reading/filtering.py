"""What people filter a list by, as SQL, each cut to the rows on which the reader sees the field.

Without that cut a filter on a hidden field would tell its values by trial. Groups join conditions that
are cut already, so no way of joining them tells more.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean as Boolean_
from sqlalchemy import ColumnElement, FromClause, and_, exists, false, func, literal, not_, or_, select, true

from orderkit.database.expressions import SqlScope, compile_value
from orderkit.database.expressions.structures import address_line, holds
from orderkit.engine.access import Action, row_condition
from orderkit.engine.periods import Period, period_of
from orderkit.engine.records.views import Condition, Filter, Group, Operator, Whose
from orderkit.engine.runtime import Unit
from orderkit.engine.zones import zone_seen
from orderkit.model.errors import Problem, Refused
from orderkit.model.expressions.nodes import Get, Root, Scalar
from orderkit.model.expressions.types import Address, Boolean, Date, DateTime, File, Json, Many, Record, Text
from orderkit.model.forms import Field, Form
from orderkit.model.labels import label, text_of

LONGEST_TEXT = 200
# Databases nest conditions only so deep; a list of values to choose from is one condition.
MOST_CONDITIONS = 100
MOST_LEVELS = 6
# Beyond these a day has no beginning or end that fits into an instant of every zone.
_FIRST_DAY, _LAST_DAY = date(1, 1, 2), date(9999, 12, 29)
_UNORDERED = (Text, Record, Boolean, File, Many, Address, Json)
_LISTS = frozenset({Operator.ONE_OF, Operator.NONE_OF})

_Column = ColumnElement[Any]
_Holds = ColumnElement[bool]


def filter_conditions(
    unit: Unit, form: Form, table: FromClause, scope: SqlScope, filters: Sequence[Condition]
) -> Iterator[_Holds]:
    """Yield the conditions that must all hold. Raises Refused for one that the field does not know."""
    if sum(_size(form, each, 0) for each in filters) > MOST_CONDITIONS:
        message = label(
            zh=f"筛选条件太多，最多 {MOST_CONDITIONS} 个",
            en=f"there are too many conditions: at most {MOST_CONDITIONS}",
        )
        raise Refused([Problem(path="", code="bad_query", message=message)])
    comparing = _Comparing(unit, form, table, scope)
    yield from (comparing.condition(each) for each in filters)


def refuse_field(form: Form, name: str, *, zh: str, en: str) -> Refused:
    """Return the refusal of a filter or an order on a field."""
    field = form.by_id.get(name)
    names = {"zh": name, "en": name} if field is None else field.label
    message = label(zh=f"{text_of(names, 'zh')}：{zh}", en=f"{text_of(names, 'en')}: {en}")
    return Refused([Problem(path=name, code="bad_query", message=message)])


def _size(form: Form, wanted: Condition, level: int) -> int:
    """Return how many comparisons a condition is; too deep a one is more than any list may have."""
    if level > MOST_LEVELS:
        return MOST_CONDITIONS + 1
    if isinstance(wanted, Group):
        return sum((_size(form, each, level + 1) for each in wanted.conditions), start=1)
    field = form.by_id.get(wanted.field)
    is_one = wanted.operator in _LISTS and field is not None and not isinstance(field.value_type, DateTime)
    return 1 if is_one else max(1, len(wanted.values))


class _Comparing:
    """Compares the fields of one form for one reader."""

    def __init__(self, unit: Unit, form: Form, table: FromClause, scope: SqlScope) -> None:
        self.unit = unit
        self.form = form
        self.table = table
        self.scope = scope
        self.is_sqlite = unit.runtime.database.dialect == "sqlite"

    def condition(self, wanted: Condition) -> _Holds:
        if isinstance(wanted, Group):
            parts = [self.condition(each) for each in wanted.conditions]
            joined = or_(false(), *parts) if wanted.is_any else and_(true(), *parts)
            if not wanted.is_negated:
                return joined
            # What is unknown does not hold, here as in Python.
            return not_(func.coalesce(joined, false(), type_=Boolean_()))
        field = self.form.by_id.get(wanted.field)
        if field is None or field.type == "lines":
            raise refuse_field(self.form, wanted.field, zh="不能按此字段筛选", en="cannot be filtered by")
        visible = row_condition(self.unit, self.form.id, Action.READ, self.table, field=field.id)
        return and_(self.compared(field, self.column(field), wanted), visible)

    def column(self, field: Field) -> _Column:
        if field.virtual is None:
            return self.table.c[field.id]
        value = Get(Root("record", Record(self.form.id)), field.id, field.value_type)
        return compile_value(value, self.scope)

    def compared(self, field: Field, column: _Column, wanted: Filter) -> _Holds:
        values = [value for value in wanted.values if value is not None]
        match wanted.operator:
            case Operator.EMPTY:
                return column.is_(None) if values and values[0] is True else column.is_not(None)
            case Operator.EQUAL | Operator.ONE_OF:
                return self.one_of(field, column, values)
            case Operator.NONE_OF:
                return or_(column.is_(None), not_(self.one_of(field, column, values)))
            case Operator.AT_LEAST | Operator.AT_MOST if isinstance(field.value_type, _UNORDERED):
                raise refuse_field(self.form, field.id, zh="没有大小之分", en="has no order to compare by")
            case Operator.AT_LEAST:
                return and_(true(), *(self.at_least(field, column, value) for value in values))
            case Operator.AT_MOST:
                return and_(true(), *(self.at_most(field, column, value) for value in values))
            case Operator.CONTAINS:
                return self.contains(field, column, values)
            case Operator.DURING:
                return or_(false(), *(self.during(field, column, value) for value in values))
            case Operator.MINE:
                return or_(false(), *(self.mine(field, column, value) for value in values))

    def one_of(self, field: Field, column: _Column, values: Sequence[Scalar]) -> _Holds:
        if isinstance(field.value_type, Many):
            return or_(false(), *(self.all_held(column, value) for value in values))
        if isinstance(field.value_type, DateTime):
            days = (self.day(field, value) for value in values)
            return or_(false(), *(and_(column >= start, column < end) for start, end in days))
        return column.in_(values)

    def all_held(self, column: _Column, value: Scalar) -> _Holds:
        """Return whether a field with several values has all of these."""
        wanted = value if isinstance(value, tuple) else (value,)
        return and_(true(), *(holds(column, literal(each), is_sqlite=self.is_sqlite) for each in wanted))

    def at_least(self, field: Field, column: _Column, value: Scalar) -> _Holds:
        if isinstance(field.value_type, DateTime) and not isinstance(value, datetime):
            return column >= self.day(field, value)[0]
        return column >= value

    def at_most(self, field: Field, column: _Column, value: Scalar) -> _Holds:
        if isinstance(field.value_type, DateTime) and not isinstance(value, datetime):
            return column < self.day(field, value)[1]
        return column <= value

    def contains(self, field: Field, column: _Column, values: Sequence[Scalar]) -> _Holds:
        if not isinstance(field.value_type, Text | Address):
            raise refuse_field(self.form, field.id, zh="不是文字", en="is no text")
        if any(len(str(value)) > LONGEST_TEXT for value in values):
            zh, en = f"最多查找 {LONGEST_TEXT} 个字", f"is searched for at most {LONGEST_TEXT} characters"
            raise refuse_field(self.form, field.id, zh=zh, en=en)
        if isinstance(field.value_type, Address):
            column = address_line(column, is_sqlite=self.is_sqlite)
        return and_(true(), *(column.icontains(str(value), autoescape=True) for value in values))

    def during(self, field: Field, column: _Column, value: Scalar) -> _Holds:
        if not isinstance(field.value_type, Date | DateTime):
            raise refuse_field(self.form, field.id, zh="不是日期", en="is no date")
        period = period_of(str(value), self.unit.now.astimezone(self.zone(field)).date())
        if period is None:
            raise refuse_field(
                self.form, field.id, zh=f"没有时间段“{value}”", en=f"there is no period `{value}`"
            )
        first, last = _days_of(period)
        from_first = true() if first is None else self.at_least(field, column, first)
        return and_(
            column.is_not(None), from_first, true() if last is None else self.at_most(field, column, last)
        )

    def mine(self, field: Field, column: _Column, value: Scalar) -> _Holds:
        person = self.unit.person
        if field.target not in {"user", "department"} or value not in tuple(Whose):
            raise refuse_field(
                self.form, field.id, zh="不是人员或部门", en="refers to no user and no department"
            )
        if field.target == "user" and value == Whose.DEPARTMENT:
            return self.of_my_department(field, column)
        own = person.id if field.target == "user" else person.department_id
        return false() if own is None else self.one_of(field, column, [own])

    def of_my_department(self, field: Field, column: _Column) -> _Holds:
        """Return whether it is somebody of whom the reader may see that they work in the same department."""
        user = self.unit.runtime.database.tables["user"].alias()
        visible = row_condition(self.unit, "user", Action.READ, user, field="department")
        colleague = and_(user.c.department == self.unit.person.department_id, visible)
        if isinstance(field.value_type, Many):
            held = holds(column, user.c.id, is_sqlite=self.is_sqlite)
            return exists(select(user.c.id).where(colleague, held))
        return column.in_(select(user.c.id).where(colleague))

    def zone(self, field: Field) -> ZoneInfo:
        return zone_seen(field, self.unit.project, self.unit.zone)

    def day(self, field: Field, value: Scalar) -> tuple[datetime, datetime]:
        """Return when a day begins and ends on the clock of the reader; of an instant, the instant itself."""
        if isinstance(value, datetime):
            return value, value + timedelta(microseconds=1)
        assert isinstance(value, date)
        day = min(max(value, _FIRST_DAY), _LAST_DAY)
        zone = self.zone(field)
        start = datetime.combine(day, time(), tzinfo=zone)
        return start, datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)


def _days_of(period: Period) -> tuple[date | None, date | None]:
    """Return the first and the last day of a period."""
    return period.start, None if period.end is None else period.end - timedelta(days=1)
