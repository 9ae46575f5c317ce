"""The record of an import: what was read, how far it is, what was wrong. Pages show it while it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from orderkit.database.schema.system_tables import import_run as runs
from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Conflict, NotFound
from orderkit.model.labels import label

MAX_KEPT_PROBLEMS = 1_000


class RunState(StrEnum):
    """Where an import stands. REFUSED: the file has problems. STOPPING: somebody asked to cancel it."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    FAILED = "failed"


UNDER_WAY = frozenset({RunState.WAITING, RunState.RUNNING, RunState.STOPPING})


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """One import. `done` of `total` are records; `problems` are at most 1,000 of `problem_count`."""

    id: int
    mapping: str
    file_name: str
    state: RunState
    is_dry: bool
    total: int
    done: int
    created: int
    updated: int
    unchanged: int
    problem_count: int
    problems: tuple[ImportProblem, ...]
    warnings: tuple[ImportProblem, ...]
    created_at: datetime
    created_by: int | None
    finished_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        """Whether it will still change."""
        return self.state in UNDER_WAY


def open_run(unit: Unit, *, mapping: str, file_name: str, digest: str, is_dry: bool) -> int:
    """Note that a file is to be imported and return the id of the run."""
    statement = runs.insert().values(
        mapping=mapping,
        file_name=file_name[-255:],
        digest=digest,
        state=RunState.WAITING,
        is_dry=is_dry,
        problems=_kept((), ()),
        created_at=unit.now,
        created_by=unit.person.id,
    )
    return int(unit.connection.execute(statement.returning(runs.c.id)).scalar_one())


def advance(connection: sa.Connection, run_id: int, **values: object) -> bool:
    """Note progress; return whether the run may go on (nobody asked to stop it)."""
    state = connection.execute(sa.select(runs.c.state).where(runs.c.id == run_id)).scalar_one_or_none()
    if state == RunState.STOPPING:
        values = {name: value for name, value in values.items() if name != "state"}
    if values:
        connection.execute(runs.update().where(runs.c.id == run_id).values(**values))
    return state != RunState.STOPPING


def close_run(
    unit: Unit,
    run_id: int,
    state: RunState,
    *,
    problems: Sequence[ImportProblem] = (),
    warnings: Sequence[ImportProblem] = (),
    **values: object,
) -> None:
    """Note how an import ended."""
    unit.connection.execute(
        runs.update()
        .where(runs.c.id == run_id)
        .values(state=state, problems=_kept(problems, warnings), finished_at=unit.now, **values)
    )


def stop_run(unit: Unit, run_id: int) -> None:
    """Ask an import to stop after the records it is writing. Raises NotFound, Conflict."""
    found = find_run(unit, run_id)
    if not found.is_under_way:
        raise Conflict(label(zh="导入已经结束", en="the import has ended already"))
    state = RunState.CANCELLED if found.state is RunState.WAITING else RunState.STOPPING
    values: dict[str, object] = {"state": state}
    if state is RunState.CANCELLED:
        values["finished_at"] = unit.now
    unit.connection.execute(runs.update().where(runs.c.id == run_id).values(**values))


def find_run(unit: Unit, run_id: int) -> ImportRun:
    """Return an import that this person started; administrators see all. Raises NotFound."""
    row = unit.connection.execute(_mine(unit).where(runs.c.id == run_id)).one_or_none()
    if row is None:
        raise NotFound(label(zh="没有这次导入", en="there is no such import"))
    return _run_of(row)


def recent_runs(unit: Unit, *, limit: int = 20) -> tuple[ImportRun, ...]:
    """Return the last imports of this person; administrators see all."""
    query = _mine(unit).order_by(runs.c.id.desc()).limit(limit)
    return tuple(_run_of(row) for row in unit.connection.execute(query))


def _mine(unit: Unit) -> sa.Select[tuple[object, ...]]:
    query = sa.select(*runs.c)
    if unit.person.is_system or "admin" in unit.person.roles:
        return query
    return query.where(runs.c.created_by == unit.person.id)


def _kept(problems: Sequence[ImportProblem], warnings: Sequence[ImportProblem]) -> Mapping[str, object]:
    return {
        "count": len(problems),
        "problems": [each.to_json() for each in problems[:MAX_KEPT_PROBLEMS]],
        "warnings": [each.to_json() for each in warnings[:MAX_KEPT_PROBLEMS]],
    }


def _run_of(row: sa.Row[tuple[object, ...]]) -> ImportRun:
    return ImportRun(
        id=row.id,
        mapping=row.mapping,
        file_name=row.file_name,
        state=RunState(row.state),
        is_dry=row.is_dry,
        total=row.total,
        done=row.done,
        created=row.created,
        updated=row.updated,
        unchanged=row.unchanged,
        problem_count=row.problems["count"],
        problems=tuple(ImportProblem.from_json(each) for each in row.problems["problems"]),
        warnings=tuple(ImportProblem.from_json(each) for each in row.problems["warnings"]),
        created_at=row.created_at,
        created_by=row.created_by,
        finished_at=row.finished_at,
    )
