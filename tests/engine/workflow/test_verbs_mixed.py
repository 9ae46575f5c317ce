"""Whatever people do to an approval in whatever order: somebody can always act, and nothing is left open behind it."""

from contextlib import suppress
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine import workflow
from orderkit.engine.workflow import Particulars, Verb
from orderkit.model.errors import Conflict, Denied, Refused
from orderkit.model.workflow.workflows import Mode
from tests.engine.workflow.reviewing import status, submitted

MAY = (
    "may: {return: [any], resume: ask, transfer: true, delegate: true, add_signer: true, remove_signer: true}"
)
STEPS = (
    "{id: first, approvers: role(lead), mode: all, veto: false}",
    "parallel: {join: %s, branches: [{steps: [{id: l1, approvers: user(cid)}, {id: l2, approvers: user(dan)}]}, {steps: [{id: r1, approvers: role(board), mode: {vote: '> 50%%'}, veto: false}]}]}",
    "{id: last, approvers: user(eve), mode: sequence}",
)
PEOPLE = ("boss", "chief", "bob", "cid", "dan", "eve", "root")
UNDECIDED = ("open", "waiting", "paused")

verbs = st.sampled_from(
    ["approve"] * 6
    + ["reject", "return", "transfer", "delegate", "add_signer", "add_signer", "remove_signer", "submit"]
)


def acts(office, request, data):
    """Let somebody who has a task do something to it that dialogs offer."""
    with office.look("root") as unit:
        found = workflow.record_tasks(unit, "request", request)
    open_tasks = [each for each in found if each.state.value == "open"]
    verb = data.draw(verbs)
    if verb == "submit" or not open_tasks:
        if status(office, request) == "draft":
            resume = data.draw(st.sampled_from([None, "restart", "direct"]))
            with suppress(Refused), office.act("ann") as unit:
                workflow.do(unit, "request", request, "submit", resume=resume)
        return
    task = data.draw(st.sampled_from(open_tasks))
    login = task.assignee.name
    to = office.ids[data.draw(st.sampled_from(PEOPLE))]
    with suppress(Refused, Conflict, Denied), office.act(login) as unit:
        match verb:
            case "approve" | "reject" | "return":
                wanted = Verb.ANSWER if task.is_help else Verb(verb)
                choices = workflow.task(unit, task.id).choices
                targets = [each.id for each in choices.returns_to] if choices else []
                more = Particulars()
                if wanted is Verb.RETURN and targets:
                    resume = data.draw(st.sampled_from([None, "restart", "direct"]))
                    more = replace(more, to=data.draw(st.sampled_from(targets)), resume=resume)
                workflow.decide_task(unit, task.id, wanted, "because", more)
            case "transfer":
                workflow.transfer(unit, task.id, to)
            case "delegate":
                workflow.delegate(unit, task.id, to)
            case "add_signer":
                place = data.draw(st.sampled_from(["before", "after", "parallel"]))
                mode = data.draw(st.sampled_from([Mode.ALL, Mode.ANY, Mode.SEQUENCE]))
                people = list(dict.fromkeys([to, office.ids["bob"]]))
                workflow.add_signers(unit, task.id, people, place, mode)
            case _:
                added = [
                    each
                    for each in found
                    if each.state.value in UNDECIDED and each.asked_by and not each.is_help
                ]
                if added:
                    signer = data.draw(st.sampled_from(added))
                    by = unit.acting_as(office.person(signer.asked_by.name))
                    workflow.remove_signer(by, signer.id)


def check(office, request):
    with office.look(None) as unit:
        life = unit.connection.execute(
            select(instances).where(instances.c.record_id == request, instances.c.workflow == "life")
        ).one()
        found = (
            select(tasks, steps.c.visit, steps.c.state.label("of_step"))
            .join(steps, steps.c.id == tasks.c.step_id)
            .where(steps.c.instance_id == life.id)
        )
        rows = unit.connection.execute(found).all()
        inserted = unit.connection.execute(select(steps).where(steps.c.instance_id == life.id)).all()
    undecided = [each for each in rows if each.state in UNDECIDED]
    if life.state != "review":
        assert undecided == [], "nothing is left open behind an approval"
        return
    assert any(each.state == "open" for each in undecided), "somebody can always act"
    for each in undecided:
        assert each.visit == life.visit
        assert each.of_step in {"open", "waiting"}, "no task is open in a step that has ended"
        if each.state == "paused":
            helping = [one for one in rows if one.host_id == each.id and one.state in UNDECIDED]
            signing = [one for one in inserted if one.host_id == each.id and one.state == "open"]
            assert helping or signing, "what is paused waits for somebody"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_people_do_somebody_can_act_and_nothing_is_left_open(office_with, data):
    join = data.draw(st.sampled_from(["all", "any", "first"]))
    office = office_with(*(each % join if "%s" in each else each for each in STEPS), more=MAY)
    request = submitted(office)
    check(office, request)
    for _ in range(data.draw(st.integers(3, 14))):
        acts(office, request, data)
        check(office, request)
        if status(office, request) in {"done", "refused"}:
            break
