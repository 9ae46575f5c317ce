"""The inbox: approval tasks of a person, and the tasks of one record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, or_, select

from orderkit.database.schema.system_tables import workflow_clock as clocks
from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks_table
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import Review, approval_of
from orderkit.engine.workflow.approvals.choosing import PREVIOUS, chosen_for, steps_to_choose_for
from orderkit.engine.workflow.approvals.digests import protected_digest
from orderkit.engine.workflow.approvals.leave import may_of
from orderkit.engine.workflow.approvals.resuming import ASK
from orderkit.engine.workflow.approvals.returning import return_choices
from orderkit.engine.workflow.approvals.step_rows import HELP, UNDECIDED, find_step
from orderkit.engine.workflow.approvals.substituting import acts_for, is_concerned, principals
from orderkit.engine.workflow.definitions import definition_of
from orderkit.engine.workflow.instances import find_instance
from orderkit.engine.workflow.locating import SYSTEM_NAME, names_of, visible_row
from orderkit.engine.workflow.views import StepName, TaskChoices, TaskItem, TaskState, UserName, Verb
from orderkit.engine.workflow.wording import named
from orderkit.model.errors import NotFound
from orderkit.model.workflow.workflows import Approval, May, Workflow

DECIDED = (
    TaskState.APPROVED,
    TaskState.REJECTED,
    TaskState.RETURNED,
    TaskState.SKIPPED,
    TaskState.CANCELLED,
    TaskState.TRANSFERRED,
    TaskState.ANSWERED,
)

TaskRow = Row[Any]


def tasks(
    unit: Unit, state: str = "open", *, limit: int = 50, before: int | None = None
) -> tuple[TaskItem, ...]:
    """Return this person's tasks, newest first, and those of whom they stand in for; `state` is `open` or `decided`.

    `before` is the id of the last item of the previous page.
    """
    wanted = (TaskState.OPEN,) if state == "open" else DECIDED
    found = (
        _query()
        .where(_mine(unit, state), tasks_table.c.state.in_(wanted))
        .order_by(tasks_table.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        found = found.where(tasks_table.c.id < before)
    scope = unit.person.scope
    if scope is not None and scope.forms is not None:
        found = found.where(tasks_table.c.form.in_(scope.forms))
    return _items(unit, unit.connection.execute(found).all())


def count_tasks(unit: Unit) -> int:
    """Return how many open tasks this person has, with those of whom they stand in for."""
    is_mine = (is_concerned(unit), tasks_table.c.state == TaskState.OPEN)
    return unit.connection.execute(select(func.count()).select_from(tasks_table).where(*is_mine)).scalar_one()


def _mine(unit: Unit, state: str) -> ColumnElement[bool]:
    """Return the condition for the tasks of a tab: what a substitute decided is theirs as well."""
    if state == "open":
        return is_concerned(unit)
    return or_(tasks_table.c.assignee_id == unit.person.id, tasks_table.c.decided_by == unit.person.id)


# Put together once: every page asks it.
_OPEN_BY_FORM = (
    select(tasks_table.c.form, func.count().label("tasks"))
    .where(tasks_table.c.assignee_id == bindparam("me"), tasks_table.c.state == TaskState.OPEN)
    .group_by(tasks_table.c.form)
)


def count_tasks_by_form(unit: Unit) -> dict[str, int]:
    """Return how many open tasks this person has with each form that they have any with."""
    if principals(unit):
        asked = (
            select(tasks_table.c.form, func.count().label("tasks"))
            .where(is_concerned(unit), tasks_table.c.state == TaskState.OPEN)
            .group_by(tasks_table.c.form)
        )
        return {row.form: row.tasks for row in unit.connection.execute(asked)}
    found = unit.connection.execute(_OPEN_BY_FORM, {"me": unit.person.id})
    return {row.form: row.tasks for row in found}


def record_tasks(unit: Unit, form_id: str, record_id: int) -> tuple[TaskItem, ...]:
    """Return every task of the record's last approval, in the order of deciding, whoever decides."""
    visible_row(unit, form_id, record_id)
    later = steps.alias()
    last_visit = (
        select(func.max(later.c.visit)).where(later.c.instance_id == instances.c.id).scalar_subquery()
    )
    # What still holds of an earlier visit, after a return that goes straight back, is part of this one.
    carried = steps.alias()
    still_holds = select(carried.c.carried_from).where(
        carried.c.instance_id == instances.c.id,
        carried.c.visit == last_visit,
        carried.c.carried_from.is_not(None),
    )
    found = (
        _query()
        .where(tasks_table.c.form == form_id, tasks_table.c.record_id == record_id)
        .where(or_(steps.c.visit == last_visit, steps.c.id.in_(still_holds)))
        .order_by(steps.c.visit, steps.c.position, tasks_table.c.id)
    )
    return _items(unit, unit.connection.execute(found).all())


def task(unit: Unit, task_id: int) -> TaskItem:
    """Return one task. Raises NotFound when there is none, or it is of no concern to this person."""
    row = unit.connection.execute(_query().where(tasks_table.c.id == task_id)).one_or_none()
    scope = unit.person.scope
    if row is None or (scope is not None and not scope.covers(row.form)):
        raise NotFound
    if row.assignee_id != unit.person.id:
        visible_row(unit, row.form, row.record_id)
    item = _items(unit, [row])[0]
    return replace(item, choices=_choices(unit, row, item))


def _choices(unit: Unit, row: TaskRow, item: TaskItem) -> TaskChoices | None:
    """Return what a dialog asks for about a task that this person may decide."""
    workflow = unit.project.workflow_by_id[row.workflow]
    instance = find_instance(unit, workflow, row.record_id)
    record = rows_of(unit).row(row.form, row.record_id)
    approval = None if instance is None else approval_of(instance)
    if not item.verbs or instance is None or record is None or approval is None or item.is_help:
        return None
    step_row = unit.connection.execute(select(steps).where(steps.c.id == row.step_id)).one()
    may = may_of(approval, find_step(approval, row.step))
    asked = steps_to_choose_for(approval, PREVIOUS)
    review = Review(unit, instance, record, approval)
    required = {each.id for each in review.following(step_row, row.id)} if asked else set()
    return TaskChoices(
        returns_to=tuple(
            StepName(id=each.to, label=each.label)
            for each in return_choices(unit, instance, approval, may, step_row)
        ),
        resumes=may.resume == ASK,
        places=may.add_signer,
        approvers=tuple(
            StepName(id=each.id, label=each.label, is_required=True)
            for each in asked
            if each.id in required and not chosen_for(unit, instance, each.id)
        ),
    )


def verbs_of(approval: Approval, may: May, *, is_first: bool = False) -> tuple[Verb, ...]:
    """Return what may be decided in an approval. The first step has no earlier one to return to."""
    kinds = {target.kind for target in may.returns}
    may_return = approval.returned is not None and not kinds.isdisjoint({"submitter", "any"})
    may_return = may_return or (bool(kinds - {"submitter"}) and not is_first)
    return (Verb.APPROVE, Verb.REJECT, Verb.RETURN) if may_return else (Verb.APPROVE, Verb.REJECT)


def also_of(may: May) -> tuple[Verb, ...]:
    """Return what may be done to a task besides deciding it."""
    allowed = {
        Verb.TRANSFER: may.transfer,
        Verb.DELEGATE: may.delegate,
        Verb.ADD_SIGNER: bool(may.add_signer),
        Verb.COPY: may.copy,
    }
    return tuple(verb for verb, is_allowed in allowed.items() if is_allowed)


def _targets(approval: Approval, verbs: Collection[Verb]) -> Mapping[Verb, str]:
    endings = {
        Verb.APPROVE: approval.approved,
        Verb.REJECT: approval.rejected,
        Verb.RETURN: approval.returned,
    }
    return {verb: ending.target for verb, ending in endings.items() if ending is not None and verb in verbs}


def comment_needed(workflow: Workflow) -> tuple[Verb, ...]:
    """Return the verbs that need a comment."""
    return tuple(verb for verb in Verb if verb.value in workflow.policy.comment_on)


def _query() -> Select[Any]:
    return (
        select(
            tasks_table,
            steps.c.approval,
            steps.c.step,
            steps.c.position,
            steps.c.added_by.label("inserted_by"),
            instances.c.definition_hash,
            instances.c.submitter_id,
            clocks.c.due_at,
        )
        .join(steps, steps.c.id == tasks_table.c.step_id)
        .join(instances, instances.c.id == tasks_table.c.instance_id)
        .outerjoin(clocks, clocks.c.task_id == tasks_table.c.id)
    )


def _items(unit: Unit, found: Sequence[TaskRow]) -> tuple[TaskItem, ...]:
    rows = rows_of(unit)
    by_form: dict[str, set[int]] = {}
    for each in found:
        by_form.setdefault(each.form, set()).add(each.record_id)
    titles = {form: rows.titles(form, ids) for form, ids in by_form.items()}
    people = {each.assignee_id for each in found} | {each.submitter_id for each in found}
    people |= {each.added_by or each.inserted_by for each in found}
    names = names_of(
        unit, {each for each in people | {each.decided_by for each in found} if each is not None}
    )
    items = []
    for each in found:
        record = rows.row(each.form, each.record_id)
        title = titles[each.form].get(each.record_id, "")
        items.append(_item(unit, each, record, title, names))
    return tuple(items)


def _item(unit: Unit, row: TaskRow, record: RecordRow | None, title: str, names: dict[int, str]) -> TaskItem:
    workflow = definition_of(unit, unit.project.workflow_by_id[row.workflow], row.definition_hash)
    # A step decided long ago may be gone from a workflow whose records follow the newest definition.
    approval = workflow.approval_by_id.get(row.approval)
    step = find_step(approval, row.step)
    is_own = row.assignee_id == unit.person.id
    is_mine = row.state == TaskState.OPEN and (
        is_own or (row.submitter_id != unit.person.id and acts_for(unit, row.assignee_id, row.workflow))
    )
    may = May() if approval is None else may_of(approval, step)
    is_help = row.kind == HELP
    verbs: tuple[Verb, ...] = ()
    if is_mine and approval is not None:
        verbs = (Verb.ANSWER,) if is_help else verbs_of(approval, may, is_first=row.position == 1)
    added_by = row.added_by or row.inserted_by

    def name(user_id: int | None) -> UserName:
        shown = SYSTEM_NAME if user_id is None else names.get(user_id, f"#{user_id}")
        return UserName(id=user_id, name=shown)

    return TaskItem(
        id=row.id,
        workflow=row.workflow,
        form=row.form,
        record_id=row.record_id,
        title=title,
        form_label=unit.project.form_by_id[row.form].label,
        step=row.step,
        step_label=named(row.step) if step is None else step.label,
        assignee=name(row.assignee_id),
        requested_by=name(row.submitter_id),
        since=row.created_at,
        state=TaskState(row.state),
        reason=row.reason,
        comment=row.comment,
        decided_by=None if row.decided_at is None else name(row.decided_by),
        decided_at=row.decided_at,
        verbs=verbs,
        comment_on=comment_needed(workflow),
        leads_to={} if approval is None else _targets(approval, verbs_of(approval, may)),
        also=also_of(may) if is_mine and not is_help else (),
        substitutes=is_mine and not is_own,
        is_help=is_help,
        asked_by=None if added_by is None else name(added_by),
        may_remove=(
            may.remove_signer
            and not is_help
            and added_by is not None
            and added_by == unit.person.id
            and row.state in UNDECIDED
        ),
        needs_signature=step is not None and step.sign and not is_help,
        signature=row.signature_id,
        bulk=may.bulk if is_mine and not is_help else 0,
        seen="" if record is None or approval is None else protected_digest(approval, record),
        due_at=row.due_at,
    )
