"""Records that are older than their workflow: they stand in a state, and their life has not begun yet.

The column of the state was filled when the workflow came. A row of `ok_workflow_instance` is written with
the first step, so until then the form's own table alone says where they stand.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import sqlalchemy as sa

from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.database.schema.tables import table_name
from orderkit.model.workflow.workflows import Workflow

# What each table was called before the revisions that are about to run: new name to old.
Before = Mapping[str, str]
AS_IT_IS: Before = MappingProxyType({})


def unborn(
    connection: sa.Connection, workflow: Workflow, before: Before = AS_IT_IS, *, in_gone_states: bool
) -> Mapping[str, int]:
    """Return how many records stand in each state without having begun, by state.

    Args:
        connection: on a database that may not have the form's table, or the state's column, yet.
        workflow: in its newest form.
        before: what tables are called in the database, where that differs.
        in_gone_states: whether to count only in states that the workflow does not have.
    """
    found = _place(connection, workflow, before)
    if found is None:
        return {}
    table, state = found
    counted = (
        sa.select(state, sa.func.count())
        .where(*_is_unborn(workflow, table, state, in_gone_states=in_gone_states))
        .group_by(state)
        .order_by(state)
    )
    return {row[0]: row[1] for row in connection.execute(counted)}


def unborn_ids(
    connection: sa.Connection,
    workflow: Workflow,
    before: Before = AS_IT_IS,
    *,
    limit: int,
    state: str | None = None,
    after: int = 0,
) -> Sequence[int]:
    """Return records that stand in a state that is gone without having begun: the first after an id, or in `state`."""
    found = _place(connection, workflow, before)
    if found is None:
        return ()
    table, column = found
    wanted = (
        sa.select(table.c.id)
        .where(table.c.id > after, *_is_unborn(workflow, table, column, in_gone_states=True))
        .order_by(table.c.id)
        .limit(limit)
    )
    if state is not None:
        wanted = wanted.where(column == state)
    return connection.execute(wanted).scalars().all()


def _is_unborn(
    workflow: Workflow, table: sa.TableClause, state: sa.ColumnClause[str], *, in_gone_states: bool
) -> Sequence[sa.ColumnElement[bool]]:
    has_begun = sa.exists().where(instances.c.workflow == workflow.id, instances.c.record_id == table.c.id)
    is_gone = [state.not_in([each.id for each in workflow.states])] if in_gone_states else []
    return [state.is_not(None), *is_gone, ~has_begun]


def _place(
    connection: sa.Connection, workflow: Workflow, before: Before
) -> tuple[sa.TableClause, sa.ColumnClause[str]] | None:
    """Return the form's table and the state's column, if the database has them; a new column has nothing to say."""
    now = table_name(workflow.form)
    name = before.get(now, now)
    inspector = sa.inspect(connection)
    if not inspector.has_table(name):
        return None
    if workflow.state_field not in {each["name"] for each in inspector.get_columns(name)}:
        return None
    state: sa.ColumnClause[str] = sa.column(workflow.state_field, sa.String)
    table = sa.table(name, sa.column("id", sa.BigInteger), state)
    return table, table.c[workflow.state_field]
