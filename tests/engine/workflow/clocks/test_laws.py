"""Whatever people do and however time goes, clocks and tasks agree, and nothing happens early or twice."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from orderkit.database.schema.system_tables import (
    workflow_clock,
    workflow_event,
    workflow_instance,
    workflow_task,
    workflow_timer,
)
from orderkit.engine.workflow import Verb
from orderkit.model.errors import OrderkitError
from tests.engine.workflow.reviewing import status

ACTS = ("submit", "begin", "back", "rest", "go_on", "finish", "approve", "return", "reject", "work")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 30 * 60)), min_size=1, max_size=12)


def act(office, request, verb):
    """Do what somebody may try; that the rules refuse it is no matter here."""
    try:
        if verb == "work":
            office.work()
        elif verb in {"approve", "return", "reject"}:
            if office.tasks("chief")["chief"]:
                office.decide("chief", Verb(verb), "because")
        else:
            office.do("ann", "request", request, verb)
    except OrderkitError:
        pass


def agree(office, request):
    clock, task, timer, life = workflow_clock.c, workflow_task.c, workflow_timer.c, workflow_instance.c
    with office.look(None) as unit:
        ask = unit.connection.execute
        open_tasks = set(
            ask(select(task.id).where(task.record_id == request, task.state == "open")).scalars()
        )
        running = ask(
            select(clock.task_id).where(
                clock.record_id == request, clock.task_id.is_not(None), clock.state == "running"
            )
        ).scalars()
        assert sorted(running) == sorted(open_tasks)
        waiting = ask(
            select(timer).where(timer.record_id == request, timer.state.in_(["ready", "called", "resting"]))
        ).all()
        live = set(ask(select(clock.id).where(clock.state.in_(["running", "resting"]))).scalars())
        visit = ask(select(life.visit).where(life.record_id == request)).scalar_one()
        assert all(each.clock_id in live if each.clock_id else each.visit == visit for each in waiting)
        fired = ask(select(timer).where(timer.record_id == request, timer.state == "fired")).all()
        assert all(each.ended_at >= each.due_at for each in fired)
        reminded = ask(
            select(func.count()).where(
                workflow_event.c.record_id == request, workflow_event.c.verb == "remind"
            )
        ).scalar_one()
        assert reminded == sum(each.kind == "remind" for each in fired)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_clocks_and_tasks_agree_whatever_happens(office_in, steps):
    office = office_in(
        sla="{due: 8wh, remind: [{before_due: 2wh}], overdue: [{after_due: 4wh, auto: return}]}",
        over="{whole: {start: open, stop: done, pause_in: [paused], due: 2wd, remind: [{before_due: 1wd}]}}",
        timers="{stuck: {in: open, after: 3h, every: 4h, do: [{set: {count: 1}}]}}",
    )
    request = office.create("ann", "request", {"title": "x"})
    for verb, minutes in steps:
        office.runtime.clock.advance(minutes=minutes)
        act(office, request, verb)
        agree(office, request)
    office.runtime.clock.advance(days=20)
    office.work()
    agree(office, request)
    # Nobody decided in time, so the system has.
    assert status(office, request) != "review"
    with office.act(None) as unit:
        unit.connection.execute(workflow_instance.delete())
        unit.connection.execute(workflow_event.delete())
