"""Running workflows for administrators: by which versions records live, what is stuck, and tasks for somebody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import access, jobs, leaving
from orderkit.engine.access.people import everybody
from orderkit.engine.jobs import JobState
from orderkit.engine.leaving import MOST_TASKS, Reassigned
from orderkit.engine.runtime import Channel, Unit
from orderkit.engine.workflow.administration import running_versions, stuck_records
from orderkit.engine.workflow.approvals.reassigning import held_counts, held_tasks
from orderkit.engine.workflow.locating import names_of
from orderkit.model.errors import Refused
from orderkit.web.display.moments import shown_ago, shown_at
from orderkit.web.errors import fault_of
from orderkit.web.request.visit import LONGEST_ID, Visit

TEMPLATE = "pages/admin_workflows.html"
ADDRESS = "/admin/workflows"
MOST_STUCK = 100
SHOWN_OF_HASH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A definition with its records."""

    workflow: str
    shown_hash: str
    is_newest: bool
    since: str
    running: int
    ended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckRow:
    """A record that nobody moves on."""

    title: str
    url: str
    state: str
    why: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChoice:
    """Somebody who may be chosen."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChoice:
    """A task that may be given to somebody else. `result` says what became of it, once that was tried."""

    value: str
    title: str
    url: str
    since: str
    result: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminWorkflowsPage:
    """What runs. `holders` have tasks, `tasks` are of the one who is chosen; `is_cut` where they have more."""

    versions: tuple[VersionRow, ...]
    stuck: tuple[StuckRow, ...]
    dead: int
    holders: tuple[PersonChoice, ...]
    takers: tuple[PersonChoice, ...]
    tasks: tuple[TaskChoice, ...]
    is_cut: bool
    most: int
    reason: str
    problem: str
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What the form of giving tasks over holds, and what became of it."""

    holder_id: int | None
    taker_id: int | None = None
    reason: str = ""
    task_ids: frozenset[int] | None = None
    problem: str = ""
    results: Mapping[int, Reassigned] | None = None


def show_workflows(visit: Visit) -> Response:
    """Show what runs."""
    with visit.reading() as unit:
        return _show(visit, unit, _Given(holder_id=_id(visit.query.get("person", ""))))


def reassign(visit: Visit) -> Response:
    """Give the chosen tasks to somebody else, and show what became of each."""
    given = _Given(
        holder_id=_id(visit.field("person")),
        taker_id=_id(visit.field("taker")),
        reason=visit.field("reason"),
        task_ids=frozenset(
            found
            for each in visit.form.getlist("tasks")
            if isinstance(each, str) and (found := _id(each)) is not None
        ),
    )
    problem, status = "", 200
    results: Sequence[Reassigned] = ()
    try:
        results = leaving.reassign_tasks(
            visit.runtime,
            visit.person,
            Channel.PAGE,
            holder_id=given.holder_id or 0,
            taker_id=given.taker_id or 0,
            task_ids=sorted(given.task_ids or ()),
            reason=given.reason,
        )
    except Refused as refused:
        problem = " ".join(visit.text(each.message) for each in refused.problems)
        status = fault_of(refused).status
    if results and all(each.why is None for each in results):
        return visit.go(ADDRESS, visit.t("admin.reassigned", moved=len(results), left=0))
    with visit.reading() as unit:
        shown = _Given(
            holder_id=given.holder_id,
            taker_id=given.taker_id,
            reason=given.reason,
            task_ids=given.task_ids,
            problem=problem,
            results={each.task_id: each for each in results},
        )
        return _show(visit, unit, shown, status=status)


def _show(visit: Visit, unit: Unit, given: _Given, *, status: int = 200) -> Response:
    access.require_administrator(unit)
    counts = held_counts(unit)
    names = names_of(unit, set(counts))
    tasks = () if given.holder_id is None else held_tasks(unit, given.holder_id, limit=MOST_TASKS)
    results = given.results or {}
    moved = sum(each.why is None for each in results.values())
    page = AdminWorkflowsPage(
        versions=_versions(visit, unit),
        stuck=_stuck(visit, unit),
        dead=jobs.count_jobs(unit)[JobState.DEAD],
        holders=tuple(
            PersonChoice(
                value=str(each),
                label=visit.t("admin.reassign_of", name=names.get(each, f"#{each}"), count=count),
                is_chosen=each == given.holder_id,
            )
            for each, count in counts.items()
        ),
        takers=tuple(
            PersonChoice(
                value=str(each.id), label=f"{each.name} ({each.login})", is_chosen=each.id == given.taker_id
            )
            for each in sorted(everybody(unit).values(), key=lambda each: each.login)
            if each.id != given.holder_id
        ),
        tasks=tuple(
            TaskChoice(
                value=str(each.id),
                title=each.title,
                url=f"/forms/{each.form}/{each.record_id}",
                since=shown_at(each.since, visit.zone, visit.locale),
                result=_result(visit, results.get(each.id)),
                is_chosen=given.task_ids is None or each.id in given.task_ids,
            )
            for each in tasks
        ),
        is_cut=given.holder_id is not None and counts.get(given.holder_id, 0) > len(tasks),
        most=MOST_TASKS,
        reason=given.reason,
        problem=given.problem,
        notice=visit.t("admin.reassigned", moved=moved, left=len(results) - moved) if results else "",
    )
    return visit.show(unit, TEMPLATE, page, current="admin", status=status)


def _versions(visit: Visit, unit: Unit) -> tuple[VersionRow, ...]:
    return tuple(
        VersionRow(
            workflow=visit.text(each.label),
            shown_hash=each.definition_hash[:SHOWN_OF_HASH],
            is_newest=each.is_newest,
            since="" if each.since is None else shown_at(each.since, visit.zone, visit.locale),
            running=each.running,
            ended=each.ended,
        )
        for each in running_versions(unit)
    )


def _stuck(visit: Visit, unit: Unit) -> tuple[StuckRow, ...]:
    return tuple(
        StuckRow(
            title=each.title or f"#{each.record_id}",
            url=f"/forms/{each.form}/{each.record_id}",
            state=visit.text(each.state),
            why=visit.t(f"admin.hitch_{each.hitch}"),
            since=shown_ago(each.since, unit.now, visit.zone, visit.locale, visit.t),
        )
        for each in stuck_records(unit, limit=MOST_STUCK)
    )


def _result(visit: Visit, result: Reassigned | None) -> str:
    if result is None:
        return ""
    return visit.t("admin.reassigned_ok") if result.why is None else visit.text(result.why)


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_ID else None
