"""Opening a project: the one place that knows every part of the engine and puts them together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from orderkit.catalog import Catalog, installed
from orderkit.database.connections.database import DEFAULT_THREADS, Database
from orderkit.engine import integrations, workflow
from orderkit.engine.accounts import remove_ended_sessions, watch_users
from orderkit.engine.audit.pruning import prune_expired
from orderkit.engine.audit.sealing import Sealer
from orderkit.engine.automation import (
    AUTOMATION_JOB,
    AutomationEvents,
    AutomationHandler,
    Timetable,
    remove_old_traces,
)
from orderkit.engine.bin import empty_expired
from orderkit.engine.bulk import BULK_JOB, BulkHandler, remove_old_runs
from orderkit.engine.files import remove_untied
from orderkit.engine.following import NOTICE_JOB, NoticeHandler, watch_followed
from orderkit.engine.hooks import Happening, Hooks, LifeStep
from orderkit.engine.importing.job import IMPORT_JOB, ImportHandler
from orderkit.engine.integrations import IntegrationEvents
from orderkit.engine.jobs import Chore, Handler, Routine, WakeUp
from orderkit.engine.ledger.reading import balances_of
from orderkit.engine.retired import remove_expired
from orderkit.engine.runtime import Clock, FileStore, Runtime, SystemClock, Unit
from orderkit.engine.trail import AUDIT_JOB, VerifyHandler
from orderkit.engine.workflow import (
    Bell,
    TimelineEntry,
    WorkflowLifeCycle,
    watch_done,
    watch_leavers,
    watch_roles,
)
from orderkit.engine.workflow.decision_links import remove_old_links
from orderkit.fields.field_type import Invalid
from orderkit.model.forms import FormId
from orderkit.model.labels import Label
from orderkit.model.project import Project
from orderkit.model.running import running
from orderkit.model.stored import model_hash as hash_of


def open_runtime(
    project: Project,
    *,
    database_url: str,
    files_folder: Path,
    home: Path | None = None,
    model_hash: str | None = None,
    environment: Callable[[str], str | None] = lambda name: None,  # noqa: ARG005 - a port with no secrets
    clock: Clock | None = None,
    catalog: Catalog | None = None,
    threads: int = DEFAULT_THREADS,
    remote_files: FileStore | None = None,
    commit: str | None = None,
    keys_for: Callable[[str], tuple[bytes, ...]] = lambda purpose: (),  # noqa: ARG005 - a port with no keys
    asset: Callable[[str], bytes | None] = lambda digest: None,  # noqa: ARG005 - a port with no files
) -> Runtime:
    """Open a project over an existing database. `runtime.database.close()` ends it.

    Args:
        project: the checked model.
        database_url: where its records are; a relative SQLite path starts at `home`.
        files_folder: where attachments lie; it need not exist yet.
        home: the folder that relative paths start at.
        model_hash: the model's hash, if the caller knows it; it stands in every audit entry.
        environment: answers `${NAME}` in connections.
        clock: where the time comes from.
        catalog: what this installation knows; the built-in one by default.
        threads: how many may use the database at once.
        remote_files: where attachments lie, if not in `files_folder` alone.
        commit: the git commit that the project was built from, if it is known.
        keys_for: answers the keys of a purpose; without any, the audit is not sealed.
        asset: answers the bytes of a file of the project, by their SHA-256.
    Raises: DatabaseUnusable.
    """
    known = catalog or installed()
    return runtime_over(
        project,
        Database.open(database_url, project, known, threads=threads, folder=home),
        files_folder=files_folder,
        home=home,
        model_hash=model_hash,
        environment=environment,
        clock=clock,
        catalog=known,
        remote_files=remote_files,
        commit=commit,
        keys_for=keys_for,
        asset=asset,
    )


def job_handlers() -> Mapping[str, Handler]:
    """Return who does which kind of job, for every worker alike."""
    return {
        **integrations.handlers(),
        IMPORT_JOB: ImportHandler(),
        BULK_JOB: BulkHandler(),
        NOTICE_JOB: NoticeHandler(),
        AUDIT_JOB: VerifyHandler(),
        AUTOMATION_JOB: AutomationHandler(),
    }


def chores() -> tuple[Chore, ...]:
    """Return what workers remove now and then: what lay in the bin, uploads nobody kept, what ended, retired data, old audit."""
    return (
        empty_expired,
        remove_untied,
        remove_ended_sessions,
        remove_expired,
        remove_old_runs,
        prune_expired,
        remove_old_traces,
        remove_old_links,
    )


def routines(runtime: Runtime) -> tuple[Routine, ...]:
    """Return what workers do every few seconds: look which automations and timers are due, and seal the audit."""
    return (Timetable(runtime), Bell(runtime), Sealer(runtime))


def runtime_over(
    project: Project,
    database: Database,
    *,
    files_folder: Path,
    home: Path | None = None,
    model_hash: str | None = None,
    environment: Callable[[str], str | None] = lambda name: None,  # noqa: ARG005 - a port with no secrets
    clock: Clock | None = None,
    catalog: Catalog | None = None,
    remote_files: FileStore | None = None,
    commit: str | None = None,
    keys_for: Callable[[str], tuple[bytes, ...]] = lambda purpose: (),  # noqa: ARG005 - a port with no keys
    asset: Callable[[str], bytes | None] = lambda digest: None,  # noqa: ARG005 - a port with no files
) -> Runtime:
    """Return the runtime of what runs of a project, over an open database."""
    return Runtime(
        project=running(project),
        model_hash=model_hash or hash_of(project),
        catalog=catalog or installed(),
        database=database,
        files_folder=files_folder,
        home=home,
        remote_files=remote_files,
        commit=commit,
        keys_for=keys_for,
        asset=asset,
        clock=clock or SystemClock(),
        environment=environment,
        wake_worker=WakeUp(),
        hooks=Hooks(
            life_cycle=WorkflowLifeCycle(),
            events=_Sinks(),
            steps=_steps,
            balances=balances_of,
            watches=(watch_users, watch_followed, watch_leavers, watch_done),
            role_watches=(watch_roles,),
        ),
    )


class _Sinks:
    """Everybody who waits for events."""

    def __init__(self) -> None:
        self._sinks = (IntegrationEvents(), AutomationEvents())

    def happened(self, unit: Unit, happenings: Sequence[Happening]) -> None:
        """Tell each of them."""
        for sink in self._sinks:
            sink.happened(unit, happenings)


def _steps(unit: Unit, form: FormId, record_id: int) -> Sequence[LifeStep]:
    return [_step(unit, entry) for entry in workflow.timeline(unit, form, record_id)]


def _step(unit: Unit, entry: TimelineEntry) -> LifeStep:
    return LifeStep(
        at=entry.at,
        actor_id=entry.actor.id,
        actor=entry.actor.name,
        on_behalf_of=None if entry.on_behalf_of is None else entry.on_behalf_of.name,
        channel=entry.channel,
        verb=entry.verb,
        label=entry.label,
        comment=entry.comment,
        answers=tuple(_answers(unit, entry)),
    )


def _answers(unit: Unit, entry: TimelineEntry) -> Iterator[tuple[str, Label, str]]:
    """Yield what the button of a step asked for beside the fields of its form."""
    given = entry.data.get("values")
    life = unit.project.workflow_by_id.get(entry.workflow)
    transition = None if life is None else life.transition_by_id.get(entry.transition or "")
    if transition is None or not isinstance(given, dict):
        return
    for ask in transition.ask:
        kind = unit.runtime.catalog.fields[ask.field.type]
        value = kind.from_json(ask.field.options, given.get(ask.field.id))
        if ask.is_own and value is not None and not isinstance(value, Invalid):
            yield ask.field.id, ask.field.label, kind.show(ask.field.options, value, unit.locale)
