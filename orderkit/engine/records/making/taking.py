"""How much was taken of rows already, and how much still may be: asked with the source locked where it counts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from sqlalchemy import ColumnElement, FromClause, and_, func, or_, select, true

from orderkit.database.expressions import compile_value
from orderkit.engine.access.row_rules import scope_of
from orderkit.engine.records.documents.laying import load_documents
from orderkit.engine.records.making.rules import ITEM, Limit, cancelled_states
from orderkit.engine.rows import RecordRow, environment_of, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.evaluation import evaluate
from orderkit.model.expressions.nodes import Get, Root
from orderkit.model.expressions.types import Record
from orderkit.model.forms import FormId

IDS_AT_ONCE = 10_000
NOTHING = Decimal(0)


def lock_sources(unit: Unit, wanted: Mapping[FormId, Iterable[int]]) -> None:
    """Let nobody else take of these rows until the unit ends; their values are read again.

    The records that hold them are locked, in one order for everybody, as who changes them locks them too.
    """
    tops: dict[FormId, set[int]] = defaultdict(set)
    for form_id, ids in wanted.items():
        form = unit.project.form_by_id[form_id]
        if form.parent is None or form.parent_field is None:
            tops[form_id].update(ids)
            continue
        for row in rows_of(unit).load(form_id, ids):
            parent = row.values[form.parent_field.id]
            assert isinstance(parent, int)
            tops[form.parent].add(parent)
    for form_id in sorted(tops):
        load_documents(unit, form_id, tops[form_id], lock=True)


def taken(unit: Unit, limit: Limit, ids: Iterable[int]) -> Mapping[int, Decimal]:
    """Return how much all rows took of each source row; what was called off does not count."""
    table = unit.runtime.database.tables[limit.form]
    amount = compile_value(
        Get(Root("record", Record(limit.form)), limit.field.id, limit.field.value_type),
        scope_of(unit, limit.form, table),
    )
    link = table.c[limit.link]
    counted = _counted(unit, limit.form, table)
    listed = sorted(set(ids))
    found: dict[int, Decimal] = {}
    for start in range(0, len(listed), IDS_AT_ONCE):
        query = (
            select(link, func.sum(amount))
            .where(link.in_(listed[start : start + IDS_AT_ONCE]), counted)
            .group_by(link)
        )
        found.update((row[0], Decimal(row[1] or 0)) for row in unit.connection.execute(query))
    return found


def most_of(unit: Unit, limit: Limit, row: RecordRow) -> Decimal:
    """Return what `most` of a limit is for a source row; nothing, where it is empty. Raises EvaluationError."""
    value = evaluate(limit.most, environment_of(unit, top_of(unit, row), roots={ITEM: row}))
    return Decimal(value) if isinstance(value, int | Decimal) else NOTHING


def top_of(unit: Unit, row: RecordRow) -> RecordRow:
    """Return the record that a row belongs to; the row itself, if it belongs to none."""
    field = row.shape.parent_field
    parent = None if field is None else row.values.get(field.id)
    if row.shape.parent is None or not isinstance(parent, int):
        return row
    return rows_of(unit).row(row.shape.parent, parent) or row


def _counted(unit: Unit, form_id: FormId, table: FromClause) -> ColumnElement[bool]:
    """Return which rows count: those of records that nobody called off."""
    form = unit.project.form_by_id[form_id]
    top = form_id if form.parent is None else form.parent
    off = list(cancelled_states(unit.project, top))
    if not off:
        return true()
    parent = unit.runtime.database.tables[top].alias()
    stands = and_(*(or_(parent.c[field].is_(None), parent.c[field].not_in(states)) for field, states in off))
    key = table.c.id if form.parent_field is None else table.c[form.parent_field.id]
    return key.in_(select(parent.c.id).where(stands))
