"""What happens when a job is dead: its `on_dead` actions, or else a task for the administrators."""

from collections.abc import Sequence

from orderkit.engine.jobs import Job
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import RecordContext, press_by_rule, run_actions
from orderkit.engine.workflow.wording import named, of_both
from orderkit.model.labels import Label
from orderkit.model.people import HasRole
from orderkit.model.roles import ADMIN
from orderkit.model.workflow.workflows import Action

_TELL_ADMINS = Action(kind="task", options={"task": HasRole(ADMIN)})


def bury(unit: Unit, job: Job, what: Label, error: str, on_dead: Sequence[Action]) -> None:
    """Run the actions on the record that the job was about, if it still exists; or on none, if it was about none."""
    row = None if job.form is None or job.record_id is None else rows_of(unit).row(job.form, job.record_id)
    if row is None and job.form is not None:
        return
    reason = of_both(
        "“{what}”多次尝试后仍未成功：{error}",
        "“{what}” has failed for good: {error}",
        what=what,
        error=named(error),
    )
    context = RecordContext(unit=unit, row=row, instance=None, press=press_by_rule, reason=reason)
    run_actions(on_dead or (_TELL_ADMINS,), context)
