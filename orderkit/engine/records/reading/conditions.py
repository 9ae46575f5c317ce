"""The conditions of a list as SQL: row rules, view, filters (`filtering`) and search.

Each is cut to the rows on which the reader sees the field it looks at; else a search would tell hidden
values by trial.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, false, or_

from orderkit.database.expressions import SqlScope, compile_condition, compile_value
from orderkit.engine.access import Action, row_condition
from orderkit.engine.access.grants import grants_of, shows
from orderkit.engine.access.row_rules import scope_of
from orderkit.engine.access.visibility import Visible, visibility
from orderkit.engine.index.narrowing import Narrowed
from orderkit.engine.index.sources import text_fields
from orderkit.engine.records.reading.filtering import filter_conditions
from orderkit.engine.records.reading.keys import group_conditions
from orderkit.engine.records.views import Query
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, NotFound
from orderkit.model.expressions.nodes import Template
from orderkit.model.expressions.types import Address, Record, Text
from orderkit.model.forms import FieldId, Form, View
from orderkit.model.labels import label

LONGEST_SEARCH = 200
MOST_WORDS = 8


def conditions_of(unit: Unit, query: Query, table: FromClause) -> list[ColumnElement[bool]]:
    """Return the conditions of a query: row rules, view, filters and search. Raises Refused."""
    if unit.is_writing:
        return _conditions_of(unit, query, table)
    # A page reads some of what it counts: that differs in what follows the conditions.
    asked = (
        unit.person,
        table,
        replace(query, sort=(), cursor=None, limit=0, columns=None, with_lines=False),
    )
    last = unit.keep(_Last, _Last)
    if last.asked != asked:
        last.asked, last.conditions = asked, tuple(_conditions_of(unit, query, table))
    return list(last.conditions)


@dataclass(slots=True)
class _Last:
    """What a unit that only reads put together last."""

    asked: object = None
    conditions: tuple[ColumnElement[bool], ...] = ()


def _conditions_of(unit: Unit, query: Query, table: FromClause) -> list[ColumnElement[bool]]:
    form = unit.project.form_by_id[query.form]
    scope = scope_of(unit, form.id, table)
    found = [row_condition(unit, form.id, Action.READ, table)]
    if query.where is not None:
        found.append(compile_condition(query.where, scope))
    if query.view is not None:
        found.extend(_view_conditions(unit, form, query.view, scope))
    found.extend(filter_conditions(unit, form, table, scope, query.filters))
    found.extend(group_conditions(unit, form, table, scope, query))
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


def _view_conditions(unit: Unit, form: Form, name: str, scope: SqlScope) -> list[ColumnElement[bool]]:
    view = next((each for each in form.list.views if each.id == name), None)
    if view is None:
        raise NotFound(label(zh=f"没有视图 {name}", en=f"There is no view `{name}`"))
    seen = visibility(unit, view.where, scope)
    if not isinstance(seen, Visible):
        raise Denied(seen.why)
    return [compile_condition(view.where, scope), *seen.conditions]


def _title_texts(form: Form, scope: SqlScope) -> Iterator[ColumnElement[Any]]:
    for part in form.title.parts:
        if part.expression is None:
            continue
        if isinstance(part.expression.type, Text):
            yield compile_value(part.expression, scope)
        elif isinstance(part.expression.type, Record | Address):
            # A template prints the title of a record, and an address in one line.
            yield compile_value(Template((part,)), scope)
