"""What workflows do in every write: definitions, fields of a state, history, the end of a record."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_task
from orderkit.engine import records, workflow
from orderkit.engine.records import Create, Update
from orderkit.model.errors import Denied, Refused
from orderkit.model.people import NamedPerson
from tests.engine.workflow.reviewing import (
    LEAD,
    decide_all,
    outcomes,
    status,
    submitted,
    under,
)


def test_a_running_record_keeps_the_definition_it_began_with(office_with):
    old = office_with("{id: old, label: 旧, approvers: user(boss)}", "{id: second, approvers: user(chief)}")
    running = submitted(old)
    new = office_with("{id: new, approvers: user(eve)}")
    fresh = submitted(new)
    assert outcomes(new, fresh) == {"eve": ("open", None)}
    with new.look("boss") as unit:
        (task,) = workflow.tasks(unit)
    assert (task.step, task.step_label["zh"]) == ("old", "旧")
    decide_all(new, "boss:approve chief:approve")
    assert status(new, running) == "done"


def test_a_migrating_workflow_has_no_past(office_with):
    old = office_with("{id: first, approvers: user(boss)}")
    running = old.create("ann", "request", {"title": "x"})
    (life,) = old.runtime.project.workflows
    moved = replace(life, in_flight="migrate", transitions=tuple(
        replace(each, by=NamedPerson("everyone")) for each in life.transitions
    ))  # fmt: skip
    new = under(old, replace(old.runtime.project, workflows=(moved,)))
    assert new.do("bob", "request", running, "submit").state == "review"


def test_an_open_task_opens_the_fields_of_its_step(office_with):
    office = office_with(
        "{id: s, approvers: user(boss), fields: {title: edit, secret: read}}",
        "{id: t, approvers: user(chief)}",
    )
    request = submitted(office)
    office.update("boss", "request", request, title="corrected")
    for login in ("ann", "chief"):
        with pytest.raises((Denied, Refused)):
            office.update(login, "request", request, title="no")
    office.decide("boss")
    with pytest.raises((Denied, Refused)):
        office.update("boss", "request", request, title="too late")


def test_history_arrives_in_its_state_without_steps_or_notices(office_with):
    office = office_with(LEAD)
    with office.act("root") as unit:
        made = records.apply(
            unit,
            [Create(form="request", values={"title": f"h{n}", "status": state})
             for n, state in enumerate(("done", "review", "refused"))],
            history=True, by_rule=True,
        )  # fmt: skip
    for applied, state in zip(made, ("done", "review", "refused"), strict=True):
        assert status(office, applied.id) == state
        assert office.timeline("request", applied.id) == []
        assert outcomes(office, applied.id) == {}
    with office.act("root") as unit:
        records.apply(
            unit,
            [Update(form="request", id=made[1].id, values={"status": "draft"})], history=True, by_rule=True,
        )  # fmt: skip
    with office.look("root") as unit:
        assert [each.transition for each in workflow.buttons(unit, "request", made[1].id)] == ["submit"]


def test_a_deleted_record_leaves_no_task_behind(office_with):
    office = office_with(LEAD)
    request = submitted(office)
    with office.act("root") as unit:
        records.apply(unit, [records.Delete(form="request", id=request)], by_rule=True)
    assert office.tasks("boss") == {"boss": 0}
    with office.look(None) as unit:
        left = select(workflow_task.c.id).where(workflow_task.c.record_id == request)
        assert unit.connection.execute(left).all() == []
        assert workflow.timeline(unit, "request", request) != ()
