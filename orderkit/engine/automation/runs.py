"""One run of an automation as its job keeps it: what set it off, and which record or row it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orderkit.engine import jobs, messages
from orderkit.engine.jobs import MAX_DEPTH, Job
from orderkit.engine.runtime import Unit

AUTOMATION_JOB = "automation"
ATTEMPTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What an automation is to be done for.

    Args:
        automation: its id.
        key: names the run among all; None takes the job's own number.
        form, record_id: the record that set it off, if one did.
        workflow: the life of it that the event was about.
        roots: what expressions may name besides, as `kept_roots` keeps it.
        changed: the fields that `changed()` tells of.
        item: the row of `foreach` that it is done for; without it the rows are still to be found.
        cursor: the row behind which they are looked for.
    """

    automation: str
    key: str | None = None
    form: str | None = None
    record_id: int | None = None
    workflow: str | None = None
    roots: Mapping[str, Any] = field(default_factory=dict)
    changed: tuple[str, ...] | None = None
    item: int | None = None
    cursor: int = 0


def queue_run(unit: Unit, run: Run, *, at: datetime | None = None, goes_on: bool = False) -> bool:
    """Queue a run; return whether it is new, and not one that was queued under its key before."""
    made = jobs.enqueue(
        unit,
        AUTOMATION_JOB,
        {
            "automation": run.automation,
            "key": run.key,
            "workflow": run.workflow,
            "roots": dict(run.roots),
            "changed": None if run.changed is None else list(run.changed),
            "item": run.item,
            "cursor": run.cursor,
        },
        key=None if run.key is None else messages.job_key("automation", run.key, *_part_of(run)),
        # The administrators' page finds the runs of an automation by it.
        queue=run.automation,
        run_at=at,
        max_attempts=ATTEMPTS,
        form=run.form,
        record_id=run.record_id,
        goes_on=goes_on,
    )
    return made is not None


def run_of(job: Job) -> Run:
    """Return the run of a job."""
    payload: Any = job.payload
    changed = payload["changed"]
    return Run(
        automation=payload["automation"],
        key=payload["key"] or f"job{job.id}",
        form=job.form,
        record_id=job.record_id,
        workflow=payload["workflow"],
        roots=payload["roots"],
        changed=None if changed is None else tuple(changed),
        item=payload["item"],
        cursor=payload["cursor"],
    )


def is_too_deep(unit: Unit) -> bool:
    """Return whether what this unit sets off would be the end of a chain of causes."""
    return unit.depth >= MAX_DEPTH


def workflow_about(unit: Unit, form: str, named: str | None) -> str | None:
    """Return the life that `holder` and `visit` are taken from: the one of the event, or the only one of the form."""
    known = unit.project.workflows_by_form.get(form, ())
    if named is not None:
        return named
    return known[0].id if len(known) == 1 else None


def _part_of(run: Run) -> tuple[str, ...]:
    if run.item is not None:
        return (f"row{run.item}",)
    return () if not run.cursor else (f"after{run.cursor}",)
