"""The record of a run: which records, what became of each so far. Its page shows it while it goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import bulk_result as kept
from orderkit.database.schema.system_tables import bulk_run as runs
from orderkit.engine import access, records
from orderkit.engine.access import Action, row_condition
from orderkit.engine.bulk.actions import BulkAction, Stored, from_json, to_json
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Conflict, NotFound, Problem, Refused
from orderkit.model.forms import FormId
from orderkit.model.labels import Label, label

MOST_RECORDS = 1_000
KEPT_FOR = timedelta(days=30)


class RunState(StrEnum):
    """Where a run stands. STOPPING: somebody asked to stop it; STOPPED: some records were left alone."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


UNDER_WAY = frozenset({RunState.WAITING, RunState.RUNNING, RunState.STOPPING})


class Outcome(StrEnum):
    """What became of one record. UNCHANGED: it was so already; WAITING: nothing yet."""

    WAITING = "waiting"
    DONE = "done"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRun:
    """One thing done to `total` records; `counts` says of how many by what became of them."""

    id: int
    form: FormId
    action: BulkAction
    state: RunState
    total: int
    counts: Mapping[Outcome, int]
    created_at: datetime

    @property
    def is_under_way(self) -> bool:
        """Whether it will still change."""
        return self.state in UNDER_WAY


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """What became of one record. `title` is empty where there was none that this person may see."""

    record_id: int
    title: str
    outcome: Outcome
    reason: Label | None


def open_run(
    unit: Unit, form_id: FormId, action: BulkAction, ids: Sequence[int], key: str
) -> tuple[int, bool]:
    """Note what is to be done and return the id of the run, and whether it is new: one key is one run.

    Raises: Refused (none chosen, or too many), Conflict (the key stands for something else).
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise _refused("required", zh="请先选择记录", en="choose at least one record")
    if len(wanted) > MOST_RECORDS:
        raise _refused(
            "too_many",
            zh=f"一次最多处理 {MOST_RECORDS} 条记录，请缩小范围",
            en=f"at most {MOST_RECORDS} records at once; choose fewer",
        )
    project, catalog = unit.project, unit.runtime.catalog
    stored = to_json(action, form_id, project, catalog)
    insert = postgresql.insert if unit.runtime.database.dialect == "postgresql" else sqlite.insert
    values: dict[str, Any] = {
        "form": form_id,
        "action": stored,
        "state": RunState.WAITING,
        "total": len(wanted),
        "key": key,
        "created_at": unit.now,
        "created_by": unit.person.id,
    }
    made = unit.connection.execute(
        insert(runs)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["created_by", "key"])
        .returning(runs.c.id)
    ).scalar_one_or_none()
    if made is None:
        return _known(unit, form_id, stored, wanted, key), False
    titles = _titles(unit, form_id, wanted)
    unit.connection.execute(
        kept.insert(),
        [
            {
                "run_id": made,
                "record_id": each,
                "position": position,
                "title": titles.get(each, ""),
                "outcome": Outcome.WAITING,
            }
            for position, each in enumerate(wanted)
        ],
    )
    return int(made), True


def find_run(unit: Unit, run_id: int) -> BulkRun:
    """Return a run of this very person, whose token reaches its form. Raises NotFound."""
    row = unit.connection.execute(
        sa.select(runs).where(runs.c.id == run_id, runs.c.created_by == unit.person.id)
    ).one_or_none()
    if row is None or row.form not in unit.project.form_by_id or not access.may_reach(unit, row.form):
        raise NotFound
    counts = unit.connection.execute(
        sa.select(kept.c.outcome, sa.func.count()).where(kept.c.run_id == run_id).group_by(kept.c.outcome)
    )
    return BulkRun(
        id=row.id,
        form=row.form,
        action=from_json(row.action, row.form, unit.project, unit.runtime.catalog),
        state=RunState(row.state),
        total=row.total,
        counts={Outcome(outcome): count for outcome, count in counts},
        created_at=row.created_at,
    )


def results(unit: Unit, run: BulkRun) -> tuple[BulkResult, ...]:
    """Return what became of each record, in the order in which they were chosen."""
    found = sa.select(kept).where(kept.c.run_id == run.id).order_by(kept.c.position)
    return tuple(
        BulkResult(record_id=row.record_id, title=row.title, outcome=Outcome(row.outcome), reason=row.reason)
        for row in unit.connection.execute(found)
    )


def stop_run(unit: Unit, run_id: int) -> None:
    """Ask a run to stop after the few records that it is at. Raises NotFound, Conflict."""
    if not find_run(unit, run_id).is_under_way:
        raise Conflict(label(zh="批量操作已经结束", en="this has ended already"))
    set_state(unit, run_id, RunState.STOPPING)


def set_state(unit: Unit, run_id: int, state: RunState) -> None:
    """Note where a run stands; what has ended stays so, and one that is to stop is not started again."""
    may = UNDER_WAY if state is not RunState.RUNNING else frozenset({RunState.WAITING})
    values: dict[str, object] = {"state": state}
    if state not in UNDER_WAY:
        values["finished_at"] = unit.now
    unit.connection.execute(
        runs.update().where(runs.c.id == run_id, runs.c.state.in_(sorted(may))).values(**values)
    )


def state_held(unit: Unit, run_id: int) -> RunState:
    """Return where a run stands; whoever else works at it, or stops it, waits until this unit ends."""
    held = sa.select(runs.c.state).where(runs.c.id == run_id).with_for_update()
    return RunState(unit.connection.execute(held).scalar_one())


def waiting(unit: Unit, run_id: int) -> tuple[int, ...]:
    """Return the records to which nothing was done yet."""
    found = sa.select(kept.c.record_id).where(kept.c.run_id == run_id, kept.c.outcome == Outcome.WAITING)
    return tuple(unit.connection.execute(found.order_by(kept.c.position)).scalars())


def take(unit: Unit, run_id: int, ids: Sequence[int]) -> list[int]:
    """Note that these records are done, and return those that nobody has taken before, in their order."""
    taken = unit.connection.execute(
        kept.update()
        .where(kept.c.run_id == run_id, kept.c.record_id.in_(ids), kept.c.outcome == Outcome.WAITING)
        .values(outcome=Outcome.DONE)
        .returning(kept.c.record_id)
    )
    free = set(taken.scalars())
    return [each for each in ids if each in free]


def note_unchanged(unit: Unit, run_id: int, ids: Sequence[int]) -> None:
    """Note, within the transaction that took these records, that each was so already."""
    if ids:
        unit.connection.execute(
            kept.update()
            .where(kept.c.run_id == run_id, kept.c.record_id.in_(ids))
            .values(outcome=Outcome.UNCHANGED)
        )


def give_back(unit: Unit, run_id: int, ids: Sequence[int]) -> None:
    """Note, within the transaction that took these records, that nothing was done to them after all."""
    if ids:
        unit.connection.execute(
            kept.update()
            .where(kept.c.run_id == run_id, kept.c.record_id.in_(ids))
            .values(outcome=Outcome.WAITING)
        )


def note_refused(unit: Unit, run_id: int, record_id: int, reason: Label) -> None:
    """Note, within the transaction that took this record, why it was refused."""
    unit.connection.execute(
        kept.update()
        .where(kept.c.run_id == run_id, kept.c.record_id == record_id)
        .values(outcome=Outcome.REFUSED, reason=dict(reason))
    )


def refuse(unit: Unit, run_id: int, record_id: int, reason: Label) -> None:
    """Note why a record was refused, unless somebody else has noted what became of it."""
    unit.connection.execute(
        kept.update()
        .where(kept.c.run_id == run_id, kept.c.record_id == record_id, kept.c.outcome == Outcome.WAITING)
        .values(outcome=Outcome.REFUSED, reason=dict(reason))
    )


def remove_old_runs(unit: Unit) -> None:
    """Delete what nobody looks at any more."""
    old = sa.select(runs.c.id).where(runs.c.created_at < unit.now - KEPT_FOR)
    unit.connection.execute(kept.delete().where(kept.c.run_id.in_(old)))
    unit.connection.execute(runs.delete().where(runs.c.created_at < unit.now - KEPT_FOR))


def _known(unit: Unit, form_id: FormId, stored: Stored, ids: Sequence[int], key: str) -> int:
    row = unit.connection.execute(
        sa.select(runs.c.id, runs.c.form, runs.c.action).where(
            runs.c.created_by == unit.person.id, runs.c.key == key
        )
    ).one()
    chosen = sa.select(kept.c.record_id).where(kept.c.run_id == row.id).order_by(kept.c.position)
    same = (row.form, row.action) == (form_id, stored)
    if not same or list(unit.connection.execute(chosen).scalars()) != list(ids):
        raise Conflict(
            label(
                zh="这个窗口已经提交过一次，请回到列表重新选择",
                en="this was sent once already; go back to the list and choose anew",
            )
        )
    return int(row.id)


def _titles(unit: Unit, form_id: FormId, ids: Sequence[int]) -> Mapping[int, str]:
    """Return the titles of those records that this person may see."""
    table = unit.runtime.database.tables[form_id]
    possible = [each for each in ids if 0 < each < 2**63]
    seen = sa.select(table.c.id).where(
        table.c.id.in_(possible), row_condition(unit, form_id, Action.READ, table)
    )
    return records.titles(unit, form_id, unit.connection.execute(seen).scalars().all())


def _refused(code: str, *, zh: str, en: str) -> Refused:
    return Refused([Problem(path="", code=code, message=label(zh=zh, en=en))])
