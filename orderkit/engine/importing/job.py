"""Imports in the background: a page queues a run, the worker does it, the page watches the run.

A worker that dies lets go of the job; the next one imports the file again, which goes on where it was.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from orderkit.engine.access.people import people_of
from orderkit.engine.files import StoredFile, content_path, files_of, receive
from orderkit.engine.importing import runs, transitions
from orderkit.engine.importing.options import Options
from orderkit.engine.importing.preparing import allowed_plan
from orderkit.engine.importing.refused import RefusedRows
from orderkit.engine.importing.reversing import plan_to_reverse, reverse
from orderkit.engine.importing.run import run
from orderkit.engine.jobs import Job, Performed, enqueue
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime, Unit
from orderkit.model.errors import ConnectorFailed
from orderkit.model.labels import label

IMPORT_JOB = "import"
_ATTEMPTS = 3
_LARGEST_REFUSED = 500 * 1024 * 1024
_AS_IS = Options()


def enqueue_import(
    unit: Unit, name: str, stored: StoredFile, *, dry_run: bool = False, options: Options = _AS_IS
) -> int:
    """Queue the import of an uploaded file in this transaction and return the id of its run.

    Raises: NotFound, Denied, Refused.
    """
    allowed_plan(unit, name, options.columns)
    run_id = runs.open_run(
        unit, mapping=name, file_name=stored.name, digest=stored.digest, is_dry=dry_run, options=options
    )
    payload = {
        "run": run_id,
        "mapping": name,
        "file": stored.id,
        "person": unit.person.id,
        "dry_run": dry_run,
    }
    enqueue(unit, IMPORT_JOB, payload, key=transitions.job_key(run_id), max_attempts=_ATTEMPTS)
    return run_id


@dataclass(frozen=True, slots=True)
class ImportHandler:
    """Does the imports of the queue."""

    def perform(self, runtime: Runtime, job: Job) -> Performed:
        """Import the file of one run; what is wrong with it stands in the run."""
        payload: dict[str, Any] = dict(job.payload)
        if "reverse" in payload:
            return _reverse(runtime, payload["reverse"], payload["person"])
        with runtime.read(SYSTEM, Channel.IMPORT) as unit:
            found = runs.find_run(unit, payload["run"])
            stored = files_of(unit, [payload["file"]]).get(payload["file"])
            person = (
                SYSTEM
                if payload["person"] is None
                else people_of(unit, [payload["person"]]).get(payload["person"])
            )
            path = None if stored is None else content_path(unit, stored)
        if found.state is runs.RunState.STOPPING:
            with runtime.write(SYSTEM, Channel.IMPORT) as unit:
                transitions.settle_stop(unit, found.id)
        if found.state not in transitions.BY_WORKER:
            return Performed(summary=f"run {found.id} is {found.state} already")
        if person is None or stored is None or path is None:
            raise ConnectorFailed(
                label(
                    zh="文件已被删除，或导入人已停用",
                    en="the file is gone, or who imports it may no longer sign in",
                ),
                is_permanent=True,
            )
        result = run(
            runtime,
            person,
            payload["mapping"],
            path,
            file_name=stored.name,
            run_id=found.id,
            expected=transitions.BY_WORKER,
            on_refused=lambda refused: _keep_refused(runtime, person, found, refused),
        )
        return Performed(summary=f"run {result.run_id}: {result.state}, {len(result.problems)} problems")

    def delay_seconds(self, runtime: Runtime, job: Job) -> float:  # noqa: ARG002 - the port's signature
        """Return a short wait: what failed is the database or the machine, never the file."""
        return 10.0 * job.attempts

    def bury(self, unit: Unit, job: Job, error: str) -> None:  # noqa: ARG002 - the port's signature
        """Say in the run that it failed."""
        payload: dict[str, Any] = dict(job.payload)
        if "reverse" in payload:
            transitions.break_off_reversal(unit, payload["reverse"])
        else:
            transitions.break_off(unit, payload["run"])


def enqueue_reversal(unit: Unit, run_id: int) -> None:
    """Queue the taking back of what a run wrote. Raises NotFound, Denied, Conflict."""
    plan_to_reverse(unit, runs.find_run(unit, run_id))
    if transitions.begin_reversal(unit, run_id):
        # Without a key: the state lets nobody ask twice, and one that broke off may be asked for again.
        payload = {"reverse": run_id, "person": unit.person.id}
        enqueue(unit, IMPORT_JOB, payload, max_attempts=_ATTEMPTS)


def _reverse(runtime: Runtime, run_id: int, person_id: int | None) -> Performed:
    with runtime.read(SYSTEM, Channel.IMPORT) as unit:
        found = runs.find_run(unit, run_id)
        person = SYSTEM if person_id is None else people_of(unit, [person_id]).get(person_id)
    if found.state not in transitions.TO_REVERSE:
        return Performed(summary=f"run {run_id} is {found.state} already")
    if person is None:
        raise ConnectorFailed(
            label(zh="操作人已停用", en="who asked for it may no longer sign in"), is_permanent=True
        )
    left = reverse(runtime, person, run_id)
    return Performed(summary=f"run {run_id} is taken back, but for {len(left)} records")


def _keep_refused(runtime: Runtime, person: Person, found: runs.ImportRun, refused: RefusedRows) -> None:
    """Keep the rows that were refused as a file for whoever looks at the run; like an upload, for a day."""
    buffer = BytesIO()
    refused.write(buffer, person.locale or runtime.project.locale)
    stored = receive(
        runtime,
        person,
        Channel.IMPORT,
        name=f"{found.file_name.rpartition('.')[0] or found.file_name}.xlsx",
        chunks=[buffer.getvalue()],
        extensions=("xlsx",),
        max_size=_LARGEST_REFUSED,
    )
    with runtime.write(person, Channel.IMPORT) as unit:
        runs.note_refused_file(unit, found.id, stored.id)
