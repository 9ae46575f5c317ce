"""What somebody holds: records that name them in a field which still says whose turn or whose care it is.

Such are the fields for one user that somebody may still write, on records whose life is not over. A field that is
read-only, computed or set once says what was, and stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from orderkit.database.schema.system_tables import workflow_task
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import TaskState
from orderkit.fields.field_type import ColumnKind
from orderkit.model.forms import Field, FieldId, Form, FormId, SystemRole

USER = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Records of one form that name the person in one field."""

    form: FormId
    field: FieldId
    count: int

    @property
    def path(self) -> str:
        """How it is named when it is chosen: `order.salesperson`."""
        return f"{self.form}.{self.field}"


def holdings_of(unit: Unit, user_id: int) -> tuple[Holding, ...]:
    """Return what a person holds, form by form, without what they hold nothing of."""
    found = []
    for form, field in _fields(unit):
        is_held = held(unit, form, field, user_id)
        table = unit.runtime.database.tables[form.id]
        count = unit.connection.execute(select(func.count()).select_from(table).where(is_held)).scalar_one()
        if count:
            found.append(Holding(form=form.id, field=field.id, count=count))
    return tuple(found)


def held(unit: Unit, form: Form, field: Field, user_id: int) -> ColumnElement[bool]:
    """Return which records of a form name the person in a field, and are not at their end."""
    columns = unit.runtime.database.tables[form.id].c
    conditions: list[ColumnElement[bool]] = [columns[field.id] == user_id]
    if form.id == USER:
        # Who leaves is not handed over themselves.
        conditions.append(columns.id != user_id)
    for workflow in unit.project.workflows_by_form.get(form.id, ()):
        over = sorted(state.id for state in workflow.states if state.final is not None)
        if over:
            state = columns[workflow.state_field]
            conditions.append(or_(state.is_(None), state.not_in(over)))
    return and_(*conditions)


def undecided_tasks(unit: Unit, user_id: int) -> int:
    """Return how many tasks wait for a person, now or later in their step."""
    states = (TaskState.OPEN, TaskState.WAITING)
    is_theirs = (workflow_task.c.assignee_id == user_id, workflow_task.c.state.in_(states))
    return unit.connection.execute(
        select(func.count()).select_from(workflow_task).where(*is_theirs)
    ).scalar_one()


def _fields(unit: Unit) -> Iterator[tuple[Form, Field]]:
    kinds = unit.runtime.catalog.fields
    for form in unit.project.forms:
        if form.parent is not None:
            continue
        for field in form.stored_fields:
            is_for_one = field.target == USER and kinds[field.type].column is ColumnKind.REFERENCE
            is_own = field.system in {SystemRole.NONE, SystemRole.OWNER}
            is_kept = field.readonly or field.set_once or field.is_derived or field.copy is not None
            if is_for_one and is_own and not is_kept:
                yield form, field
