"""What may be picked in a reference: records the reader may see, that the reference's own rule lets in."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, True_, and_, case, select, true, type_coerce

from orderkit.database.expressions import SqlScope, TableRow, compile_condition
from orderkit.engine.access import Action, Right, decide, field_rights, row_condition
from orderkit.engine.access.row_rules import scope_of
from orderkit.engine.index.sources import text_fields
from orderkit.engine.records.changes import Values
from orderkit.engine.records.documents.naming import DIRECTORY
from orderkit.engine.records.documents.values import stored_value
from orderkit.engine.records.reading.conditions import search_condition, search_words
from orderkit.engine.records.reading.viewing import view_rows
from orderkit.engine.records.views import Option, RecordView
from orderkit.engine.rows import RecordRow, environment_of, rows_of
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import NotFound
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, FieldId, Form, FormId

MOST_OPTIONS = 100


def references(
    unit: Unit,
    form_id: FormId,
    field_id: FieldId,
    text: str,
    *,
    record_id: int | None = None,
    values: Values | None = None,
    limit: int = 20,
) -> tuple[Option, ...]:
    """Return what may be picked in a reference (`form_id` may be a lines form), best matches first.

    `record_id` and `values` are the record being filled in, as far as it is known: the reference's
    `where` may look at it as `this`. Raises NotFound when there is no such reference for this person.
    """
    form, field = _reference(unit, form_id, field_id)
    holder = None if field.where is None else _holder(unit, form, record_id, values or {})
    found = _found(unit, field, holder, text, max(1, min(limit, MOST_OPTIONS)))
    assert field.target is not None
    titles = rows_of(unit).titles(field.target, [row.id for row in found])
    return tuple(Option(id=row.id, title=titles[row.id]) for row in found)


def pickable(unit: Unit, form_id: FormId, field_id: FieldId, *, limit: int) -> tuple[RecordView, ...]:
    """Return what may be picked in a reference of a new record, as this person sees it. Raises NotFound."""
    form, field = _reference(unit, form_id, field_id)
    holder = None if field.where is None else _holder(unit, form, None, {})
    return tuple(view_rows(unit, _found(unit, field, holder, "", limit)))


def _found(unit: Unit, field: Field, holder: RecordRow | None, text: str, limit: int) -> Sequence[RecordRow]:
    assert field.target is not None
    target = unit.project.form_by_id[field.target]
    table = unit.runtime.database.tables[target.id]
    conditions = [_visible(unit, target, table)]
    if holder is not None:
        conditions.append(_allowed(unit, field, table, holder))
    words = search_words(text)
    if words:
        conditions.append(search_condition(unit, target, table, scope_of(unit, target.id, table), words))
    query = (
        select(table)
        .where(and_(true(), *conditions))
        .order_by(*_order(unit, field, target, table, text.strip()))
        .limit(limit)
    )
    return rows_of(unit).taken(target.id, query)


def _reference(unit: Unit, form_id: FormId, field_id: FieldId) -> tuple[Form, Field]:
    form = unit.project.form_by_id.get(form_id)
    field = None if form is None else form.by_id.get(field_id)
    if form is None or field is None or field.target is None:
        raise NotFound
    if form.parent is None:
        may = any(
            decide(unit.person, action, form.id, field=field_id, unit=unit)
            for action in (Action.CREATE, Action.READ)
        )
    else:
        inner = f"{form.id.rsplit('.', 1)[1]}.{field_id}"
        may = any(
            decide(unit.person, action, form.parent, field=inner, unit=unit)
            for action in (Action.CREATE, Action.READ)
        )
    if not may:
        raise NotFound
    return form, field


def _visible(unit: Unit, target: Form, table: FromClause) -> ColumnElement[bool]:
    if target.id == "user":
        return table.c.active
    if target.id in DIRECTORY:
        return true()
    return row_condition(unit, target.id, Action.READ, table)


def _seen_column(unit: Unit, target: Form, table: FromClause, name: FieldId) -> ColumnElement[Any]:
    """Return a column where the reader sees it. Names of people and departments are seen by all."""
    column: ColumnElement[Any] = table.c[name]
    if target.id in DIRECTORY:
        return column
    visible = row_condition(unit, target.id, Action.READ, table, field=name)
    return column if isinstance(visible, True_) else type_coerce(case((visible, column)), column.type)


def _holder(unit: Unit, form: Form, record_id: int | None, values: Mapping[FieldId, Scalar]) -> RecordRow:
    """Return the record that holds the reference, as it is being filled in; nothing of it is saved."""
    store = rows_of(unit)
    top = form if form.parent is None else unit.project.form_by_id[form.parent]
    known = store.row(top.id, record_id) if record_id is not None else None
    if known is None or not decide(unit.person, Action.READ, top.id, known, unit=unit):
        held: dict[FieldId, Scalar] = {field.id: None for field in top.stored_fields}
    else:
        held = dict(known.values)
    rights = field_rights(unit, top.id, None) if known is None else field_rights(unit, top.id, known)
    for name, value in values.items():
        field = top.by_id.get(name)
        if field is None or field.type == "lines" or rights.get(name, Right.HIDDEN) < Right.READ:
            continue
        stored = stored_value(unit.runtime.catalog, field, value)
        if not isinstance(stored, Invalid):
            held[name] = stored
    holder = store.new(top, held)
    if form is top or form.parent_field is None:
        return holder
    return store.new(form, {f.id: holder.id if f is form.parent_field else None for f in form.stored_fields})


def _allowed(unit: Unit, field: Field, table: FromClause, holder: RecordRow) -> ColumnElement[bool]:
    assert field.where is not None
    assert field.target is not None
    database = unit.runtime.database
    scope = SqlScope(
        project=unit.project,
        tables=database.tables,
        dialect=database.dialect,
        rows={"candidate": TableRow(field.target, table)},
        constants=environment_of(unit, holder, roots={"old": None}),
    )
    return compile_condition(field.where, scope)


def _order(unit: Unit, field: Field, target: Form, table: FromClause, text: str) -> list[Any]:
    """Return the order: what begins with the text first, then by the first text that is searched.

    What the reader does not see counts as empty: the order would tell of it.
    """
    names = [name for name in field.search if name in table.c] or [each.id for each in text_fields(target)]
    columns = [_seen_column(unit, target, table, name) for name in names]
    order: list[Any] = []
    if text:
        order.extend(case((column.istartswith(text, autoescape=True), 0), else_=1) for column in columns[:3])
    return [*order, *columns[:1], table.c.id]
