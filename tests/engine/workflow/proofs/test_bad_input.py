"""What goes wrong between the writing of a workflow and its running: a clear answer, and nothing half-done.

Elsewhere: empty values (`test_blocks`, `test_paths`), calendars without work (`test_following`), clocks that go backwards
under timers and schedules (`test_timers`, `test_timetable`), a revision or a task that is stale (`test_deciding`,
`test_verbs`), names of transitions that there are not (`test_verbs`), triggers that set each other off (`test_doing`,
`test_events`), links that are forged or used twice (`tests/web`).
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, select, update

from orderkit.database.schema.system_tables import user_role, workflow_event, workflow_instance
from orderkit.engine import workflow
from orderkit.engine.workflow.in_flight import bring_forward
from orderkit.model.errors import Refused
from tests.engine.workflow.reviewing import (
    FORM,
    NAMES,
    POLICY,
    ROLES,
    WORKFLOW,
    decide_all,
    outcomes,
    status,
    submitted,
    under,
    waiting,
)
from tests.support.projects import project


@pytest.fixture
def people_back(shared):
    """Bring everybody and every role back that a test took away."""
    user = shared.runtime.database.tables["user"]
    with shared.look(None) as unit:
        held = [row._asdict() for row in unit.connection.execute(select(user_role))]
    yield
    with shared.act(None) as unit:
        unit.connection.execute(update(user).values(active=True))
        unit.connection.execute(delete(user_role))
        unit.connection.execute(user_role.insert(), held)


@pytest.mark.parametrize("approvers", ["user(dan)", "role(odd)", "[user(dan), role(odd)]"])
@pytest.mark.parametrize("is_later", [False, True], ids=["at the first step", "at a later step"])
@pytest.mark.usefixtures("people_back")
def test_approvers_who_vanish_before_their_step_begins_leave_it_to_an_administrator(
    office_with, approvers, is_later
):
    quoted = approvers if approvers.startswith("[") else f'"{approvers}"'
    step = f"{{id: s, approvers: {quoted}}}"
    office = office_with(*(["{id: first, approvers: user(boss)}", step] if is_later else [step]))
    request = submitted(office) if is_later else office.create("ann", "request", {"title": "x"})
    user = office.runtime.database.tables["user"]
    with office.act(None) as unit:
        unit.connection.execute(update(user).where(user.c.id == office.ids["dan"]).values(active=False))
        unit.connection.execute(delete(user_role).where(user_role.c.role == "odd"))
    if is_later:
        decide_all(office, "boss:approve")
    else:
        office.do("ann", "request", request, "submit")
    assert (status(office, request), waiting(office, request)) == ("review", "root")
    with office.look(None) as unit:
        (note,) = [each for each in workflow.timeline(unit, "request", request) if each.verb == "assign"]
    assert note.actor.id is None, "the system says whom it asks instead"


@pytest.mark.usefixtures("people_back")
def test_a_decision_that_would_lead_to_nobody_is_refused_and_stays_to_be_taken(office_with):
    office = office_with("{id: first, approvers: user(boss)}", "{id: s, approvers: user(dan)}")
    request = submitted(office)
    user = office.runtime.database.tables["user"]
    with office.act(None) as unit:
        gone = [office.ids["dan"], office.ids["root"]]
        unit.connection.execute(update(user).where(user.c.id.in_(gone)).values(active=False))
    with pytest.raises(Refused) as refused:
        office.decide("boss")
    assert [each.code for each in refused.value.problems] == ["no_approver"]
    with office.act(None) as unit:
        unit.connection.execute(update(user).values(active=True))
    assert outcomes(office, request) == {"boss": ("open", None)}
    decide_all(office, "boss:approve dan:approve")
    assert status(office, request) == "done"


def test_a_clock_that_goes_backwards_between_two_clicks_loses_and_reorders_nothing(office_with):
    office = office_with("{id: one, approvers: user(boss)}", "{id: two, approvers: user(chief)}")
    clock = office.runtime.clock
    request = submitted(office)
    before = clock.now()
    clock.set(before - timedelta(hours=1))
    try:
        decide_all(office, "boss:approve")
        clock.set(before - timedelta(days=2))
        decide_all(office, "chief:approve")
    finally:
        clock.set(before)
    assert status(office, request) == "done"
    with office.look(None) as unit:
        found = [each.verb for each in workflow.timeline(unit, "request", request)]
    assert [each for each in found if each in {"start", "do", "approve", "approved"}] == [
        "start",
        "do",
        "approve",
        "approve",
        "approved",
    ]


def migrating(state):
    """Return a workflow that follows its newest definition, whose state of approval has a name."""
    text = WORKFLOW.format(policy=POLICY, until="first_decision", more="if_empty: approve")
    text = text.replace("initial: draft\n", "initial: draft\nin_flight: migrate\n")
    if state != "review":
        text = text.replace("in_flight: migrate\n", f"in_flight: migrate\nmigrate: {{review: {state}}}\n")
        text = text.replace("  review:  {", f"  {state}: {{")
        text = text.replace("to: review", f"to: {state}").replace("from: review", f"from: {state}")
    return project(FORM, ROLES, *NAMES, text + "      - {id: lead, approvers: role(lead)}\n")


def test_two_migrations_of_one_record_move_it_once(office_with):
    old = under(office_with("{id: lead, approvers: role(lead)}"), migrating("review"))
    with old.act(None) as unit:
        unit.connection.execute(delete(old.runtime.database.tables["request"]))
        unit.connection.execute(delete(workflow_instance))
    requests = [submitted(old) for _ in range(6)]
    new = under(old, migrating("checking"))
    together = Barrier(2)

    def migrate(_):
        together.wait()
        return bring_forward(new.runtime, batch=2)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(migrate, range(2)))
    assert sum(each.moved for each in results) == len(requests)
    for request in requests:
        assert status(new, request) == "checking"
        assert waiting(new, request) == "boss chief", "its tasks are there once"
        with new.look(None) as unit:
            of_it = workflow_event.c.record_id == request
            verbs = list(unit.connection.execute(select(workflow_event.c.verb).where(of_it)).scalars())
        assert verbs.count("migrate") == 1
