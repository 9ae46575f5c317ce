"""Passing over a step that failed for good: what is behind it goes on as if it had been done, in one transaction."""

from typing import Any, cast

from orderkit.engine.jobs import Job, JobState, settle
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import ACTION_JOB, REQUEST_JOB
from orderkit.engine.workflow.background.queueing import go_on
from orderkit.engine.workflow.background.strands import strand_from_json


def may_be_passed_over(job: Job) -> bool:
    """Return whether a job is a step that others may wait for, and has failed for good."""
    return job.state is JobState.DEAD and job.kind in {ACTION_JOB, REQUEST_JOB}


def pass_over(unit: Unit, job_id: int, *, is_done: bool) -> None:
    """Go on behind a dead step: a person did by hand what it was to do, or it is left out.

    Raises: NotFound, Conflict.
    """
    job = settle(unit, job_id, is_done=is_done)
    fields = unit.runtime.catalog.fields
    if job.kind == ACTION_JOB:
        go_on(unit, strand_from_json(job.payload, fields).behind())
    elif job.kind == REQUEST_JOB:
        go_on(unit, strand_from_json(cast("dict[str, Any]", job.payload["behind"]), fields))
