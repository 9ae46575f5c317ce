"""Rules of the semantics whose cases stand in one table: how steps are decided, by whom, and on which definition."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import delete, insert, select

from orderkit.catalog import built_in
from orderkit.database.definitions.refusing import problems_of_drops
from orderkit.database.definitions.states import problems_of_states
from orderkit.database.schema.system_tables import user_role, workflow_event, workflow_instance
from orderkit.engine import records, workflow
from orderkit.engine.workflow import Verb
from orderkit.model.errors import Conflict, Stale
from orderkit.model.people import NamedPerson
from tests.engine.workflow.reviewing import (
    LEAD,
    decide_all,
    outcomes,
    status,
    submitted,
    task_of,
    under,
    waiting,
)

BOARD = "{id: s, approvers: role(board), mode: %s, veto: %s}"
EVERYBODY = ("ann", "bob", "cid", "dan", "eve")


def vote(share):
    return f'{{vote: "{share}"}}'


def shown(office, request):
    return {login: state for login, (state, _) in outcomes(office, request).items()}


@pytest.mark.parametrize(
    ("veto", "decisions", "state", "losers"),
    [
        ("true", "bob:approve", "done", "cancelled"),
        ("true", "bob:reject", "refused", "cancelled"),
        ("false", "bob:reject", "review", "open"),
        ("false", "bob:reject cid:approve", "done", "cancelled"),
        ("false", " ".join(f"{each}:reject" for each in EVERYBODY), "refused", None),
    ],
)
def test_rule_01_of_any_one_decides_and_the_others_are_cancelled_with_who_did(
    office_with, veto, decisions, state, losers
):
    office = office_with(BOARD % ("any", veto))
    request = submitted(office)
    decide_all(office, decisions)
    assert status(office, request) == state
    who = {each.partition(":")[0] for each in decisions.split()}
    assert {shown(office, request)[each] for each in EVERYBODY if each not in who} == (
        set() if losers is None else {losers}
    )
    if losers == "cancelled":
        assert set(office.tasks(*EVERYBODY).values()) == {0}, "gone from every inbox with the decision"
        with office.look("root") as unit:
            found = workflow.record_tasks(unit, "request", request)
        last = decisions.split()[-1].partition(":")[0]
        assert {each.decided_by.name for each in found if each.state == "cancelled"} == {last}


@pytest.mark.parametrize(
    ("mode", "veto", "decisions", "state"),
    [
        ("all", "true", "ann:approve bob:approve", "review"),
        ("all", "true", "ann:approve bob:reject", "refused"),
        ("all", "false", "ann:approve bob:reject", "refused"),
        ("sequence", "true", "ann:approve bob:reject", "refused"),
        (vote(">= 60%"), "true", "ann:approve bob:approve cid:reject", "refused"),
        (vote(">= 60%"), "false", "ann:reject bob:reject", "review"),
        (vote(">= 60%"), "false", "ann:reject bob:reject cid:reject", "refused"),
        (vote(">= 60%"), "false", "ann:reject bob:reject cid:approve dan:approve eve:approve", "done"),
    ],
)
def test_rule_02_one_rejection_ends_all_and_a_vote_once_it_cannot_pass(
    office_with, mode, veto, decisions, state
):
    office = office_with(BOARD % (mode, veto))
    request = submitted(office)
    decide_all(office, decisions)
    assert status(office, request) == state
    if state == "refused":
        assert set(office.tasks(*EVERYBODY).values()) == {0}


@pytest.mark.parametrize(
    ("share", "needed"),
    [(">= 23%", 2), (">= 20%", 1), ("> 20%", 2), (">= 50%", 3), ("> 60%", 4), (">= 100%", 5)],
)
def test_rule_03_a_share_is_rounded_up_and_its_operator_counts(office_with, share, needed):
    office = office_with(BOARD % (vote(share), "false"))
    request = submitted(office)
    for count, login in enumerate(EVERYBODY[:needed], 1):
        assert status(office, request) == "review"
        decide_all(office, f"{login}:approve")
        assert status(office, request) == ("done" if count == needed else "review")


@pytest.fixture
def roles_back(shared):
    """Give roles back that a test took or gave."""
    with shared.look(None) as unit:
        held = [row._asdict() for row in unit.connection.execute(select(user_role))]
    yield
    with shared.act(None) as unit:
        unit.connection.execute(delete(user_role))
        unit.connection.execute(insert(user_role), held)


@pytest.mark.parametrize("mode", ["all", "sequence", vote(">= 100%")])
@pytest.mark.usefixtures("roles_back")
def test_rule_04_who_decides_is_frozen_when_the_step_begins(office_with, mode):
    office = office_with(f"{{id: s, approvers: role(lead), mode: {mode}}}")
    request = submitted(office)
    with office.act(None) as unit:
        lost = (user_role.c.user_id == office.ids["boss"]) & (user_role.c.role == "lead")
        unit.connection.execute(delete(user_role).where(lost))
        unit.connection.execute(insert(user_role).values(user_id=office.ids["dan"], role="lead"))
    assert set(shown(office, request)) == {"boss", "chief"}
    decide_all(office, "chief:approve boss:approve")
    assert status(office, request) == "done"
    assert set(shown(office, request)) == {"boss", "chief"}
    assert set(shown(office, submitted(office))) == {"chief", "dan"}, "the next record asks who holds it now"


@pytest.mark.parametrize(
    ("word", "state", "noted"),
    [
        (None, "review", ["assign"]),
        ("approve", "done", ["assign", "skip"]),
        ("reject", "refused", ["assign", "skip"]),
    ],
)
def test_rule_05_nobody_found_is_never_silent(office_with, word, state, noted):
    office = office_with("{id: s, approvers: role(nobody)}")
    if word is not None:
        (life,) = office.runtime.project.workflows
        named = replace(life, policy=replace(life.policy, no_approver=NamedPerson(word)))
        office = under(office, replace(office.runtime.project, workflows=(named,)))
    request = submitted(office)
    assert status(office, request) == state
    assert waiting(office, request) == ("root" if word is None else "")
    with office.look(None) as unit:
        entries = workflow.timeline(unit, "request", request)
    of_step = [each for each in entries if each.step == "s" and each.verb in {"assign", "skip"}]
    assert [each.verb for each in of_step] == noted
    assert {each.actor.id for each in of_step} == {None}, "the system did it, and says why"
    assert all(each.data for each in of_step)


@pytest.mark.parametrize(
    ("mode", "asked", "decisions"),
    [
        ("any", "chief", "chief:approve"),
        ("all", "chief chief", "chief:approve chief:approve"),
        ("sequence", "chief", "chief:approve chief:approve"),
    ],
)
def test_rule_06_what_a_leaver_had_to_decide_goes_to_their_manager(office_with, mode, asked, decisions):
    office = office_with(f"{{id: s, approvers: [user(chief), user(boss)], mode: {mode}}}")
    request = submitted(office)
    office.update("root", "user", office.ids["boss"], active=False)
    try:
        assert waiting(office, request) == asked
        decide_all(office, decisions)
        assert status(office, request) == "done"
    finally:
        with office.act("root") as unit:
            back = records.Update(form="user", id=office.ids["boss"], values={"active": True})
            records.apply(unit, [back])


@pytest.mark.parametrize("verb", [Verb.APPROVE, Verb.REJECT, Verb.RETURN])
def test_rule_13_nobody_decides_on_what_they_have_not_seen(office_with, verb):
    office = office_with(LEAD)
    request = submitted(office)
    task = task_of(office, "boss", request)
    office.update(None, "request", request, by_rule=True, amount=Decimal(101))
    with office.act("boss") as unit, pytest.raises(Stale) as stale:
        workflow.decide_task(unit, task.id, verb, "why", seen=task.seen)
    assert stale.value.explain["zh"] == "内容已变更，请重看"
    assert (status(office, request), waiting(office, request)) == ("review", "boss chief")
    again = task_of(office, "boss", request)
    with office.act("boss") as unit:
        workflow.decide_task(unit, again.id, verb, "why", seen=again.seen)
    assert status(office, request) != "review"


def test_rule_14_records_under_way_keep_their_definition_and_a_state_that_goes_must_say_where_to(
    office_with,
):
    old = office_with("{id: old, approvers: user(boss)}", "{id: then, approvers: user(cid)}")
    running = submitted(old)
    new = office_with("{id: new, approvers: user(eve)}")
    fresh = submitted(new)
    with new.look(None) as unit:
        hashes = dict(
            unit.connection.execute(
                select(workflow_instance.c.record_id, workflow_instance.c.definition_hash).where(
                    workflow_instance.c.record_id.in_([running, fresh])
                )
            ).all()
        )
    assert hashes[running] != hashes[fresh]
    decide_all(new, "boss:approve")
    assert (waiting(new, running), waiting(new, fresh)) == ("cid", "eve")
    (life,) = new.runtime.project.workflows
    without = replace(life, states=tuple(each for each in life.states if each.id != "review"))
    migrating = replace(without, in_flight="migrate")
    with new.look(None) as unit:
        problems = problems_of_states(unit.connection, replace(new.runtime.project, workflows=(migrating,)))
    assert any(
        str(running) in str(each.message["en"]) and "review" in each.message["en"] for each in problems
    )


def test_rule_15_a_field_that_a_kept_definition_names_is_not_dropped(office_with):
    old = office_with("{id: s, when: 'coalesce(count, 0) > 3', approvers: user(eve)}")
    running = submitted(old, count=5)
    new = office_with("{id: s, approvers: user(eve)}")
    with new.look(None) as unit:
        asked = unit.connection, new.runtime.project
        (problem,) = problems_of_drops(*asked, ["request.count", "request.secret"], built_in())
        assert problems_of_drops(*asked, ["request.secret"], built_in()) == ()
    assert problem.known_as is not None
    assert (problem.known_as.id, problem.path) == ("OK6402", "request.count")
    assert str(running) in problem.message["en"]
    decide_all(new, "eve:approve")
    with new.look(None) as unit:
        assert problems_of_drops(unit.connection, new.runtime.project, ["request.count"], built_in()) == ()


def test_rule_18_who_comes_second_learns_who_decided_and_the_record_is_decided_once(office_with):
    office = office_with(BOARD % ("any", "true"))
    request = submitted(office)
    with office.look("root") as unit:
        ids = {each.assignee.name: each.id for each in workflow.record_tasks(unit, "request", request)}
    with office.act("cid") as unit:
        workflow.decide_task(unit, ids["cid"], Verb.APPROVE)
    for login in ("ann", "bob", "dan", "eve"):
        for verb in (Verb.APPROVE, Verb.REJECT):
            with office.act(login) as unit, pytest.raises(Conflict, match="cid"):
                workflow.decide_task(unit, ids[login], verb, "late")
    with office.look(None) as unit:
        found = select(workflow_event.c.verb).where(workflow_event.c.record_id == request)
        verbs = list(unit.connection.execute(found).scalars())
    assert (verbs.count("approve"), verbs.count("approved"), verbs.count("reject")) == (1, 1, 0)
