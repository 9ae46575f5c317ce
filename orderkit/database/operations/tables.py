"""What a revision needs beyond `alembic.op`: the few steps that differ between SQLite and PostgreSQL.

Revisions in projects import these names, so they stay as they are for good. The caller of a revision
has turned foreign keys off on SQLite (see `migrate`): copying a table there must not delete its rows' children.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations
from sqlalchemy.types import TypeEngine

from orderkit.database.schema import system_tables
from orderkit.database.schema.column_types import ExactDecimal


@contextmanager
def alter_table(name: str) -> Iterator[BatchOperations]:
    """Yield the operations on one table. SQLite copies it where it must, and never gives out an id twice."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        with op.batch_alter_table(name) as table:
            yield table
        return
    last_id = connection.execute(
        sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": name}
    ).scalar()
    with op.batch_alter_table(name, table_kwargs={"sqlite_autoincrement": True}) as table:
        yield table
    if last_id is not None:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
        connection.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"),
            {"name": name, "seq": last_id},
        )


def add_ring_key(name: str, table: str, target: str, column: str, *, ondelete: str) -> None:
    """Add a foreign key between tables that refer to each other; SQLite has it from `create_table` already."""
    if op.get_bind().dialect.name != "sqlite":
        op.create_foreign_key(name, table, target, [column], ["id"], ondelete=ondelete)


def drop_ring_key(name: str, table: str) -> None:
    """Drop a foreign key between tables that refer to each other; on SQLite it goes with its table."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, table, type_="foreignkey")


def fill(table: str, column: str, column_type: TypeEngine[Any], value: object) -> None:
    """Give every row the value in a new column."""
    rows = sa.table(table, sa.column(column, column_type))
    op.execute(rows.update().values({column: value}))


def fill_empty(table: str, column: str, column_type: TypeEngine[Any], value: object) -> None:
    """Give the value to every row where the column is empty."""
    rows = sa.table(table, sa.column(column, column_type))
    op.execute(rows.update().where(rows.c[column].is_(None)).values({column: value}))


def change_scale(table: str, column: str, old: TypeEngine[Any], new: TypeEngine[Any]) -> None:
    """Keep a number with another number of decimal places, rounded half away from zero where they are fewer."""
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(table, column, existing_type=old, type_=new)
        return
    more = _places(new) - _places(old)
    stored = sa.column(column, sa.BigInteger())
    rows = sa.table(table, stored)
    factor = 10 ** abs(more)
    if more >= 0:
        op.execute(rows.update().values({column: stored * factor}))
        return
    half = factor // 2
    shifted = sa.case((stored < 0, stored - half), else_=stored + half)
    op.execute(rows.update().values({column: shifted.op("/")(factor)}))


def rename_form(old_table: str, new_table: str, old_form: str, new_form: str) -> None:
    """Rename a table, and the form in what orderkit keeps beside it: audit, files, jobs, running workflows."""
    op.rename_table(old_table, new_table)
    for table in system_tables.metadata.sorted_tables:
        if "form" in table.c:
            op.execute(table.update().where(table.c.form == old_form).values(form=new_form))


def _places(column_type: TypeEngine[Any]) -> int:
    return column_type.scale if isinstance(column_type, ExactDecimal) else 0
