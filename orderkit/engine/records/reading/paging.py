"""Lists: filters, search, order, and pages that stay put while records come and go."""

from collections.abc import Iterator, Sequence

from sqlalchemy import FromClause, ScalarSelect, and_, case, func, select, true

from orderkit.engine.access import Action, Right, decide, field_rights, row_condition
from orderkit.engine.access.grants import grants_of, rule_of, shows
from orderkit.engine.records.reading.conditions import conditions_of
from orderkit.engine.records.reading.cursors import (
    Key,
    beyond,
    order_by,
    read_cursor,
    write_cursor,
)
from orderkit.engine.records.reading.filtering import refuse_field
from orderkit.engine.records.reading.viewing import view_rows
from orderkit.engine.records.views import Count, Page, Query, RecordView
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, NotFound, Problem, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Form, SortKey, SystemRole
from orderkit.model.labels import label

LONGEST_PAGE = 200
STREAMED_AT_ONCE = 500
COUNTED_AT_MOST = 10_000
MOST_KEYS = 8


def page(unit: Unit, query: Query) -> Page:
    """Return one page of what this reader may see.

    Raises: NotFound (no such form or view), Denied (no read on the form), Refused (a filter or order
    on a field that is unknown, hidden, or does not know the operator; a cursor of another order).
    """
    form = readable_form(unit, query)
    table = unit.runtime.database.tables[form.id]
    keys = _keys(unit, form, table, query.sort)
    catalog = unit.runtime.catalog
    cursor = None if query.cursor is None else read_cursor(catalog, keys, query.cursor)
    is_backward = cursor is not None and cursor.is_backward
    limit = max(1, min(query.limit, LONGEST_PAGE))
    conditions = conditions_of(unit, query, table)
    if cursor is not None:
        conditions.append(beyond(keys, cursor))
    statement = (
        select(table)
        .where(and_(true(), *conditions))
        .order_by(*order_by(keys, is_backward=is_backward))
        .limit(limit + 1)
    )
    found = rows_of(unit).taken(form.id, statement)
    has_more = len(found) > limit
    rows = found[:limit]
    if is_backward:
        rows.reverse()
    has_next, has_previous = (True, has_more) if is_backward else (has_more, cursor is not None)
    columns = query.columns if query.columns is not None else form.list.columns
    return Page(
        rows=view_rows(unit, rows, columns=columns, with_lines=query.with_lines, are_selected=True),
        next=write_cursor(catalog, keys, _place(unit, keys, rows[-1]), is_backward=False)
        if has_next and rows
        else None,
        previous=write_cursor(catalog, keys, _place(unit, keys, rows[0]), is_backward=True)
        if has_previous and rows
        else None,
    )


def stream(unit: Unit, query: Query, *, action: Action) -> Iterator[RecordView]:
    """Yield every record of a query that may be treated so, in the order of the list, a part at a time in hand.

    Its cursor and limit do not matter. Raises like `page`, before the first record.
    """
    form = readable_form(unit, query)
    table = unit.runtime.database.tables[form.id]
    columns = query.columns if query.columns is not None else form.list.columns
    statement = (
        select(table)
        .where(*conditions_of(unit, query, table), row_condition(unit, form.id, action, table))
        .order_by(*order_by(_keys(unit, form, table, query.sort), is_backward=False))
    )

    def parts() -> Iterator[RecordView]:
        for rows in rows_of(unit).streamed(form.id, statement, STREAMED_AT_ONCE):
            yield from view_rows(unit, rows, columns=columns, with_lines=query.with_lines, are_selected=True)

    return parts()


def matching(unit: Unit, query: Query, *, most: int) -> tuple[int, ...]:
    """Return the ids of the first records that match, in the order of the list. Raises like `page`."""
    form = readable_form(unit, query)
    table = unit.runtime.database.tables[form.id]
    keys = _keys(unit, form, table, query.sort)
    statement = (
        select(table.c.id)
        .where(and_(true(), *conditions_of(unit, query, table)))
        .order_by(*order_by(keys, is_backward=False))
        .limit(most)
    )
    return tuple(unit.connection.execute(statement).scalars())


def count(unit: Unit, query: Query, *, at_most: int = COUNTED_AT_MOST) -> Count:
    """Return how many records match, up to so many. Raises like `page`."""
    (found,) = counts(unit, [query], at_most=at_most)
    return found


def counts(unit: Unit, queries: Sequence[Query], *, at_most: int = COUNTED_AT_MOST) -> tuple[Count, ...]:
    """Return how many records match each query, up to so many each, in one statement. Raises like `page`."""
    if not queries:
        return ()
    bounded = [_bounded(unit, each, at_most) for each in queries]
    values = unit.connection.execute(select(*bounded)).one()
    return tuple(Count(value=min(value, at_most), is_exact=value <= at_most) for value in values)


def _bounded(unit: Unit, query: Query, at_most: int) -> ScalarSelect[int]:
    form = readable_form(unit, query)
    table = unit.runtime.database.tables[form.id]
    matching = and_(true(), *conditions_of(unit, query, table))
    some = select(table.c.id).where(matching).limit(at_most + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def readable_form(unit: Unit, query: Query) -> Form:
    """Return the form of a list. Raises NotFound, Denied."""
    form = unit.project.form_by_id.get(query.form)
    if form is None or form.parent is not None:
        raise NotFound
    decision = decide(unit.person, Action.READ, form.id, unit=unit)
    if not decision:
        raise Denied(decision.why)
    return form


def _keys(unit: Unit, form: Form, table: FromClause, sort: Sequence[SortKey]) -> list[Key]:
    if len(sort) > MOST_KEYS:
        message = label(
            zh=f"最多按 {MOST_KEYS} 个字段排序", en=f"a list is sorted by at most {MOST_KEYS} fields"
        )
        raise Refused([Problem(path="sort", code="bad_query", message=message)])
    keys = [_key(unit, form, table, each) for each in (sort or form.list.sort)]
    if not any(key.field.system is SystemRole.ID for key in keys):
        is_descending = keys[-1].descending if keys else True
        keys.append(Key(form.by_id["id"], table.c.id, is_descending, may_be_empty=False))
    return keys


def _key(unit: Unit, form: Form, table: FromClause, wanted: SortKey) -> Key:
    field = form.by_id.get(wanted.field)
    if field is None or not field.is_stored:
        raise refuse_field(form, wanted.field, zh="不能按此字段排序", en="cannot be sorted by")
    grants = grants_of(unit, unit.person)
    readers = [grant for grant in grants.of_form(form.id) if rule_of(grant, Action.READ) is not False]
    column = table.c[field.id]
    if grants.is_free or all(shows(grant, field.id) for grant in readers):
        return Key(field, column, wanted.descending, may_be_empty=bool(getattr(column, "nullable", True)))
    if not any(shows(grant, field.id) for grant in readers):
        raise refuse_field(form, wanted.field, zh="没有查看此字段的权限", en="you may not see this field")
    # Where the reader does not see the value, it must not be told by the place in the list either.
    visible = row_condition(unit, form.id, Action.READ, table, field=field.id)
    return Key(field, case((visible, column), else_=None), wanted.descending, may_be_empty=True)


def _place(unit: Unit, keys: Sequence[Key], row: RecordRow) -> list[Scalar]:
    rights = field_rights(unit, row.form, row, with_state=False)
    return [
        row.id
        if key.field.system is SystemRole.ID
        else row.values[key.field.id]
        if rights.get(key.field.id, Right.HIDDEN) >= Right.READ
        else None
        for key in keys
    ]
