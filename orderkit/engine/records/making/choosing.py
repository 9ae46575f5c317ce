"""Which records an action goes through: lines of a record, what it refers to, or the records of a form that match."""

from collections.abc import Sequence

from sqlalchemy import select

from orderkit.database.expressions import SqlScope, TableRow, compile_condition
from orderkit.engine.records.making.rules import ITEM
from orderkit.engine.rows import RecordRow, environment_of, evaluate_on, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Each, Expression, Get, Root
from orderkit.model.expressions.types import ListOf, Record, Rows
from orderkit.model.workflow.actions import Selection


def chosen_rows(unit: Unit, row: RecordRow, wanted: Selection) -> Sequence[RecordRow]:
    """Return the records that are meant, seen from one: lines in their order, others by id."""
    if wanted.rows is None:
        return _of_form(unit, row, wanted)
    if not isinstance(wanted.rows.type, Rows):
        found = evaluate_on(unit, wanted.rows, row)
        record_id = found if isinstance(found, int) else getattr(found, "id", None)
        one = None if not isinstance(record_id, int) else rows_of(unit).row(wanted.form, record_id)
        return () if one is None else (one,)
    several = evaluate_on(unit, as_list(wanted.rows), row)
    return [each for each in several if isinstance(each, RecordRow)] if isinstance(several, list) else ()


def collection_of(wanted: Selection) -> str:
    """Return the collection of the record whose rows are meant."""
    assert isinstance(wanted.rows, Get)
    return wanted.rows.field


def as_list(rows: Expression) -> Expression:
    """Return the expression whose value is a list of the rows of a collection."""
    row = Root(ITEM, Record(rows.type.form if isinstance(rows.type, Rows) else ""))
    return Each(rows, ITEM, None, row, ListOf(row.type))


def _of_form(unit: Unit, row: RecordRow, wanted: Selection) -> Sequence[RecordRow]:
    database = unit.runtime.database
    table = database.tables[wanted.form]
    scope = SqlScope(
        project=unit.project,
        tables=database.tables,
        dialect=database.dialect,
        rows={"candidate": TableRow(wanted.form, table)},
        constants=environment_of(unit, row),
    )
    query = select(table.c.id).order_by(table.c.id)
    if wanted.where is not None:
        query = query.where(compile_condition(wanted.where, scope))
    return rows_of(unit).load(wanted.form, unit.connection.execute(query).scalars())
