"""How an import gets from one state to the next: by one conditional update each.

Of two who want different things of it at once (a retry that goes on, somebody who takes it back) one gets its
way and the other is told. Progress counts on from where this attempt is, so that nothing is written twice.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from orderkit.database.schema.system_tables import import_record as records
from orderkit.database.schema.system_tables import import_run as runs
from orderkit.database.schema.system_tables import job as jobs
from orderkit.engine.importing.runs import ImportRun, RunState, find_run, must_be_of
from orderkit.engine.jobs import JobState
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Conflict, OrderkitError
from orderkit.model.labels import label

NEW = frozenset({RunState.WAITING})
BY_WORKER = frozenset({RunState.WAITING, RunState.RUNNING, RunState.FAILED})
"""What a worker may do or go on with: it holds the lease of the job, so whoever was at it before is gone."""
BY_PEOPLE = frozenset({RunState.CANCELLED, RunState.FAILED, RunState.STOPPING})
"""What somebody may go on with. One that is to stop either does so soon, or its process is gone."""
_WORKED_ON = frozenset({RunState.RUNNING, RunState.STOPPING})
_REVERSIBLE = frozenset({RunState.DONE, RunState.CANCELLED, RunState.FAILED, RunState.REVERSAL_FAILED})
TO_REVERSE = frozenset({RunState.REVERSING, RunState.REVERSAL_FAILED})
"""What a worker may take back that was asked to: also what broke off before."""


LEASE = timedelta(seconds=60)
"""An import of which nobody has been heard for so long is not worked on any more: its process was killed."""


class TakenOver(OrderkitError):
    """Somebody else goes on with this import, or takes it back; this attempt writes nothing more."""

    def __init__(self) -> None:
        super().__init__(
            label(
                zh="这次导入已由别的进程继续，或正在撤销；这里不再写入。请在导入页面查看它的状态",
                en="another process goes on with this import, or takes it back; nothing more is written here. "
                "Its page says how it stands",
            )
        )


def job_key(run_id: int) -> str:
    """Return the key of the job that does an import, so that there is one only."""
    return f"import:{run_id}"


def to_go_on(unit: Unit, run_id: int, mapping: str | None, path: Path) -> ImportRun:
    """Return a run that somebody may go on with, of this very file. Raises NotFound, Conflict.

    `mapping` None: that of the run.
    """
    found = find_run(unit, run_id)
    if found.is_dry:
        raise Conflict(
            label(
                zh="那是一次试运行，没有写入任何内容，无从继续；请去掉 --resume，重新试运行或导入",
                en="that was a dry run, which keeps nothing to go on from; try or import the file again, "
                "without --resume",
            )
        )
    is_left = is_abandoned(found, unit.now)
    if (found.state in {RunState.WAITING, RunState.RUNNING} and not is_left) or _has_job(unit, run_id):
        raise Conflict(
            label(
                zh="这次导入还在进行，或很快会自动继续；两个进程不能同时写入。请等它结束；如果它的进程已被强行终止，"
                f"一分钟后再继续，或先在它的页面（/imports/runs/{run_id}）停止它",
                en="this import is still under way, or soon goes on by itself, and two processes may not write "
                "it at once. Wait until it has ended; if its process was killed, go on after a minute, or stop it "
                f"on its page (/imports/runs/{run_id}) first",
            )
        )
    if found.state not in BY_PEOPLE and not is_left:
        raise Conflict(
            label(
                zh="这次导入已经结束，不能继续；要再次导入，请去掉 --resume",
                en="this import has ended; there is nothing to go on with. To import the file again leave out "
                "--resume",
            )
        )
    must_be_of(found, mapping or found.mapping, path)
    return found


def _has_job(unit: Unit, run_id: int) -> bool:
    is_mine = (jobs.c.key == job_key(run_id)) & jobs.c.state.in_([JobState.READY, JobState.RUNNING])
    return unit.connection.execute(sa.select(jobs.c.id).where(is_mine)).first() is not None


def is_abandoned(run: ImportRun, now: datetime) -> bool:
    """Whether an import is under way on which nobody works any more. Of one of an older program nobody knows."""
    return run.state is RunState.RUNNING and run.seen_at is not None and run.seen_at < now - LEASE


def claim(unit: Unit, run_id: int, expected: Collection[RunState]) -> None:
    """Begin to work on an import that is in one of these states or abandoned. Raises TakenOver when it is neither."""
    is_left = (runs.c.state == RunState.RUNNING) & (runs.c.seen_at < unit.now - LEASE)
    mine = (runs.c.id == run_id) & (runs.c.state.in_(sorted(expected)) | is_left)
    begun = runs.update().where(mine).values(state=RunState.RUNNING, finished_at=None, seen_at=unit.now)
    if not unit.connection.execute(begun).rowcount:
        raise TakenOver


def note_alive(connection: sa.Connection, run_id: int, now: datetime) -> None:
    """Note that somebody works on an import."""
    _moved(connection, run_id, _WORKED_ON, seen_at=now)


def advance(connection: sa.Connection, run_id: int, *, since: int, **values: object) -> bool:
    """Note progress; return whether the run may go on (nobody asked to stop it).

    Raises: TakenOver, when it is not `since` records far any more or nobody is to work on it.
    """
    mine = (runs.c.id == run_id) & runs.c.state.in_(sorted(_WORKED_ON)) & (runs.c.done == since)
    statement = runs.update().where(mine).values(**{"done": since, **values}).returning(runs.c.state)
    state = connection.execute(statement).scalar_one_or_none()
    if state is None:
        raise TakenOver
    return bool(state != RunState.STOPPING)


def close_run(
    unit: Unit,
    run_id: int,
    state: RunState,
    **values: object,
) -> None:
    """Note how an import ended. Raises TakenOver, when nobody is to work on it any more."""
    if not _moved(unit.connection, run_id, _WORKED_ON, state=state, finished_at=unit.now, **values):
        raise TakenOver


def break_off(unit: Unit, run_id: int) -> None:
    """Note that an import broke off; how far it is and what is wrong with the file stay as they are."""
    expected = _WORKED_ON | NEW
    _moved(unit.connection, run_id, expected, state=RunState.FAILED, finished_at=unit.now)


def stop_run(unit: Unit, run_id: int) -> None:
    """Ask an import to stop after the records it is writing. Raises NotFound, Conflict."""
    found = find_run(unit, run_id)
    connection = unit.connection
    if _moved(connection, run_id, NEW, state=RunState.CANCELLED, finished_at=unit.now):
        return
    if not _moved(connection, run_id, _WORKED_ON, state=RunState.STOPPING):
        if found.state is RunState.REVERSING:
            raise Conflict(
                label(
                    zh="正在撤销，中途停止会留下半次导入；请等它结束",
                    en="it is being taken back; stopped halfway it would leave half an import, so wait until it ends",
                )
            )
        raise Conflict(label(zh="导入已经结束", en="the import has ended already"))


def is_stoppable(run: ImportRun) -> bool:
    """Whether somebody may ask it to stop."""
    return run.state in _WORKED_ON | NEW


def settle_stop(unit: Unit, run_id: int) -> None:
    """End an import that was to stop when its worker died."""
    expected = {RunState.STOPPING}
    _moved(unit.connection, run_id, expected, state=RunState.CANCELLED, finished_at=unit.now)


def begin_reversal(unit: Unit, run_id: int) -> bool:
    """Note that an import is to be taken back, and return whether this has not begun already.

    Raises: NotFound, Conflict (there is nothing to take back).
    """
    found = find_run(unit, run_id)
    if is_reversible(unit, found) and _moved(
        unit.connection, run_id, _REVERSIBLE, state=RunState.REVERSING, done=0, finished_at=None
    ):
        return True
    if find_run(unit, run_id).state is not RunState.REVERSING:
        raise Conflict(
            label(
                zh="这次导入没有可撤销的内容，或仍在进行",
                en="this import wrote nothing that could be taken back, or is still under way",
            )
        )
    return False


def note_reversal(unit: Unit, run_id: int, *, total: int, done: int) -> None:
    """Note how many of its records have had their turn to be taken back."""
    _moved(unit.connection, run_id, {RunState.REVERSING}, total=total, done=done)


def end_reversal(unit: Unit, run_id: int) -> None:
    """Note that it has been taken back, as far as it could be."""
    expected = {RunState.REVERSING}
    _moved(unit.connection, run_id, expected, state=RunState.REVERSED, finished_at=unit.now)


def break_off_reversal(unit: Unit, run_id: int) -> None:
    """Note that taking it back broke off; what was taken back by then stays so."""
    expected = {RunState.REVERSING}
    _moved(unit.connection, run_id, expected, state=RunState.REVERSAL_FAILED, finished_at=unit.now)


def is_reversible(unit: Unit, run: ImportRun) -> bool:
    """Whether there is something to take back."""
    any_record = sa.select(records.c.run_id).where(records.c.run_id == run.id).limit(1)
    may = not run.is_dry and run.state in _REVERSIBLE
    return may and unit.connection.execute(any_record).first() is not None


def _moved(connection: sa.Connection, run_id: int, expected: Collection[RunState], **values: object) -> bool:
    mine = (runs.c.id == run_id) & runs.c.state.in_(sorted(expected))
    return connection.execute(runs.update().where(mine).values(**values)).rowcount > 0
