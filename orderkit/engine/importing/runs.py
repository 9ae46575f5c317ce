"""The record of an import: what was read, how far it is, what was wrong. Pages show it while it runs."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import import_record as records
from orderkit.database.schema.system_tables import import_run as runs
from orderkit.engine.importing.options import Options
from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Conflict, NotFound
from orderkit.model.forms import FormId
from orderkit.model.labels import Label, label

MAX_KEPT_PROBLEMS = 1_000
_BACK, _LEFT = "back", "left"


class RunState(StrEnum):
    """Where an import stands. REFUSED: the file has problems. STOPPING: somebody asked to cancel it.

    REVERSED: it was taken back, as far as that was possible; REVERSAL_FAILED: that broke off, and can be gone on with.
    """

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    FAILED = "failed"
    REVERSING = "reversing"
    REVERSED = "reversed"
    REVERSAL_FAILED = "reversal_failed"


UNDER_WAY = frozenset({RunState.WAITING, RunState.RUNNING, RunState.STOPPING, RunState.REVERSING})


class Verb(StrEnum):
    """What an import did with a record. MADE: it was referred to and did not exist."""

    CREATED = "created"
    UPDATED = "updated"
    MADE = "made"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRecord:
    """A record that an import wrote. `is_settled`: it was its turn to be taken back; `reason`: what of it was not, and why."""

    form: FormId
    id: int
    verb: Verb
    is_settled: bool = False
    reason: Label | None = dataclass_field(default=None, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """One import. `done` of `total` are records; `problems` are at most 1,000 of `problem_count`.

    `refused_rows` are rows that are not to be written; `refused_file` is the file that holds them. `layout`
    tells which rows make which record, without which `done` means nothing; `seen_at` is when who works on it was
    last there.
    """

    id: int
    mapping: str
    file_name: str
    digest: str
    state: RunState
    is_dry: bool
    total: int
    done: int
    created: int
    updated: int
    unchanged: int
    refused: int
    options: Options
    refused_rows: frozenset[int]
    layout: str
    refused_file: int | None
    problem_count: int
    problems: tuple[ImportProblem, ...]
    warnings: tuple[ImportProblem, ...]
    created_at: datetime
    created_by: int | None
    finished_at: datetime | None
    seen_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        """Whether it will still change."""
        return self.state in UNDER_WAY


def request_of(run_id: int) -> str:
    """Return the name under which the audit keeps what an import wrote."""
    return f"import:{run_id}"


def open_run(unit: Unit, *, mapping: str, file_name: str, digest: str, is_dry: bool, options: Options) -> int:
    """Note that a file is to be imported and return the id of the run."""
    statement = runs.insert().values(
        mapping=mapping,
        file_name=file_name[-255:],
        digest=digest,
        state=RunState.WAITING,
        is_dry=is_dry,
        options=options.to_json(),
        problems=kept_problems((), ()),
        created_at=unit.now,
        created_by=unit.person.id,
    )
    return int(unit.connection.execute(statement.returning(runs.c.id)).scalar_one())


def note_refused_file(unit: Unit, run_id: int, file_id: int) -> None:
    """Note where the rows lie that a run refused."""
    _set(unit, run_id, refused_file=file_id)


def note_written(unit: Unit, run_id: int, written: Iterable[tuple[FormId, int, Verb]]) -> None:
    """Note what an import wrote, in the transaction that writes it. The first word on a record holds."""
    rows = [
        {"run_id": run_id, "form": form, "record_id": record_id, "verb": verb}
        for form, record_id, verb in written
    ]
    if rows:
        insert = postgresql.insert if unit.runtime.database.dialect == "postgresql" else sqlite.insert
        unit.connection.execute(insert(records).on_conflict_do_nothing(), rows)


def note_taken_back(unit: Unit, run_id: int, notes: Mapping[WrittenRecord, Label | None]) -> None:
    """Note what became of records that were to be taken back; a reason says what was not."""
    for each, reason in notes.items():
        mine = (records.c.run_id == run_id) & (records.c.form == each.form) & (records.c.record_id == each.id)
        outcome = _BACK if reason is None else _LEFT
        values = {"outcome": outcome, "reason": None if reason is None else dict(reason)}
        unit.connection.execute(records.update().where(mine & records.c.outcome.is_(None)).values(values))


def not_settled(unit: Unit, run_id: int, some: Sequence[WrittenRecord]) -> list[WrittenRecord]:
    """Return those that nobody else has taken back meanwhile, and keep others from doing so now."""
    mine = (records.c.run_id == run_id) & records.c.record_id.in_(sorted({each.id for each in some}))
    query = sa.select(records.c.form, records.c.record_id).where(mine & records.c.outcome.is_(None))
    found = {tuple(row) for row in unit.connection.execute(query.with_for_update())}
    return [each for each in some if (each.form, each.id) in found]


def written_records(unit: Unit, run_id: int, *, is_left: bool = False) -> tuple[WrittenRecord, ...]:
    """Return what an import wrote, the last first; with `is_left` only what could not be taken back."""
    query = sa.select(records).where(records.c.run_id == run_id)
    if is_left:
        query = query.where(records.c.outcome == _LEFT)
    query = query.order_by(records.c.verb == Verb.MADE, records.c.form, records.c.record_id.desc())
    return tuple(
        WrittenRecord(
            form=row.form,
            id=row.record_id,
            verb=Verb(row.verb),
            is_settled=row.outcome is not None,
            reason=None if row.reason is None else label(**row.reason),
        )
        for row in unit.connection.execute(query)
    )


def _set(unit: Unit, run_id: int, **values: object) -> None:
    unit.connection.execute(runs.update().where(runs.c.id == run_id).values(**values))


def must_be_of(run: ImportRun, mapping: str, path: Path) -> None:
    """Refuse to go on with a run that began with another mapping or file. Raises Conflict."""
    if run.mapping != mapping or run.digest != digest_of(path):
        raise Conflict(
            label(
                zh="文件或映射与这次导入开始时不同，不能继续；请用原来的文件，或重新导入",
                en="the file or the mapping is not that with which this import began; go on with those, "
                "or import the file anew",
            )
        )


def digest_of(path: Path) -> str:
    """Return what tells this file from every other."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
    if unit.person.is_administrator:
        return query
    return query.where(runs.c.created_by == unit.person.id)


def kept_problems(
    problems: Sequence[ImportProblem],
    warnings: Sequence[ImportProblem],
    refused_rows: Collection[int] = (),
    layout: str = "",
) -> Mapping[str, object]:
    """Return what a run keeps of its problems."""
    return {
        "refused_rows": sorted(refused_rows),
        "layout": layout,
        "count": len(problems),
        "problems": [each.to_json() for each in problems[:MAX_KEPT_PROBLEMS]],
        "warnings": [each.to_json() for each in warnings[:MAX_KEPT_PROBLEMS]],
    }


def _run_of(row: sa.Row[tuple[object, ...]]) -> ImportRun:
    return ImportRun(
        id=row.id,
        mapping=row.mapping,
        file_name=row.file_name,
        digest=row.digest,
        state=RunState(row.state),
        is_dry=row.is_dry,
        total=row.total,
        done=row.done,
        created=row.created,
        updated=row.updated,
        unchanged=row.unchanged,
        refused=row.refused,
        options=Options.from_json(row.options or {}),
        refused_rows=frozenset(row.problems.get("refused_rows", ())),
        layout=row.problems.get("layout", ""),
        refused_file=row.refused_file,
        problem_count=row.problems["count"],
        problems=tuple(ImportProblem.from_json(each) for each in row.problems["problems"]),
        warnings=tuple(ImportProblem.from_json(each) for each in row.problems["warnings"]),
        created_at=row.created_at,
        created_by=row.created_by,
        finished_at=row.finished_at,
        seen_at=row.seen_at,
    )
