"""Finding what a person means: a record that they may see, the transition they name, who did it before."""

from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_event
from orderkit.engine.access import Action, RefusedAccess, decide, may_act
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.definitions import has_past
from orderkit.engine.workflow.instances import Instance, lock_instance
from orderkit.engine.workflow.views import UserName
from orderkit.engine.workflow.wording import of_both
from orderkit.model.errors import Conflict, Denied, NotFound
from orderkit.model.labels import Label, label
from orderkit.model.workflow.workflows import Transition, Workflow

SYSTEM_NAME = "system"


def visible_row(unit: Unit, form_id: str, record_id: int) -> RecordRow:
    """Return a record that this person may read. Raises NotFound."""
    form = unit.project.form_by_id.get(form_id)
    row = None if form is None else rows_of(unit).row(form_id, record_id)
    if row is None or not decide(unit.person, Action.READ, form_id, row, unit=unit):
        raise NotFound
    return row


def require_acting(unit: Unit, form_id: str) -> None:
    """Refuse who acts through a token that reaches no buttons and tasks of this form. Raises Denied."""
    decision = may_act(unit, form_id)
    if isinstance(decision, RefusedAccess):
        raise Denied(decision.why)


def locked_row(unit: Unit, form_id: str, record_id: int) -> RecordRow:
    """Return a record as it is now and will be until the unit ends, but for what the unit does itself."""
    found = rows_of(unit).load(form_id, [record_id], lock=True)
    if not found:
        raise NotFound
    return found[0]


def workflows_of(unit: Unit, form_id: str, workflow: str | None = None) -> tuple[Workflow, ...]:
    """Return the workflows of a form, or the one that is named."""
    found = unit.project.workflows_by_form.get(form_id, ())
    return tuple(each for each in found if workflow in {None, each.id})


def locked_transition(
    unit: Unit, row: RecordRow, transition_id: str, workflow: str | None
) -> tuple[Instance, Transition]:
    """Return a transition and the locked life that it belongs to. Raises NotFound."""
    for each in workflows_of(unit, row.form, workflow):
        # A record may follow a definition that has a transition which the newest one lacks.
        if transition_id in each.transition_by_id or workflow is not None or has_past(unit, each):
            instance = lock_instance(unit, each, row)
            transition = instance.definition.transition_by_id.get(transition_id)
            if transition is not None:
                return instance, transition
    raise NotFound(label(zh=f"没有“{transition_id}”这个操作", en=f"there is no action “{transition_id}”"))


def names_of(unit: Unit, ids: set[int]) -> dict[int, str]:
    """Return users' names, of those too who are no longer active."""
    user = unit.runtime.database.tables["user"]
    found = select(user.c.id, user.c.name).where(user.c.id.in_(sorted(ids)))
    return {row.id: row.name for row in unit.connection.execute(found)}


def user_name(unit: Unit, user_id: int | None) -> UserName:
    """Return a user as others see them; None is the system."""
    if user_id is None:
        return UserName(id=None, name=SYSTEM_NAME)
    return UserName(id=user_id, name=names_of(unit, {user_id}).get(user_id, f"#{user_id}"))


def moved_by_another(unit: Unit, instance: Instance) -> Conflict:
    """Return a Conflict that says in which state the record is now and who brought it there."""
    last = unit.connection.execute(
        select(workflow_event.c.actor_id)
        .where(workflow_event.c.instance_id == instance.id, workflow_event.c.target.is_not(None))
        .order_by(workflow_event.c.id.desc())
        .limit(1)
    ).one_or_none()
    who: Label = {"zh": "系统", "en": "the system"}
    if last is not None and last.actor_id is not None:
        name = user_name(unit, last.actor_id).name
        who = {"zh": name, "en": name}
    return Conflict(
        of_both(
            "单据已由{who}流转到“{state}”，请重看",
            "{who} has already moved this to “{state}”; look at it again",
            who=who,
            state=instance.resting_in.label,
        )
    )
