"""The jobs of the outbox and the automations, for administrators: what waits, what runs, what failed for good."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from starlette.responses import Response

from orderkit.engine import access, audit, automation, integrations, jobs
from orderkit.engine.jobs import Job, JobState
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.exchange.integrations import Event
from orderkit.model.labels import text_of
from orderkit.model.workflow.automations import DateReached, Schedule, Webhook
from orderkit.web.display.moments import shown_at
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/admin_jobs.html"
PAGE_SIZE = 20
_KINDS = frozenset(
    {"integration", "message", "action", "request", "automation", "import", "bulk", "audit", "timer"}
)
SHOWN = (JobState.DEAD, JobState.READY, JobState.RUNNING, JobState.DONE, JobState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTab:
    """The jobs of one state; those that are over are not counted."""

    label: str
    url: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLine:
    """One attempt of a job."""

    time: str
    outcome: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """One job. The addresses are empty where its state does not allow it."""

    id: int
    what: str
    record_url: str
    record: str
    facts: tuple[str, ...]
    error: str
    attempts: tuple[AttemptLine, ...]
    retry_url: str
    discard_url: str
    done_url: str
    skip_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationRow:
    """One automation. `trigger` says what sets it off, `dead` how many of its runs failed for good."""

    label: str
    trigger: str
    last: str
    next: str
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminJobsPage:
    """The jobs of one state, newest first. `retry_all_url` is empty where there is nothing to retry."""

    automations: tuple[AutomationRow, ...]
    tabs: tuple[JobTab, ...]
    rows: tuple[JobRow, ...]
    retry_all_url: str
    next_url: str


def show_jobs(visit: Visit) -> Response:
    """Show the jobs of a state; those that failed for good first."""
    state = _state(visit.query.get("state", JobState.DEAD))
    with visit.reading() as unit:
        access.require_administrator(unit)
        counted = jobs.count_jobs(unit)
        found = jobs.find_jobs(unit, state=state, before=visit.before(), limit=PAGE_SIZE + 1)
        page = AdminJobsPage(
            automations=tuple(_automation(visit, each) for each in automation.automations_seen(unit)),
            tabs=tuple(
                JobTab(
                    label=visit.t(f"admin.job_{each}"),
                    url=f"/admin/jobs?state={each}",
                    count=counted.get(each, 0),
                    is_current=each is state,
                )
                for each in SHOWN
            ),
            rows=tuple(_row(visit, unit, job) for job in found[:PAGE_SIZE]),
            retry_all_url="/admin/jobs/retry" if state is JobState.DEAD and found else "",
            next_url=f"/admin/jobs?state={state}&before={found[PAGE_SIZE - 1].id}"
            if len(found) > PAGE_SIZE
            else "",
        )
        return visit.show(unit, TEMPLATE, page, current="admin")


def retry(visit: Visit) -> Response:
    """Give a dead job its attempts again."""
    with visit.writing() as unit:
        access.require_administrator(unit)
        jobs.replay(unit, visit.number("id"))
        _note(visit, unit, "job_retried")
    return visit.go("/admin/jobs", visit.t("admin.job_retried"))


def retry_all(visit: Visit) -> Response:
    """Give every dead job its attempts again."""
    with visit.writing() as unit:
        access.require_administrator(unit)
        count = jobs.replay_all(unit)
        if count:
            audit.note(unit, audit.JOBS, "job_retried", {"jobs": count})
    return visit.go("/admin/jobs", visit.t("admin.jobs_retried", count=count))


def discard(visit: Visit) -> Response:
    """Give a job up."""
    with visit.writing() as unit:
        access.require_administrator(unit)
        jobs.cancel(unit, visit.number("id"))
        _note(visit, unit, "job_skipped")
    return visit.go("/admin/jobs", visit.t("admin.job_discarded"))


def _note(visit: Visit, unit: Unit, verb: str) -> None:
    job = jobs.find_job(unit, visit.number("id"))
    audit.note(unit, audit.JOBS, verb, {"job": job.id, "kind": job.kind})


def mark_done(visit: Visit) -> Response:
    """Note that somebody did by hand what a dead job was to do; what is behind it goes on."""
    with visit.writing() as unit:
        access.require_administrator(unit)
        integrations.pass_over(unit, visit.number("id"), is_done=True)
        _note(visit, unit, "job_settled")
    return visit.go("/admin/jobs", visit.t("admin.job_marked_done"))


def skip(visit: Visit) -> Response:
    """Leave out what a dead job was to do; what is behind it goes on."""
    with visit.writing() as unit:
        access.require_administrator(unit)
        integrations.pass_over(unit, visit.number("id"), is_done=False)
        _note(visit, unit, "job_skipped")
    return visit.go("/admin/jobs", visit.t("admin.job_skipped"))


def _automation(visit: Visit, seen: automation.AutomationSeen) -> AutomationRow:
    trigger = seen.automation.trigger

    def shown(moment: datetime | None) -> str:
        return "" if moment is None else shown_at(moment, visit.zone, visit.locale)

    match trigger:
        case Schedule():
            what = visit.t("admin.trigger_schedule", rule=trigger.cron)
        case DateReached():
            form = visit.runtime.project.form_by_id[trigger.form]
            what = visit.t("admin.trigger_date", form=visit.text(form.label))
        case Webhook():
            what = visit.t("admin.trigger_webhook", path=trigger.path)
        case Event():
            form = visit.runtime.project.form_by_id[trigger.form]
            event = f"{trigger.kind}({trigger.subject})" if trigger.subject else str(trigger.kind)
            what = visit.t("admin.trigger_event", form=visit.text(form.label), event=event)
        case _:
            assert_never(trigger)
    return AutomationRow(
        label=visit.text(seen.automation.label),
        trigger=what,
        last=shown(seen.last_at),
        next=shown(seen.next_at),
        waiting=seen.waiting,
        dead=seen.dead,
    )


def _state(text: str) -> JobState:
    if text not in SHOWN:
        raise NotFound
    return JobState(text)


def _row(visit: Visit, unit: Unit, job: Job) -> JobRow:
    zone, t = visit.zone, visit.t
    form = unit.project.form_by_id.get(job.form or "")
    is_there = form is not None and form.parent is None and job.record_id is not None
    is_due = job.state is JobState.READY
    return JobRow(
        id=job.id,
        what=_what(visit, unit, job),
        record_url=f"/forms/{job.form}/{job.record_id}" if is_there else "",
        record=f"{text_of(form.label, visit.locale)} {job.record_id}" if form and is_there else "",
        facts=(
            t("admin.job_made", time=shown_at(job.created_at, zone, visit.locale)),
            *((t("admin.job_due", time=shown_at(job.run_at, zone, visit.locale)),) if is_due else ()),
            *(
                (t("admin.job_ended", time=shown_at(job.finished_at, zone, visit.locale)),)
                if job.finished_at
                else ()
            ),
            t("admin.job_attempts", count=job.attempts, most=job.max_attempts),
        ),
        error=job.error or "",
        attempts=tuple(
            AttemptLine(
                time=shown_at(each.ended_at, zone, visit.locale),
                outcome=t(f"admin.outcome_{each.outcome}"),
                summary=each.summary,
            )
            for each in (jobs.attempts_of(unit, job.id) if job.attempts else ())
        ),
        retry_url=f"/admin/jobs/{job.id}/retry" if job.state is JobState.DEAD else "",
        discard_url=f"/admin/jobs/{job.id}/discard" if job.state in {JobState.DEAD, JobState.READY} else "",
        done_url=f"/admin/jobs/{job.id}/done" if job.state is JobState.DEAD else "",
        skip_url=f"/admin/jobs/{job.id}/skip" if integrations.may_be_passed_over(job) else "",
    )


def _what(visit: Visit, unit: Unit, job: Job) -> str:
    """Return what a job does: the integration, automation or message that it is of, else the word for its kind."""
    integration = unit.project.integration_by_id.get(str(job.payload.get("integration", "")))
    if integration is not None:
        return text_of(integration.label, visit.locale)
    rule = unit.project.automation_by_id.get(str(job.payload.get("automation", "")))
    if rule is not None:
        return text_of(rule.label, visit.locale)
    kind = visit.t(f"admin.kind_{job.kind}") if job.kind in _KINDS else job.kind
    named = job.payload.get("message") or job.payload.get("mapping")
    return f"{kind} · {named}" if isinstance(named, str) else kind
