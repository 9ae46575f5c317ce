"""What administrators do about running workflows: see versions and what is stuck, give tasks to others one by one."""

import pytest
from sqlalchemy import update

from orderkit.database.schema.system_tables import user_role, workflow_task
from orderkit.engine import leaving, workflow
from orderkit.engine.leaving import MOST_TASKS
from orderkit.engine.runtime import Channel
from orderkit.engine.workflow import Verb
from orderkit.engine.workflow.administration import Hitch, running_versions, stuck_records
from orderkit.engine.workflow.approvals.reassigning import held_counts, held_tasks, reassign_task
from orderkit.model.errors import Conflict, Denied, Refused
from tests.engine.workflow.analytics.requests import FORM, ROLES, WORKFLOW
from tests.support.projects import project

STRICT = project(FORM, WORKFLOW.replace("self_approval: allow", "self_approval: forbid"), *ROLES)


def task_of(desk, login):
    with desk.office.look(login) as unit:
        return workflow.tasks(unit)[0].id


def give(desk, task_ids, *, holder="boss", taker="chief", reason="on leave", by="root"):
    office = desk.office
    return leaving.reassign_tasks(
        office.runtime,
        office.person(by),
        Channel.PAGE,
        holder_id=office.ids[holder],
        taker_id=office.ids[taker],
        task_ids=task_ids,
        reason=reason,
    )


def test_tasks_go_to_another_and_the_timeline_and_the_audit_say_so(desk):
    first, second = desk.lead_a_life("1h submit"), desk.lead_a_life("1h submit")
    with desk.office.look("root") as unit:
        assert held_counts(unit) == {desk.office.ids["boss"]: 2}
        ids = [each.id for each in held_tasks(unit, desk.office.ids["boss"], limit=10)]
    assert [each.why for each in give(desk, ids)] == [None, None]
    assert desk.office.tasks("boss", "chief") == {"boss": 0, "chief": 2}
    for request in (first, second):
        with desk.office.look("root") as unit:
            entry = workflow.timeline(unit, "request", request)[-1]
        assert (entry.verb, entry.actor.name, entry.on_behalf_of.name, entry.comment) == (
            "reassign",
            "root",
            "boss",
            "on leave",
        )
    with desk.office.look(None) as unit:
        noted = unit.connection.exec_driver_sql(
            "SELECT record_id, changes FROM ok_audit WHERE verb = 'tasks_reassigned' ORDER BY id DESC"
        ).first()
    assert noted[0] == desk.office.ids["boss"]
    assert "on leave" not in str(noted[1]), "facts of the audit stay for ever, and words may be personal"
    desk.office.decide("chief", Verb.APPROVE)


def test_one_refusal_stops_no_other(desk):
    """The first was decided meanwhile, the second is the taker's own request; only the third moves."""
    strict = desk.under(STRICT)
    decided = strict.lead_a_life("1h submit 1h boss:reject")
    own = strict.lead_a_life("1h submit", owner="ann")
    other = strict.lead_a_life("1h submit", owner="bob")
    with desk.office.look("root") as unit:
        by_record = {each.record_id: each.id for each in held_tasks(unit, desk.office.ids["boss"], limit=10)}
        (done,) = unit.connection.execute(
            workflow_task.select().where(workflow_task.c.record_id == decided)
        ).all()
    found = give(strict, [done.id, by_record[own], by_record[other]], taker="ann")
    assert [each.why and each.why["en"] for each in found] == [
        "this task has just been decided or given to somebody else",
        "the submitter may not decide about their own request",
        None,
    ]
    assert desk.office.tasks("boss", "ann") == {"boss": 1, "ann": 1}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"reason": "  "}, "a reason is required"),
        ({"task_ids": []}, f"choose between 1 and {MOST_TASKS} tasks"),
        ({"task_ids": list(range(1, MOST_TASKS + 2))}, f"choose between 1 and {MOST_TASKS} tasks"),
    ],
    ids=["no reason", "no task", "too many"],
)
def test_what_cannot_be_done_for_any_is_refused_for_all(desk, given, expected):
    desk.lead_a_life("1h submit")
    with pytest.raises(Refused, match=expected):
        give(desk, **{"task_ids": [task_of(desk, "boss")], **given})
    assert desk.office.tasks("boss") == {"boss": 1}


def test_only_administrators_give_tasks_over(desk):
    desk.lead_a_life("1h submit")
    for login in ("boss", "ann", "max"):
        with pytest.raises(Denied):
            give(desk, [task_of(desk, "boss")], by=login)
        with pytest.raises(Denied), desk.office.act(login) as unit:
            reassign_task(unit, task_of(desk, "boss"), desk.office.ids["boss"], desk.office.ids["chief"], "x")


def test_nobody_is_asked_twice_at_one_step(desk):
    """Else one person would decide for two."""
    desk.lead_a_life("1h submit")
    task = task_of(desk, "boss")
    with desk.office.act("root") as unit:
        row = unit.connection.execute(workflow_task.select().where(workflow_task.c.id == task)).one()
        values = {**row._mapping, "assignee_id": desk.office.ids["chief"]}
        del values["id"]
        unit.connection.execute(workflow_task.insert().values(values))
    (found,) = give(desk, [task])
    assert found.why is not None
    assert found.why["en"] == "they are asked at this step already"


def test_a_task_that_moved_on_is_not_taken_from_its_new_holder(desk):
    desk.lead_a_life("1h submit")
    task = task_of(desk, "boss")
    give(desk, [task])
    with pytest.raises(Conflict), desk.office.act("root") as unit:
        reassign_task(unit, task, desk.office.ids["boss"], desk.office.ids["eve"], "again")


def test_versions_say_how_many_records_follow_which(desk):
    desk.lead_a_life("1h submit")
    desk.lead_a_life("1h drop")
    newer = desk.under(STRICT)
    newer.lead_a_life("1h now")
    with newer.office.look("root") as unit:
        found = [
            (each.is_newest, each.running, each.ended)
            for each in running_versions(unit)
            if each.running + each.ended
        ]
    assert found == [(True, 1, 0), (False, 1, 1)]


def test_what_nobody_moves_on_is_found_with_why(desk):
    office = desk.office
    without_task = desk.lead_a_life("1h submit", title="without a task")
    of_nobody = desk.lead_a_life("2h submit", title="with who was let go")
    held = desk.lead_a_life("3h submit 1h boss:approve", title="held by nobody")
    desk.lead_a_life("1h submit", title="all right")
    user = office.runtime.database.tables["user"]
    with office.act(None) as unit:
        (eve,) = [office.ids["eve"]]
        unit.connection.execute(
            update(workflow_task).where(workflow_task.c.record_id == without_task).values(state="cancelled")
        )
        unit.connection.execute(
            update(workflow_task).where(workflow_task.c.record_id == of_nobody).values(assignee_id=eve)
        )
        unit.connection.execute(update(user).where(user.c.id == eve).values(active=False))
        unit.connection.execute(update(user_role).where(user_role.c.role == "clerk").values(role="was"))
    try:
        with office.look("root") as unit:
            found = [(each.record_id, each.hitch) for each in stuck_records(unit, limit=10)]
    finally:
        with office.act(None) as unit:
            unit.connection.execute(update(user).where(user.c.id == eve).values(active=True))
            unit.connection.execute(update(user_role).where(user_role.c.role == "was").values(role="clerk"))
    assert found == [
        (without_task, Hitch.NO_TASK),
        (of_nobody, Hitch.TASK_OF_NOBODY),
        (held, Hitch.NO_HOLDER),
    ]


def test_nothing_is_stuck_while_somebody_can_move_it_on(desk):
    desk.lead_a_life("1h submit 1h boss:approve")
    desk.lead_a_life("1h submit")
    desk.lead_a_life("1h now")
    desk.lead_a_life("1h drop")
    with desk.office.look("root") as unit:
        assert stuck_records(unit, limit=10) == ()
