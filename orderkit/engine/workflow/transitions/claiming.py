"""Claiming a record that several people hold, and giving it back; and urging those who decide about it."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select, update

from orderkit.database.schema.system_tables import workflow_event
from orderkit.database.schema.system_tables import workflow_instance as instances_table
from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.access.people import people_of
from orderkit.engine.following import note_changed
from orderkit.engine.messages import Note, put_together
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import approval_of
from orderkit.engine.workflow.approvals.leave import may_of
from orderkit.engine.workflow.approvals.step_rows import find_step, in_visit
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import Instance, lock_instance
from orderkit.engine.workflow.locating import (
    locked_row,
    require_acting,
    user_name,
    visible_row,
    workflows_of,
)
from orderkit.engine.workflow.transitions.standing_verbs import (
    CLAIM,
    RELEASE,
    URGE,
    is_claimable,
    is_holder,
)
from orderkit.engine.workflow.transitions.taking_back import done
from orderkit.engine.workflow.views import Done, TaskState
from orderkit.engine.workflow.windows import end_of
from orderkit.engine.workflow.wording import named, of_both
from orderkit.model.errors import Conflict, Denied
from orderkit.model.labels import Label, label, text_of
from orderkit.model.roles import ADMIN
from orderkit.model.values.durations import TimeSpan

URGED = "~urged"
_MOST_LINES = 5
_NO_HOLDER = label(zh="您不是此状态的处理人", en="you are none of those who hold this")


def claim(unit: Unit, form_id: str, record_id: int, *, workflow: str | None = None) -> Done:
    """Take a record on that several people hold. Raises: NotFound, Denied, Conflict (another was first; names who)."""
    row, instance = _locked(unit, form_id, record_id, workflow, is_claimable)
    if instance.claimed_by == unit.person.id:
        return done(row, instance, CLAIM, is_repeated=True)
    if not is_holder(unit, instance, row) or unit.person.is_system:
        raise Denied(_NO_HOLDER)
    if instance.claimed_by is not None:
        raise Conflict(_claimed(unit, instance))
    return _write(unit, instance, row, CLAIM, unit.person.id)


def release(unit: Unit, form_id: str, record_id: int, *, workflow: str | None = None) -> Done:
    """Give a claimed record back to all who hold it. Raises: NotFound, Denied, Conflict."""
    row, instance = _locked(unit, form_id, record_id, workflow, is_claimable)
    if instance.claimed_by is None:
        if not is_holder(unit, instance, row) and ADMIN not in unit.person.roles:
            raise Denied(_NO_HOLDER)
        return done(row, instance, RELEASE, is_repeated=True)
    if instance.claimed_by != unit.person.id and ADMIN not in unit.person.roles:
        raise Denied(_claimed(unit, instance))
    return _write(unit, instance, row, RELEASE, None)


def urge(unit: Unit, form_id: str, record_id: int, *, workflow: str | None = None) -> Done:
    """Remind those who still have to decide, as the submitter; not more often than the approval lets.

    Raises: NotFound, Denied, Conflict (nobody can be urged, or somebody just was; says until when).
    """
    row, instance = _locked(unit, form_id, record_id, workflow, lambda each: approval_of(each) is not None)
    if unit.person.id != instance.submitter_id:
        raise Denied(label(zh="只能由提交人催办", en="only who submitted it may urge"))
    waiting, every = urged_now(unit, instance)
    if not waiting:
        raise Conflict(label(zh="此步骤不能催办", en="nobody can be urged in this step"))
    why = why_too_soon(unit, instance, every)
    if why is not None:
        raise Conflict(why)
    title = rows_of(unit).title(row.form, row.id)
    for user_id, person in sorted(people_of(unit, waiting).items()):
        said = label(
            zh=f"{unit.person.name} 催办：{title}", en=f"{unit.person.name} asks you to decide: {title}"
        )
        text = text_of(said, person.locale or unit.project.locale)
        note = Note(kind=URGED, form=row.form, record_id=row.id, subject=text, text=text)
        put_together(unit, user_id, note, most_lines=_MOST_LINES)
    write_event(unit, instance, URGE, data={"to": sorted(waiting)})
    return done(row, instance, URGE)


def urged_now(unit: Unit, instance: Instance) -> tuple[frozenset[int], TimeSpan | None]:
    """Return who still has to decide and may be urged, and how often at most."""
    approval = approval_of(instance)
    if approval is None:
        return frozenset(), None
    found = (
        select(tasks.c.assignee_id, steps.c.step)
        .join(steps, steps.c.id == tasks.c.step_id)
        .where(in_visit(instance), tasks.c.state == TaskState.OPEN)
    )
    waiting: set[int] = set()
    every: TimeSpan | None = None
    for row in unit.connection.execute(found):
        may = may_of(approval, find_step(approval, row.step))
        if may.urge:
            waiting.add(row.assignee_id)
            every = may.urge_every or every
    return frozenset(waiting), every


def why_too_soon(unit: Unit, instance: Instance, every: TimeSpan | None) -> Label | None:
    """Return until when nobody is urged again; None when it may be done now."""
    last = unit.connection.execute(
        select(workflow_event.c.at)
        .where(
            workflow_event.c.instance_id == instance.id,
            workflow_event.c.visit == instance.visit,
            workflow_event.c.verb == URGE,
        )
        .order_by(workflow_event.c.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or every is None:
        return None
    until = end_of(unit, last.at, every)
    if unit.now >= until:
        return None
    shown = named(f"{until.astimezone(unit.runtime.timezone):%Y-%m-%d %H:%M}")
    return of_both(
        "刚催办过，{until} 之后可再催", "they were urged already; again after {until}", until=shown
    )


def _claimed(unit: Unit, instance: Instance) -> Label:
    assert instance.claimed_at is not None
    who = named(user_name(unit, instance.claimed_by).name)
    at = named(f"{instance.claimed_at.astimezone(unit.runtime.timezone):%Y-%m-%d %H:%M}")
    return of_both("已由{who}于 {at} 领取", "claimed by {who} at {at}", who=who, at=at)


def _write(unit: Unit, instance: Instance, row: RecordRow, verb: str, claimed_by: int | None) -> Done:
    claimed_at = None if claimed_by is None else unit.now
    unit.connection.execute(
        update(instances_table)
        .where(instances_table.c.id == instance.id)
        .values(claimed_by=claimed_by, claimed_at=claimed_at)
    )
    write_event(unit, instance, verb)
    note_changed(unit, instance.form, [instance.record_id])
    return done(row, replace(instance, claimed_by=claimed_by, claimed_at=claimed_at), verb)


def _locked(
    unit: Unit, form_id: str, record_id: int, workflow: str | None, is_wanted: Callable[[Instance], bool]
) -> tuple[RecordRow, Instance]:
    visible_row(unit, form_id, record_id)
    require_acting(unit, form_id)
    row = locked_row(unit, form_id, record_id)
    for each in workflows_of(unit, form_id, workflow):
        instance = lock_instance(unit, each, row)
        if is_wanted(instance):
            return row, instance
    raise Conflict(
        label(zh="单据现在的状态不需要这样做", en="the state of this record knows no such thing now")
    )
