"""The job of an `after` action that changes records: it runs in a transaction of its own."""

from orderkit.engine.integrations.burying import bury
from orderkit.engine.jobs import Job, Performed, backoff
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Runtime, Unit
from orderkit.engine.workflow import RecordContext, after_actions, lock_instance, press_by_rule, run_actions
from orderkit.model.labels import label

FIRST_SECONDS, LAST_SECONDS, TIMES = 60, 21600, 6


class ActionHandler:
    """Runs the action that the job names by its place in the pinned definition."""

    def perform(self, runtime: Runtime, job: Job) -> Performed:  # noqa: ARG002 - all of it happens in `save`
        """Return what to do; there is nothing outside to call."""
        return Performed(
            summary=f"{job.payload['place']} #{job.payload['index']}", save=lambda unit: _run(unit, job)
        )

    def delay_seconds(self, runtime: Runtime, job: Job) -> float:  # noqa: ARG002 - the same for every action
        """Return how long to wait after this failed attempt."""
        return backoff.delay_seconds(job.attempts, times=TIMES, first=FIRST_SECONDS, last=LAST_SECONDS)

    def bury(self, unit: Unit, job: Job, error: str) -> None:
        """Tell the administrators."""
        place = str(job.payload["place"])
        bury(unit, job, label(zh=f"后续动作 {place}", en=f"action after {place}"), error, ())


def _run(unit: Unit, job: Job) -> None:
    assert job.form is not None and job.record_id is not None  # noqa: PT018 - one thought
    workflow = unit.project.workflow_by_id.get(str(job.payload["workflow"]))
    rows = rows_of(unit).load(job.form, [job.record_id], lock=True)
    if not rows or workflow is None:
        return
    (row,) = rows
    instance = lock_instance(unit, workflow, row)
    actions = after_actions(unit, workflow, str(job.payload["definition"]), str(job.payload["place"]))
    action = actions[int(str(job.payload["index"]))]
    run_actions((action,), RecordContext(unit=unit, row=row, instance=instance, press=press_by_rule))
