"""Which records an action goes through: lines of a record, what it refers to, or the records of a form that match."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from orderkit.database.expressions import SqlScope, TableRow, compile_condition
from orderkit.engine.records.making.rules import ITEM
from orderkit.engine.rows import RecordRow, environment_of, rows_of
from orderkit.engine.rows.environments import NO_ROOTS
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.evaluation import Value, evaluate
from orderkit.model.expressions.nodes import Each, Expression, Get, Root
from orderkit.model.expressions.types import ListOf, Record, Rows
from orderkit.model.workflow.actions import Selection

CANDIDATE = "candidate"


def chosen_rows(
    unit: Unit, row: RecordRow | None, wanted: Selection, roots: Mapping[str, Value] = NO_ROOTS
) -> Sequence[RecordRow]:
    """Return the records that are meant: lines in their order, others by id.

    They are seen from a record, if there is one; `roots` are more names, such as the `item` of a loop around.
    """
    environment = environment_of(unit, row, roots=roots)
    if wanted.rows is None:
        return rows_of(unit).load(wanted.form, chosen_ids(unit, row, wanted, roots))
    if not isinstance(wanted.rows.type, Rows):
        found = evaluate(wanted.rows, environment)
        record_id = found if isinstance(found, int) else getattr(found, "id", None)
        one = None if not isinstance(record_id, int) else rows_of(unit).row(wanted.form, record_id)
        return () if one is None else (one,)
    several = evaluate(as_list(wanted.rows), environment)
    return [each for each in several if isinstance(each, RecordRow)] if isinstance(several, list) else ()


def chosen_ids(
    unit: Unit,
    row: RecordRow | None,
    wanted: Selection,
    roots: Mapping[str, Value] = NO_ROOTS,
    *,
    after: int = 0,
    limit: int | None = None,
) -> Sequence[int]:
    """Return the ids of the records of a form that are meant, in order: at most `limit` behind `after`."""
    database = unit.runtime.database
    table = database.tables[wanted.form]
    scope = SqlScope(
        project=unit.project,
        tables=database.tables,
        dialect=database.dialect,
        rows={CANDIDATE: TableRow(wanted.form, table)},
        constants=environment_of(unit, row, roots=roots),
    )
    query = select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(limit)
    if wanted.where is not None:
        query = query.where(compile_condition(wanted.where, scope))
    return unit.connection.execute(query).scalars().all()


def collection_of(wanted: Selection) -> str:
    """Return the collection of the record whose rows are meant."""
    assert isinstance(wanted.rows, Get)
    return wanted.rows.field


def as_list(rows: Expression) -> Expression:
    """Return the expression whose value is a list of the rows of a collection."""
    row = Root(ITEM, Record(rows.type.form if isinstance(rows.type, Rows) else ""))
    return Each(rows, ITEM, None, row, ListOf(row.type))
