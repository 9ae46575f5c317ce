"""Automations at times: each moment once, over stops, clocks that go backwards, and workers that look at once."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from orderkit.database.schema.system_tables import automation as noted
from orderkit.database.schema.system_tables import inbox_message, job
from orderkit.engine import jobs, messages
from orderkit.engine.automation import AUTOMATION_JOB, Timetable, automations_seen
from orderkit.engine.automation.reaching import due_at
from orderkit.engine.automation.timetable import last_due, next_due
from orderkit.engine.jobs import JobState, Worker
from orderkit.engine.opening import job_handlers
from orderkit.model.values.durations import TimeSpan, TimeUnit
from orderkit.model.workflow.automations import DateReached, Schedule
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project

ROOT = """
project: shop
label: {zh: 商店, en: Shop}
version: 1.0.0
locale: zh-CN
locales: [zh-CN, en]
timezone: Asia/Shanghai
currency: CNY
calendar: factory
"""
CALENDAR = """
calendar: factory
week: {mon-fri: ["08:00-12:00", "13:00-17:00"]}
holidays: [2026-03-05]
"""
ORDER = """
form: order
title: "{name}"
fields:
  name:    {type: text}
  need_by: {type: date}
  call_at: {type: datetime}
  note:    {type: text, max_length: 5}
"""
ENTRY = """
form: entry
title: "{text}"
fields: {text: {type: text}}
"""
RULES = (
    'automation: monthly\ntrigger: {schedule: "0 9 1 * *"}\ndo: [{create: entry, set: {text: month}}]\n',
    'automation: hourly\ntrigger: {schedule: "0 * * * *", misfire: skip}\ndo: [{create: entry, set: {text: hour}}]\nafter: [{notify: user(root), text: 整点}, {task: role(admin), text: 看一看}]\n',
    (
        'automation: rows\ntrigger: {schedule: "30 9 2 * *"}\nforeach: {form: order, where: "name != null"}\n'
        'when: "item.name != \'no\'"\ndo: [{set: {note: =name}}]\nafter: [{notify: user(ann), text: "{item.name}"}]\n'
    ),
    "automation: due\ntrigger: {date: order.need_by, before: 1wd}\ndo: [{set: {note: due}}]\n",
    "automation: called\ntrigger: {date: order.call_at, after: 30min}\ndo: [{set: {note: call}}]\n",
)
STAFF = (Staff(login="ann"), Staff(login="root", roles=("admin",)))
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shared(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    made = project(ROOT, CALENDAR, ORDER, ENTRY, *RULES)
    folder = tmp_path_factory.mktemp("office")
    yield open_office(made, databases.make(made, dialect), folder, FakeClock(), STAFF)
    databases.clear(mark)


@pytest.fixture
def office(shared):
    shared.runtime.clock.set(MONDAY)
    look(shared)
    yield shared
    with shared.act(None) as unit:
        tables = shared.runtime.database.tables
        for table in (noted, job, inbox_message, tables["entry"], tables["order"]):
            unit.connection.execute(delete(table))


def look(office):
    Timetable(office.runtime)()


def work(office):
    look(office)
    return Worker(office.runtime, job_handlers()).run_once()


def entries(office):
    table = office.runtime.database.tables["entry"]
    with office.look(None) as unit:
        return unit.connection.execute(select(table.c.text).order_by(table.c.id)).scalars().all()


def runs(office, automation):
    with office.look(None) as unit:
        found = [each for each in jobs.find_jobs(unit, limit=500) if each.kind == AUTOMATION_JOB]
    return sorted(
        (each for each in found if each.payload["automation"] == automation), key=lambda each: each.id
    )


def move_to(office, *when):
    office.runtime.clock.set(datetime(*when, tzinfo=UTC))


def an_order(office, **values):
    return office.create("root", "order", values)


def test_a_schedule_runs_at_its_moment_in_the_projects_zone(office):
    move_to(office, 2026, 4, 1, 0, 59)
    work(office)
    assert "month" not in entries(office)
    move_to(office, 2026, 4, 1, 1, 0)
    work(office)
    work(office)
    assert entries(office).count("month") == 1


def test_what_is_about_no_record_tells_people_all_the_same(office):
    move_to(office, 2026, 3, 2, 2, 0)
    work(office)
    with office.look("root") as unit:
        told = {(note.subject, note.text, note.record_id) for note in messages.inbox(unit)}
    assert told == {("商店", "整点", None), ("需要处理", "看一看", None)}


def test_what_was_due_before_the_automation_was_there_is_nobodys_business(office):
    move_to(office, 2026, 3, 2, 2, 0)
    work(office)
    assert entries(office) == ["hour"]
    assert runs(office, "monthly") == []


def test_rule_20_after_a_stop_one_run_makes_up_for_all_that_were_missed(office):
    move_to(office, 2026, 7, 15, 3, 30)
    work(office)
    assert entries(office).count("month") == 1
    (run,) = runs(office, "monthly")
    assert run.run_at == datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
    move_to(office, 2026, 8, 1, 1, 0)
    work(office)
    assert entries(office).count("month") == 2


def test_rule_20_what_is_to_be_skipped_is_not_made_up_for(office):
    move_to(office, 2026, 3, 2, 9, 30)
    work(office)
    assert entries(office) == []
    move_to(office, 2026, 3, 2, 10, 0)
    work(office)
    assert entries(office) == ["hour"]


def test_rule_20_what_is_overdue_runs_in_the_order_in_which_it_was_due(office):
    for name, day in (("b", 12), ("a", 9)):
        an_order(office, name=name, need_by=date(2026, 3, day))
    move_to(office, 2026, 4, 2, 1, 30)
    look(office)
    with office.look(None) as unit:
        waiting = sorted(jobs.find_jobs(unit, state=JobState.READY), key=lambda each: (each.run_at, each.id))
    assert [each.payload["automation"] for each in waiting] == ["due", "due", "monthly", "rows"]


def test_rule_20_a_clock_that_goes_backwards_runs_nothing_twice(office):
    move_to(office, 2026, 4, 1, 1, 0)
    work(office)
    move_to(office, 2026, 3, 31, 0, 0)
    work(office)
    move_to(office, 2026, 4, 1, 1, 1)
    work(office)
    assert entries(office).count("month") == 1


def test_rule_20_many_workers_that_look_at_once_run_it_once(office):
    move_to(office, 2026, 4, 1, 1, 0)
    threads = [threading.Thread(target=look, args=(office,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs(office, "monthly")) == 1


def test_a_schedule_that_was_written_anew_counts_from_then(office):
    with office.act(None) as unit:
        old = datetime(2026, 3, 1, tzinfo=UTC)
        unit.connection.execute(
            noted.update().where(noted.c.id == "monthly").values(rule="* * * * *", due_at=old)
        )
    work(office)
    assert runs(office, "monthly") == []
    with office.look("root") as unit:
        (seen,) = [each for each in automations_seen(unit) if each.automation.id == "monthly"]
    assert seen.next_at == datetime(2026, 4, 1, 1, 0, tzinfo=UTC)


def test_each_row_is_done_for_itself_and_one_that_fails_stops_no_other(office):
    made = [an_order(office, name=name) for name in ("a", "far too long", "no", "c")]
    move_to(office, 2026, 4, 2, 1, 30)
    work(office)
    assert [office.value("order", each, "note") for each in made] == ["a", None, None, "c"]
    (dead,) = [run for run in runs(office, "rows") if run.state is JobState.DEAD]
    assert dead.payload["item"] == made[1]
    with office.look("root") as unit:
        assert any("rows" in note.text.lower() for note in messages.inbox(unit))
    with office.look("ann") as unit:
        assert sorted(note.text for note in messages.inbox(unit)) == ["a", "c"]


def test_a_date_sets_off_so_many_working_days_before(office):
    order = an_order(office, need_by=date(2026, 3, 6))
    # Thursday is a holiday, so the last working day before Friday begins is Wednesday; a day before it is Tuesday.
    move_to(office, 2026, 3, 3, 8, 59)
    work(office)
    assert office.value("order", order, "note") is None
    move_to(office, 2026, 3, 3, 9, 0)
    work(office)
    assert office.value("order", order, "note") == "due"


def test_a_moment_sets_off_so_long_after(office):
    order = an_order(office, call_at=MONDAY + timedelta(hours=2))
    move_to(office, 2026, 3, 2, 3, 29)
    work(office)
    assert office.value("order", order, "note") is None
    move_to(office, 2026, 3, 2, 3, 31)
    work(office)
    assert office.value("order", order, "note") == "call"


def test_a_date_that_is_changed_sets_off_at_the_new_one_alone(office):
    order = an_order(office, need_by=date(2026, 3, 10))
    office.update("root", "order", order, need_by=date(2026, 3, 20))
    move_to(office, 2026, 3, 12, 0, 0)
    work(office)
    assert runs(office, "due") == []
    move_to(office, 2026, 3, 20, 0, 0)
    work(office)
    move_to(office, 2026, 3, 20, 0, 5)
    work(office)
    assert len(runs(office, "due")) == 1


def test_a_date_whose_moment_had_just_passed_when_it_was_written_counts_and_an_old_one_does_not(office):
    move_to(office, 2026, 3, 10, 12, 0)
    work(office)
    late = an_order(office, need_by=date(2026, 3, 12))
    an_order(office, need_by=date(2026, 3, 3))
    move_to(office, 2026, 3, 10, 12, 2)
    work(office)
    assert [run.record_id for run in runs(office, "due")] == [late]


@given(
    cron=st.sampled_from(["* * * * *", "0 9 1 * *", "*/7 2-5 * * 1-5", "30 2 * * *", "0 0 29 2 *"]),
    minutes=st.integers(0, 60 * 24 * 800),
)
def test_the_last_moment_and_the_next_one_lie_on_both_sides_of_now(shared, cron, minutes):
    schedule = Schedule(cron=cron)
    now = MONDAY + timedelta(minutes=minutes, seconds=minutes % 60)
    following, last = next_due(shared.runtime, schedule, now), last_due(shared.runtime, schedule, now)
    assert following is not None
    assert last is not None
    assert last <= now < following
    assert next_due(shared.runtime, schedule, last) == following


@given(
    days=st.lists(st.integers(0, 700), min_size=2, max_size=2),
    count=st.integers(0, 12),
    unit=st.sampled_from([TimeUnit.WORKING_DAYS, TimeUnit.WORKING_HOURS, TimeUnit.DAYS, TimeUnit.MONTHS]),
    is_before=st.booleans(),
)
def test_a_later_date_is_never_due_earlier(shared, days, count, unit, is_before):
    span = TimeSpan(count, unit)
    trigger = DateReached(
        form="order",
        date=None,
        before=span if is_before else None,
        after=None if is_before else span,
    )
    first, second = (MONDAY + timedelta(days=each) for each in sorted(days))
    assert due_at(shared.runtime, trigger, first) <= due_at(shared.runtime, trigger, second)
