"""The administrator's page: what runs here, over which database, and whether all of it is well."""

import platform
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from orderkit import __version__
from orderkit.database.connections.size import program_of, size_of
from orderkit.database.migrating.journal import last_noted
from orderkit.database.migrating.readiness import unfinished_steps
from orderkit.engine import access, accounts, integrations
from orderkit.engine.integrations import UNKNOWN, Health
from orderkit.engine.jobs import JobState, count_jobs, workers_seen
from orderkit.engine.runtime import Unit
from orderkit.web.display.moments import shown_ago, shown_at
from orderkit.web.display.sizes import shown_size
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/admin.html"
MOST_MIGRATIONS = 8
SHOWN_OF_HASH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """How something is, in a word, with its hue."""

    word: str
    hue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminFact:
    """One line about what runs. `code` stands in the type of a machine, `note` explains."""

    label: str
    text: str
    is_code: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRow:
    """One worker."""

    name: str
    tone: Tone
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRow:
    """One external system. `error` is the last failure's, as long as no call has succeeded since."""

    label: str
    kind: str
    tone: Tone
    succeeded: str
    failed: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationRow:
    """One revision."""

    number: str
    title: str
    line: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminPage:
    """What an administrator looks at first. `under_way` is a migration that is not at its end."""

    project: tuple[AdminFact, ...]
    database: tuple[AdminFact, ...]
    waiting: int
    running: int
    dead: int
    sessions: int
    workers: tuple[WorkerRow, ...]
    connections: tuple[ConnectionRow, ...]
    migrations: tuple[MigrationRow, ...]
    under_way: str


def show_admin(visit: Visit) -> Response:
    """Show what runs."""
    with visit.reading() as unit:
        access.require_administrator(unit)
        counted = count_jobs(unit)
        page = AdminPage(
            project=_project(visit),
            database=_database(visit, unit),
            waiting=counted[JobState.READY],
            running=counted[JobState.RUNNING],
            dead=counted[JobState.DEAD],
            sessions=accounts.count_sessions(unit),
            workers=_workers(visit, unit),
            connections=_connections(visit, unit),
            migrations=tuple(
                MigrationRow(
                    number=each.number,
                    title=each.title,
                    line=visit.t(f"admin.line_{each.line}"),
                    when=shown_at(each.applied_at, visit.zone, visit.locale),
                )
                for each in last_noted(unit.connection, MOST_MIGRATIONS)
            ),
            under_way=next((str(step.title) for step in unfinished_steps(unit.connection)), ""),
        )
        return visit.show(unit, TEMPLATE, page, current="admin")


def _project(visit: Visit) -> tuple[AdminFact, ...]:
    runtime, t = visit.runtime, visit.t
    commit, _, dirty = (runtime.commit or "").partition("-")
    return (
        AdminFact(label=t("admin.project"), text=visit.text(runtime.project.label)),
        AdminFact(
            label=t("admin.commit"),
            text=commit or t("admin.no_commit"),
            is_code=bool(commit),
            note=t("admin.dirty") if dirty else "",
        ),
        AdminFact(label=t("admin.model"), text=runtime.model_hash[:SHOWN_OF_HASH], is_code=True),
        AdminFact(label="orderkit", text=__version__, is_code=True),
        AdminFact(label="Python", text=platform.python_version(), is_code=True),
    )


def _database(visit: Visit, unit: Unit) -> tuple[AdminFact, ...]:
    t = visit.t
    return (
        AdminFact(label=t("admin.database_kind"), text=program_of(unit.connection)),
        AdminFact(label=t("admin.database_size"), text=shown_size(size_of(unit.connection))),
        AdminFact(label=t("admin.time_zone"), text=visit.runtime.project.timezone),
    )


def _workers(visit: Visit, unit: Unit) -> tuple[WorkerRow, ...]:
    t, zone = visit.t, visit.zone
    return tuple(
        WorkerRow(
            name=each.name,
            tone=Tone(word=t("admin.worker_silent"), hue="red")
            if each.is_silent
            else Tone(word=t("admin.worker_runs"), hue="green"),
            facts=(
                f"orderkit {each.version}",
                t("admin.worker_seen", time=_moment(visit, unit, each.seen_at)),
                t("admin.worker_since", time=shown_at(each.started_at, zone, visit.locale)),
                *((t("admin.other_model"),) if each.model_hash != visit.runtime.model_hash else ()),
            ),
        )
        for each in workers_seen(unit)
    )


def _connections(visit: Visit, unit: Unit) -> tuple[ConnectionRow, ...]:
    known = integrations.health_of_connections(unit)
    connectors = visit.runtime.catalog.connectors
    found = []
    for each in unit.project.connections:
        health = known.get(each.id, UNKNOWN)
        found.append(
            ConnectionRow(
                label=visit.text(each.label),
                kind=visit.text(connectors[each.connector].label),
                tone=_tone(visit, health, is_awaited=connectors[each.connector].awaits_engine),
                succeeded=_moment(visit, unit, health.succeeded_at),
                failed=_moment(visit, unit, health.failed_at),
                error=health.error if health.failures else "",
            )
        )
    return tuple(found)


def _moment(visit: Visit, unit: Unit, moment: datetime | None) -> str:
    if moment is None:
        return ""
    return shown_ago(moment, unit.now, visit.zone, visit.locale, visit.t)


def _tone(visit: Visit, health: Health, *, is_awaited: bool) -> Tone:
    if is_awaited:
        return Tone(word=visit.t("admin.connection_awaited"), hue="gray")
    if health.failures:
        return Tone(word=visit.t("admin.connection_fails", count=health.failures), hue="red")
    if health.succeeded_at is None:
        return Tone(word=visit.t("admin.connection_unused"), hue="gray")
    return Tone(word=visit.t("admin.connection_works"), hue="green")
