"""Asks a live database what a plan wants to know. It is only read: every question stands in one read-only snapshot."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from orderkit.catalog import Catalog
from orderkit.database.connections.database import Database
from orderkit.database.definitions.refusing import problems_of_drops
from orderkit.database.definitions.states import migrating, problems_of_states
from orderkit.database.definitions.stored import followed
from orderkit.database.definitions.unborn import unborn
from orderkit.database.migrating.stamp import read_stamp, refuse_other_project
from orderkit.database.operations.checks.checking import count_left_behind, failing
from orderkit.database.schema import system_tables
from orderkit.database.schema.tables import table_name
from orderkit.model.errors import Problem
from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.model.stored import model_hash
from orderkit.plan.facts import Facts, Questions, RowsThatFail, Standing, TableFacts
from orderkit.plan.planning import Side
from orderkit.plan.words.filling import filled

_OTHER_STATE = label(
    zh="这个数据库不在所比较的状态上：请先对它运行 `orderkit migrate`，或用 `--against` 指定它的版本；行数只供参考",
    en="this database is not at the state that the project is compared with: migrate it first, or name its version "
    "with `--against`; its counts are a hint only",
)
_ROLE_LOST = label(
    zh="角色 `{roles}` 已删除，但“{workflow}”有 {count} 条记录（{ids}）按旧定义运行，仍有按钮或步骤只等这个角色："
    "请先办结，或写 `in_flight: migrate`，或暂时保留该角色",
    en="the role `{roles}` is gone, and {count} records of {workflow} ({ids}) follow a definition in which a button or "
    "a step waits for nobody else: let them end first, write `in_flight: migrate`, or keep the role for now",
)


def ask(url: str, asked: Questions, *, old: Side, new: Project, catalog: Catalog, folder: Path) -> Facts:
    """Return what a database answers to the questions of a plan.

    Raises:
        DatabaseUnusable: it cannot be reached, is missing, or belongs to another project.
    """
    database = Database.open(url, old.project, catalog, threads=1, folder=folder)
    with closing(database), database.read() as connection:
        stamp = read_stamp(connection)
        refuse_other_project(stamp, new)
        names = frozenset(sa.inspect(connection).get_table_names())
        is_ours = system_tables.workflow_instance.name in names
        return Facts(
            tables={name: _table(connection, name) for name in asked.tables if name in names},
            values={
                (table, column): _values(connection, table, column)
                for table, column in asked.values
                if table in names
            },
            left_behind={
                move: count_left_behind(connection, move)
                for move in asked.moves
                if {move.table, move.below or move.table} <= names
            },
            failing=tuple(_failing(connection, asked, names)),
            standing=_standing(connection, asked, new, _before(old.project, new)) if is_ours else (),
            refusals=tuple(_refusals(connection, asked, new, catalog, _before(old.project, new)))
            if is_ours
            else (),
            notes=(
                *(() if stamp.model_hash in (None, model_hash(old.project)) else (_OTHER_STATE,)),
                *(_lost_roles(connection, old.project, new, catalog) if is_ours else ()),
            ),
        )


def _table(connection: sa.Connection, name: str) -> TableFacts:
    begun = time.perf_counter()
    rows = connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()
    return TableFacts(rows=rows, size_bytes=_size(connection, name), seconds=time.perf_counter() - begun)


def _size(connection: sa.Connection, name: str) -> int | None:
    """Return the bytes of a table with its indexes; SQLite tells them of the whole file only."""
    if connection.dialect.name == "sqlite":
        return None
    asked = sa.select(sa.func.pg_total_relation_size(sa.func.to_regclass(sa.literal(f'"{name}"'))))
    return connection.execute(asked).scalar()


def _values(connection: sa.Connection, table: str, column: str) -> int:
    asked = sa.select(sa.func.count(sa.column(column))).select_from(sa.table(table))
    return connection.execute(asked).scalar_one()


def _failing(connection: sa.Connection, asked: Questions, names: frozenset[str]) -> Iterator[RowsThatFail]:
    for check in asked.checks:
        found = failing(connection, check) if check.table in names else None
        if found is not None:
            yield RowsThatFail(check=check, count=found.count, ids=found.ids, values=found.values)


def _before(old: Project, new: Project) -> Mapping[str, str]:
    """Return what the tables of forms with a workflow are called in the database."""
    return {
        table_name(after.form): table_name(before.form)
        for after in new.workflows
        if (before := old.workflow_by_id.get(after.id)) is not None
    }


def _standing(
    connection: sa.Connection, asked: Questions, new: Project, before: Mapping[str, str]
) -> tuple[Standing, ...]:
    """Return how many records stand where. One that is older than its workflow has nothing that it could keep."""
    instances = system_tables.workflow_instance
    counted = (
        sa.select(instances.c.workflow, instances.c.state, sa.func.count())
        .where(instances.c.workflow.in_(asked.workflows))
        .group_by(instances.c.workflow, instances.c.state)
    )
    found = Counter({(name, state): count for name, state, count in connection.execute(counted)})
    for workflow in migrating(new):
        if workflow.id in asked.workflows:
            for state, count in unborn(connection, workflow, before, in_gone_states=False).items():
                found[workflow.id, state] += count
    return tuple(
        Standing(workflow=name, state=state, count=count) for (name, state), count in sorted(found.items())
    )


def _lost_roles(connection: sa.Connection, old: Project, new: Project, catalog: Catalog) -> Iterator[Label]:
    """Yield which running records keep a definition that waits for a role which is gone."""
    gone = old.role_by_id.keys() - new.role_by_id.keys()
    if not gone:
        return
    newest = {each.id for each in migrating(new)}
    for each in followed(connection, catalog):
        if each.definition.id in newest or each.definition.id not in new.workflow_by_id:
            continue
        for roles in sorted(map(sorted, each.asks)):
            if gone.issuperset(roles):
                count = sum(each.counts.values())
                yield filled(
                    _ROLE_LOST,
                    roles=", ".join(roles),
                    count=f"{count:,}",
                    ids=", ".join(map(str, each.first_ids)),
                    workflow=each.definition.label,
                )


def _refusals(
    connection: sa.Connection, asked: Questions, new: Project, catalog: Catalog, before: Mapping[str, str]
) -> Iterator[Problem]:
    yield from problems_of_states(connection, new, before)
    yield from problems_of_drops(connection, new, asked.retires, catalog)
