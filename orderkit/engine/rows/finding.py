"""How `find(form, condition)` is answered: by a query, and only once for the same question in a unit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select

from orderkit.database.expressions import SqlScope, TableRow, compile_condition, compile_value
from orderkit.model.errors import OrderkitError
from orderkit.model.expressions.evaluation import Environment, EvaluationError, evaluate
from orderkit.model.expressions.nodes import Binary, BinaryOperator, Expression, Find, Get, Root, Scalar
from orderkit.model.expressions.tree import root_names
from orderkit.model.labels import label, text_of

if TYPE_CHECKING:
    from orderkit.engine.rows.row import RecordRow
    from orderkit.engine.rows.store import RowsOfUnit


def find(rows: "RowsOfUnit", wanted: Find, environment: Environment) -> "RecordRow | None":
    """Return the record that is meant; None when there is none. Raises EvaluationError for several."""
    question = _question(wanted, environment)
    if question is None:
        record_id = _ask(rows, wanted, environment)
    elif any(value is None for value in question[1:]):
        # A comparison with empty holds for no record.
        record_id = None
    else:
        known = rows.found
        if question not in known:
            known[question] = _ask(rows, wanted, environment)
        record_id = known[question]
    return None if record_id is None else rows.row(wanted.form, record_id)


def _question(wanted: Find, environment: Environment) -> tuple[object, ...] | None:
    """Return what tells one question from another; None where the answer may hang on more."""
    values: list[Scalar | object] = [id(wanted)]
    for condition in _all_of(wanted.where):
        if wanted.row not in root_names(condition):
            return None
        asked = _asked_value(condition, wanted.row)
        if asked is None:
            # A condition on the candidate alone (`active`) is the same for every asker.
            if root_names(condition) - {wanted.row}:
                return None
            continue
        value = evaluate(asked, environment)
        values.append(getattr(value, "id", value))
    return tuple(values)


def _all_of(condition: Expression) -> Iterator[Expression]:
    if isinstance(condition, Binary) and condition.operator is BinaryOperator.AND:
        yield from _all_of(condition.left)
        yield from _all_of(condition.right)
    else:
        yield condition


def _asked_value(condition: Expression, row: str) -> Expression | None:
    """Return the other side of `field == value`, where the value does not hang on the candidate."""
    if not isinstance(condition, Binary) or condition.operator is not BinaryOperator.EQUAL:
        return None
    for mine, other in ((condition.left, condition.right), (condition.right, condition.left)):
        is_field = isinstance(mine, Get) and isinstance(mine.base, Root) and mine.base.name == row
        if is_field and row not in root_names(other):
            return other
    return None


def _ask(rows: "RowsOfUnit", wanted: Find, environment: Environment) -> int | None:
    unit = rows.unit
    database = unit.runtime.database
    table = database.tables[wanted.form].alias()
    scope = SqlScope(
        project=unit.project,
        tables=database.tables,
        dialect=database.dialect,
        rows={wanted.row: TableRow(wanted.form, table)},
        constants=environment,
    )
    query = select(table.c.id).where(compile_condition(wanted.where, scope))
    if wanted.by is not None:
        key: ColumnElement[object] = compile_value(wanted.by, scope)
        order = key.desc().nulls_last() if wanted.descending else key.asc().nulls_last()
        query = query.order_by(order, table.c.id)
    found = unit.connection.execute(query.limit(1 if wanted.by is not None else 2)).scalars().all()
    if len(found) > 1:
        raise _several(rows, wanted.form)
    return found[0] if found else None


def _several(rows: "RowsOfUnit", form_id: str) -> OrderkitError:
    form = rows.unit.project.form_by_id[form_id]
    return EvaluationError(
        label(
            zh=f"找到多条“{text_of(form.label, 'zh')}”，不知道取哪一条",
            en=f"several records of “{text_of(form.label, 'en')}” fit where one is meant",
        )
    )
