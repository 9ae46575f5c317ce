"""The job of an automation: its rows are found part by part, and each is done in a transaction of its own.

What the rules refuse is not tried again: a person sees it among the dead jobs, mends it and retries. Others go on.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from orderkit.engine.access import Action as Access
from orderkit.engine.access import decide
from orderkit.engine.automation.runs import Run, queue_run, run_of, workflow_about
from orderkit.engine.integrations.acting_for import person_named
from orderkit.engine.integrations.burying import bury
from orderkit.engine.jobs import Job, Performed, backoff
from orderkit.engine.records.making.choosing import chosen_ids, chosen_rows
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import SYSTEM, Runtime, Unit
from orderkit.engine.workflow import RecordContext, begin_after, do, lock_instance, press_by_rule, run_actions
from orderkit.engine.workflow.acting import ITEM
from orderkit.engine.workflow.background.strands import live_roots
from orderkit.engine.workflow.instances import Instance
from orderkit.model.errors import ConnectorFailed, Denied, NotFound, Refused
from orderkit.model.expressions.evaluation import EvaluationError, Value
from orderkit.model.labels import label
from orderkit.model.workflow.automations import Automation

ROWS_AT_ONCE = 500
FIRST_SECONDS, LAST_SECONDS, TIMES = 60, 3600, 3
_FOR_GOOD = (Refused, Denied, NotFound, EvaluationError)


class AutomationHandler:
    """Runs an automation for what set it off, or for one of its rows."""

    def perform(self, runtime: Runtime, job: Job) -> Performed:
        """Return what to do; there is nothing outside to call."""
        automation = _automation_of(runtime, job)
        person = person_named(runtime, automation.run_as)
        return Performed(
            summary=automation.id, save=lambda unit: _save(unit, automation, run_of(job)), person=person
        )

    def delay_seconds(self, runtime: Runtime, job: Job) -> float:  # noqa: ARG002 - the same for every automation
        """Return how long to wait after this failed attempt."""
        return backoff.delay_seconds(job.attempts, times=TIMES, first=FIRST_SECONDS, last=LAST_SECONDS)

    def bury(self, unit: Unit, job: Job, error: str) -> None:
        """Tell the administrators."""
        automation = unit.project.automation_by_id.get(str(job.payload["automation"]))
        what = label(en=str(job.payload["automation"])) if automation is None else automation.label
        bury(unit, job, what, error, ())


def _automation_of(runtime: Runtime, job: Job) -> Automation:
    name = str(job.payload["automation"])
    found = runtime.project.automation_by_id.get(name)
    if found is None:
        raise ConnectorFailed(
            label(zh=f"项目中已没有自动化 {name}", en=f"the project has no automation {name} any more"),
            is_permanent=True,
        )
    return found


def _save(unit: Unit, automation: Automation, run: Run) -> None:
    try:
        if automation.foreach is not None and run.item is None:
            _begin_rows(unit, automation, run)
        else:
            _run(unit, automation, run)
    except _FOR_GOOD as refusal:
        raise ConnectorFailed(refusal.explain, is_permanent=True) from refusal


def _begin_rows(unit: Unit, automation: Automation, run: Run) -> None:
    """Queue a run for each of the next rows, and the search for those behind them."""
    row = None if run.form is None or run.record_id is None else rows_of(unit).row(run.form, run.record_id)
    if row is None and run.form is not None:
        return
    ids = _rows_behind(unit, automation, run, row)
    for each in ids[:ROWS_AT_ONCE]:
        queue_run(unit, replace(run, item=each, cursor=0), goes_on=True)
    if len(ids) > ROWS_AT_ONCE:
        queue_run(unit, replace(run, cursor=ids[ROWS_AT_ONCE - 1]), goes_on=True)


def _rows_behind(unit: Unit, automation: Automation, run: Run, row: RecordRow | None) -> Sequence[int]:
    wanted = automation.foreach
    assert wanted is not None
    roots = live_roots(unit, run.roots)
    if wanted.rows is None:
        return chosen_ids(unit, row, wanted, roots, after=run.cursor, limit=ROWS_AT_ONCE + 1)
    return sorted(each.id for each in chosen_rows(unit, row, wanted, roots) if each.id > run.cursor)


def _run(unit: Unit, automation: Automation, run: Run) -> None:
    """Do the actions, in this transaction, and queue what follows."""
    context = _context_of(unit, automation, run)
    if context is None:
        return
    holds_now = automation.foreach is not None or not _was_asked(automation, run)
    if holds_now and automation.when is not None and context.value(automation.when) is not True:
        return
    run_actions(automation.do, context)
    begin_after(automation.after, context)


def _was_asked(automation: Automation, run: Run) -> bool:
    """Return whether the condition was looked at when the event happened, and what it changed was known."""
    return run.changed is not None and automation.foreach is None


def _context_of(unit: Unit, automation: Automation, run: Run) -> RecordContext | None:
    """Return where its actions act; None where the record or row is gone, or not for who acts to see."""
    roots: dict[str, Value] = live_roots(unit, run.roots)
    row = _held(unit, run.form, run.record_id)
    if row is None and run.form is not None:
        return None
    if automation.foreach is not None:
        item = _held(unit, automation.foreach.form, run.item)
        if item is None or not _may_see(unit, automation, item):
            return None
        roots[ITEM] = item
        # Where nothing else is about a record, each row is what the actions are about.
        row = row if row is not None or "record" in roots else item
    part = "" if run.item is None else f"/row{run.item}"
    return RecordContext(
        unit=unit,
        row=row,
        instance=_instance_of(unit, run, row),
        press=press_by_rule if automation.run_as is None else _press_as_person,
        roots=roots,
        changed=None if run.changed is None else frozenset(run.changed),
        key=f"automation/{automation.id}/{run.key}{part}",
        by_rule=automation.run_as is None,
        run_as=automation.run_as,
        automation=automation.id,
    )


def _held(unit: Unit, form: str | None, record_id: int | None) -> RecordRow | None:
    if form is None or record_id is None:
        return None
    found: Any = rows_of(unit).load(form, [record_id], lock=True)
    return found[0] if found else None


def _may_see(unit: Unit, automation: Automation, row: RecordRow) -> bool:
    is_system = automation.run_as is None
    return is_system or bool(decide(unit.person, Access.READ, row.form, row, unit=unit))


def _instance_of(unit: Unit, run: Run, row: RecordRow | None) -> Instance | None:
    if row is None:
        return None
    named = run.workflow if row.form == run.form else None
    workflow = unit.project.workflow_by_id.get(workflow_about(unit, row.form, named) or "")
    return None if workflow is None else lock_instance(unit.acting_as(SYSTEM), workflow, row)


def _press_as_person(unit: Unit, row: RecordRow, transition: str) -> None:
    do(unit, row.form, row.id, transition)
