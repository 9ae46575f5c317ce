"""Filters and searches as SQL, each cut to the rows on which the reader sees the field it looks at.

Without that cut a filter on a hidden field would tell its values by trial.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, false, literal, or_

from orderkit.database.expressions import SqlScope, compile_condition, compile_value
from orderkit.database.expressions.structures import address_line, holds
from orderkit.engine.access import Action, row_condition
from orderkit.engine.access.grants import grants_of, shows
from orderkit.engine.access.row_rules import scope_of
from orderkit.engine.access.visibility import Visible, visibility
from orderkit.engine.index.narrowing import Narrowed
from orderkit.engine.index.sources import text_fields
from orderkit.engine.records.views import Filter, Operator, Query
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, NotFound, Problem, Refused
from orderkit.model.expressions.nodes import Get, Root, Scalar, Template
from orderkit.model.expressions.types import Address, Boolean, DateTime, File, Json, Many, Record, Text
from orderkit.model.forms import Field, FieldId, Form, View
from orderkit.model.labels import label, text_of

LONGEST_SEARCH = 200
MOST_WORDS = 8
# Databases nest conditions only so deep; a list of values to choose from is one condition.
MOST_CONDITIONS = 100
# Beyond these a day has no beginning or end that fits into an instant of every zone.
_FIRST_DAY, _LAST_DAY = date(1, 1, 2), date(9999, 12, 29)


def conditions_of(unit: Unit, query: Query, table: FromClause) -> list[ColumnElement[bool]]:
    """Return the conditions of a query: row rules, view, filters and search. Raises Refused."""
    form = unit.project.form_by_id[query.form]
    scope = scope_of(unit, form.id, table)
    found = [row_condition(unit, form.id, Action.READ, table)]
    if query.where is not None:
        found.append(compile_condition(query.where, scope))
    if query.view is not None:
        found.extend(_view_conditions(unit, form, query.view, scope))
    if sum(max(1, len(each.values)) for each in query.filters if not _is_list(form, each)) > MOST_CONDITIONS:
        message = label(
            zh=f"筛选条件太多，最多 {MOST_CONDITIONS} 个",
            en=f"there are too many conditions: at most {MOST_CONDITIONS}",
        )
        raise Refused([Problem(path="", code="bad_query", message=message)])
    found.extend(_filter(unit, form, table, scope, each) for each in query.filters)
    words = search_words(query.search or "")
    if words:
        found.append(search_condition(unit, form, table, scope, words))
    return found


def views(unit: Unit, form: Form) -> tuple[View, ...]:
    """Return the views of a form that this reader may use: those that look at nothing hidden from them."""
    scope = scope_of(unit, form.id, unit.runtime.database.tables[form.id])
    return tuple(view for view in form.list.views if isinstance(visibility(unit, view.where, scope), Visible))


def search_words(text: str) -> list[str]:
    """Return the words of what somebody searches for, as far as it is not too long."""
    return text[:LONGEST_SEARCH].split()[:MOST_WORDS]


def search_condition(
    unit: Unit, form: Form, table: FromClause, scope: SqlScope, words: Sequence[str]
) -> ColumnElement[bool]:
    """Return the condition that every word stands somewhere in the texts or the title of a row, or sounds like a name."""
    return searched(unit, form, table, scope, words)[0]


def searched(
    unit: Unit, form: Form, table: FromClause, scope: SqlScope, words: Sequence[str]
) -> tuple[ColumnElement[bool], bool]:
    """Return the condition of a search, and whether it leaves but few rows to look at, in whatever order."""
    visible = _Visibility(unit, form, table)
    texts: dict[ColumnElement[bool], list[ColumnElement[Any]]] = {}
    for field in text_fields(form):
        texts.setdefault(visible.of(field.id), []).append(table.c[field.id])
    titles = list(_title_texts(form, scope))
    narrowed = Narrowed(unit, form.id, table.c.id)
    found = [
        or_(
            false(),
            *(and_(shown, or_(*_containing(columns, word))) for shown, columns in texts.items()),
            *_containing(titles, word),
            *(
                each.among if each.field is None else and_(each.among, visible.of(each.field))
                for each in narrowed.sounding(word)
            ),
        )
        for word in words
    ]
    # The index only says where to look: what is found, and who sees it, the conditions decide.
    among = narrowed.condition(words)
    return (and_(*found), False) if among is None else (and_(among, *found), True)


def _containing(texts: Iterable[ColumnElement[Any]], word: str) -> Iterator[ColumnElement[bool]]:
    return (text.icontains(word, autoescape=True) for text in texts)


class _Visibility:
    """On which rows the reader sees a field: one condition for all fields that the same grants show."""

    def __init__(self, unit: Unit, form: Form, table: FromClause) -> None:
        self._unit, self._form, self._table = unit, form, table
        self._grants = grants_of(unit, unit.person).of_form(form.id)
        self._known: dict[tuple[bool, ...], ColumnElement[bool]] = {}

    def of(self, field: FieldId) -> ColumnElement[bool]:
        """Return the condition for a field."""
        shown = tuple(shows(grant, field) for grant in self._grants)
        if shown not in self._known:
            self._known[shown] = row_condition(
                self._unit, self._form.id, Action.READ, self._table, field=field
            )
        return self._known[shown]


def refuse_field(form: Form, name: str, *, zh: str, en: str) -> Refused:
    """Return the refusal of a filter or an order on a field."""
    field = form.by_id.get(name)
    names = {"zh": name, "en": name} if field is None else field.label
    message = label(zh=f"{text_of(names, 'zh')}：{zh}", en=f"{text_of(names, 'en')}: {en}")
    return Refused([Problem(path=name, code="bad_query", message=message)])


def _view_conditions(unit: Unit, form: Form, name: str, scope: SqlScope) -> list[ColumnElement[bool]]:
    view = next((each for each in form.list.views if each.id == name), None)
    if view is None:
        raise NotFound(label(zh=f"没有视图 {name}", en=f"There is no view `{name}`"))
    seen = visibility(unit, view.where, scope)
    if not isinstance(seen, Visible):
        raise Denied(seen.why)
    return [compile_condition(view.where, scope), *seen.conditions]


def _is_list(form: Form, wanted: Filter) -> bool:
    field = form.by_id.get(wanted.field)
    is_instant = field is not None and isinstance(field.value_type, DateTime)
    return wanted.operator is Operator.ONE_OF and not is_instant


def _title_texts(form: Form, scope: SqlScope) -> Iterator[ColumnElement[Any]]:
    for part in form.title.parts:
        if part.expression is None:
            continue
        if isinstance(part.expression.type, Text):
            yield compile_value(part.expression, scope)
        elif isinstance(part.expression.type, Record | Address):
            # A template prints the title of a record, and an address in one line.
            yield compile_value(Template((part,)), scope)


def _filter(
    unit: Unit, form: Form, table: FromClause, scope: SqlScope, wanted: Filter
) -> ColumnElement[bool]:
    field = form.by_id.get(wanted.field)
    if field is None or field.type == "lines":
        raise refuse_field(form, wanted.field, zh="不能按此字段筛选", en="cannot be filtered by")
    visible = row_condition(unit, form.id, Action.READ, table, field=field.id)
    value = Get(Root("record", Record(form.id)), field.id, field.value_type)
    column: ColumnElement[Any] = table.c[field.id] if field.virtual is None else compile_value(value, scope)
    compared = _comparison(unit, form, field, column, wanted)
    return and_(compared, visible)


def _comparison(
    unit: Unit, form: Form, field: Field, column: ColumnElement[Any], wanted: Filter
) -> ColumnElement[bool]:
    values = [value for value in wanted.values if value is not None]
    match wanted.operator:
        case Operator.EMPTY:
            return column.is_(None) if values and values[0] is True else column.is_not(None)
        case Operator.EQUAL | Operator.ONE_OF if isinstance(field.value_type, Many):
            return or_(*(_all_held(unit, column, value) for value in values))
        case Operator.EQUAL | Operator.ONE_OF if isinstance(field.value_type, DateTime):
            return or_(*(and_(column >= start, column < end) for start, end in map(_day(unit), values)))
        case Operator.EQUAL | Operator.ONE_OF:
            return column.in_(values)
        case Operator.AT_LEAST | Operator.AT_MOST if isinstance(
            field.value_type, Text | Record | Boolean | File | Many | Address | Json
        ):
            raise refuse_field(form, field.id, zh="没有大小之分", en="has no order to compare by")
        case Operator.AT_LEAST:
            return and_(*(column >= _start(unit, field, value) for value in values))
        case Operator.AT_MOST:
            return and_(*(_at_most(unit, field, column, value) for value in values))
        case Operator.CONTAINS:
            if not isinstance(field.value_type, Text | Address):
                raise refuse_field(form, field.id, zh="不是文字", en="is no text")
            if any(len(str(value)) > LONGEST_SEARCH for value in values):
                most = LONGEST_SEARCH
                raise refuse_field(
                    form,
                    field.id,
                    zh=f"最多查找 {most} 个字",
                    en=f"is searched for at most {most} characters",
                )
            if isinstance(field.value_type, Address):
                column = address_line(column, is_sqlite=unit.runtime.database.dialect == "sqlite")
            return and_(*(column.icontains(str(value), autoescape=True) for value in values))


def _all_held(unit: Unit, column: ColumnElement[Any], value: Scalar) -> ColumnElement[bool]:
    """Return whether a field with several values has all of these."""
    is_sqlite = unit.runtime.database.dialect == "sqlite"
    wanted = value if isinstance(value, tuple) else (value,)
    return and_(*(holds(column, literal(each), is_sqlite=is_sqlite) for each in wanted))


def _day(unit: Unit) -> Any:
    def bounds(value: Scalar) -> tuple[datetime, datetime]:
        if isinstance(value, datetime):
            return value, value + timedelta(microseconds=1)
        assert isinstance(value, date)
        day = min(max(value, _FIRST_DAY), _LAST_DAY)
        start = datetime.combine(day, time(), tzinfo=unit.runtime.timezone)
        return start, datetime.combine(day + timedelta(days=1), time(), tzinfo=unit.runtime.timezone)

    return bounds


def _start(unit: Unit, field: Field, value: Scalar) -> Scalar:
    if isinstance(field.value_type, DateTime) and not isinstance(value, datetime):
        start: datetime = _day(unit)(value)[0]
        return start
    return value


def _at_most(unit: Unit, field: Field, column: ColumnElement[Any], value: Scalar) -> ColumnElement[bool]:
    if isinstance(field.value_type, DateTime) and not isinstance(value, datetime):
        end: datetime = _day(unit)(value)[1]
        return column < end
    return column <= value
