"""The job of an action in the background: one step of its strand, in a transaction of its own."""

from orderkit.engine.integrations.acting_for import person_named
from orderkit.engine.integrations.burying import bury
from orderkit.engine.jobs import Job, Performed, backoff
from orderkit.engine.runtime import Runtime, Unit
from orderkit.engine.workflow.background.queueing import arrive
from orderkit.engine.workflow.background.stepping import step
from orderkit.engine.workflow.background.strands import Strand, strand_from_json
from orderkit.engine.workflow.wording import of_both
from orderkit.model.labels import Label, label

FIRST_SECONDS, LAST_SECONDS, TIMES = 60, 21600, 6


class ActionHandler:
    """Does the next action of a strand."""

    def perform(self, runtime: Runtime, job: Job) -> Performed:
        """Return what to do; there is nothing outside to call."""
        strand = strand_from_json(job.payload, runtime.catalog.fields)
        return Performed(
            summary=strand.actions[0].kind,
            save=lambda unit: step(unit, strand),
            person=person_named(runtime, strand.run_as),
        )

    def delay_seconds(self, runtime: Runtime, job: Job) -> float:  # noqa: ARG002 - the same for every action
        """Return how long to wait after this failed attempt."""
        return backoff.delay_seconds(job.attempts, times=TIMES, first=FIRST_SECONDS, last=LAST_SECONDS)

    def bury(self, unit: Unit, job: Job, error: str) -> None:
        """Tell the administrators; where branches race, this one is out of it."""
        strand = strand_from_json(job.payload, unit.runtime.catalog.fields)
        if strand.block is not None:
            arrive(unit, strand.block, has_failed=True)
        bury(unit, job, what_of(unit, strand), error, ())


def what_of(unit: Unit, strand: Strand) -> Label:
    """Return what a strand is about to do, in words."""
    automation = unit.project.automation_by_id.get(strand.automation or "")
    if not strand.actions:
        return label(zh="后续动作", en="what follows") if automation is None else automation.label
    kind = unit.runtime.catalog.actions[strand.actions[0].kind].label
    if automation is None:
        return of_both("后续动作：{kind}", "action afterwards: {kind}", kind=kind)
    return of_both("{automation}：{kind}", "{automation}: {kind}", automation=automation.label, kind=kind)
