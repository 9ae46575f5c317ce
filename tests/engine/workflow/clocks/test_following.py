"""Deadlines of running records when the calendar or the definition that they go by has changed."""

import pytest
from sqlalchemy import select, update

from orderkit.database.schema.system_tables import job, setting
from orderkit.engine.jobs import Worker
from orderkit.engine.opening import job_handlers, routines
from orderkit.engine.workflow import Bell
from orderkit.engine.workflow.clocks.following import WORKING_TIME, follow_calendar
from orderkit.engine.workflow.in_flight import bring_forward
from orderkit.model.errors import Refused
from orderkit.model.working_time import NO_WORK_AHEAD
from tests.engine.workflow.clocks.test_timers import STUCK, begun
from tests.engine.workflow.reviewing import outcomes, submitted

USUAL = 'calendar: own\nweek: {mon-fri: ["09:00-12:00", "13:00-18:00"]}\n'
TUESDAY_OFF = f"{USUAL}holidays: [2026-03-03]\n"
SUNDAY_TOO = f"{USUAL}workdays: [2026-03-08]\n"
NEVER = 'calendar: own\nweek: {mon: "09:00-12:00"}\nholidays: [2026-03-02..2099-12-31]\n'


def test_rule_21_a_changed_calendar_moves_open_deadlines_and_what_follows_them(office_in, due, timers):
    parts = {"sla": "{due: 2wd, remind: [{before_due: 4wh}]}", "timers": STUCK}
    office = office_in(**parts, calendar=USUAL)
    follow_calendar(office.runtime)
    submitted(office)
    begun(office)
    assert due(office, "chief") == "03-04 09:00"
    changed = office_in(**parts, calendar=TUESDAY_OFF)
    Bell(changed.runtime)()
    assert due(changed, "chief") == "03-05 09:00"
    assert timers(changed) == ["remind ready 03-04 14:00", "stuck ready 03-05 09:00"]
    assert follow_calendar(changed.runtime) == 0


def test_a_changed_calendar_does_not_fire_again_what_has_fired(office_in, at, told):
    parts = {"sla": "{due: 1wd, remind: [{before_due: 1wh}]}", "timers": STUCK}
    office = office_in(**parts, calendar=USUAL)
    follow_calendar(office.runtime)
    submitted(office, title="Desk")
    begun(office)
    at(office, "03-05 09:00")
    assert (len(told(office, "chief")), len(told(office, "ann"))) == (1, 1)
    changed = office_in(**parts, calendar=SUNDAY_TOO)
    changed.runtime.clock.advance(days=3)
    assert follow_calendar(changed.runtime) == 1
    changed.work()
    assert (len(told(office, "chief")), len(told(office, "ann"))) == (1, 1)


def test_a_worker_looks_at_the_calendar_when_it_begins_and_fires_what_is_due(office_in, told, at):
    office = office_in(sla="{due: 8wh, remind: [{before_due: 2wh}]}", calendar=USUAL)
    submitted(office, title="Desk")
    office.runtime.clock.advance(hours=7)
    worker = Worker(office.runtime, job_handlers(), routines=routines(office.runtime))
    worker.do_routines()
    worker.run_once()
    assert told(office, "chief") == ["即将到期：Desk"]
    with office.look(None) as unit:
        kept = select(setting.c.value).where(setting.c.name == WORKING_TIME)
        assert len(unit.connection.execute(kept).scalar_one()) == 64


def test_a_deadline_that_the_calendar_never_reaches_refuses_the_click_with_a_code(office_in):
    office = office_in(sla="{due: 8wh}", calendar=NEVER)
    request = office.create("ann", "request", {"title": "x"})
    with pytest.raises(Refused) as refused:
        office.do("ann", "request", request, "submit")
    assert [each.code for each in refused.value.problems] == [NO_WORK_AHEAD]
    assert outcomes(office, request) == {}


def moved_on(office_in, before, after):
    """Let records that began under one definition follow another."""
    office = office_in(in_flight="migrate", **before)
    submitted(office)
    begun(office)
    office.runtime.clock.advance(hours=2)
    newer = office_in(in_flight="migrate", **after)
    bring_forward(newer.runtime)
    return newer


def test_records_that_migrate_keep_when_their_clocks_began(office_in, clocks, timers, due):
    office = moved_on(
        office_in,
        {"sla": "{due: 8wh, overdue: [{after_due: 1wh, auto: approve}]}", "timers": STUCK},
        {"sla": "{due: 4wh, remind: [{before_due: 1wh}]}", "timers": STUCK.replace("2wd", "3wd")},
    )
    assert due(office, "chief") == "03-02 14:00"
    assert timers(office) == [
        "remind ready 03-02 13:00",
        "overdue cancelled 03-03 10:00",
        "stuck ready 03-05 09:00",
    ]


def test_a_deadline_that_is_new_begins_when_the_record_begins_to_follow_it(office_in, timers, due, clocks):
    over = "{whole: {start: open, stop: done, due: 8wh}}"
    office = moved_on(office_in, {}, {"sla": "{due: 8wh}", "timers": STUCK, "over": over})
    assert due(office, "chief") == "03-03 11:00"
    assert timers(office) == ["stuck ready 03-04 11:00"]
    assert "whole running 03-03 11:00" in clocks(office)


def test_a_deadline_that_is_gone_ends(office_in, timers, due, clocks):
    over = "{whole: {start: open, stop: done, due: 8wh, remind: [{before_due: 1wh}]}}"
    office = moved_on(office_in, {"sla": "{due: 8wh}", "timers": STUCK, "over": over}, {})
    assert timers(office) == ["remind cancelled 03-02 17:00", "stuck cancelled 03-04 09:00"]
    assert {each.split()[1] for each in clocks(office)} == {"cancelled"}


def test_a_record_that_keeps_its_definition_keeps_its_deadlines(office_in, at, told):
    office = office_in(sla="{due: 8wh, remind: [{before_due: 2wh}]}")
    submitted(office, title="Desk")
    newer = office_in(sla="{due: 4wh}")
    at(newer, "03-02 16:00")
    assert told(newer, "chief") == ["即将到期：Desk"]


def test_a_job_of_timers_that_dies_is_told_and_can_be_done_again(office_in, at, told, timers):
    office = office_in(timers=STUCK)
    begun(office)
    office.runtime.clock.advance(days=7)
    Bell(office.runtime)()
    with office.act(None) as unit:
        unit.connection.execute(update(job).values(attempts=99))
    office.work()
    assert told(office, "root") == ["需要处理：Desk"]
    with office.act(None) as unit:
        unit.connection.execute(update(job).values(attempts=0, state="ready"))
    office.work()
    assert told(office, "ann") == ["催办 Desk"]
    assert timers(office) == ["stuck fired 03-04 09:00"]


def test_who_was_asked_by_escalation_is_not_asked_again_when_the_calendar_changes(office_in, at, timers):
    parts = {
        "steps": ("{id: x, approvers: user(cid)}",),
        "sla": "{due: 1wd, overdue: [{after_due: 0wh, escalate: role(lead)}, {after_due: 1wd, notify: role(admin)}]}",
    }
    office = office_in(**parts, calendar=USUAL)
    follow_calendar(office.runtime)
    request = submitted(office)
    at(office, "03-03 09:00")
    assert set(outcomes(office, request)) == {"boss", "chief"}
    changed = office_in(**parts, calendar=f"{USUAL}holidays: [2026-03-04]\n")
    assert follow_calendar(changed.runtime) == 1
    assert timers(changed) == ["overdue fired 03-03 09:00", "overdue ready 03-05 09:00"]
