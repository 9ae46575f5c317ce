"""Timers of states and clocks over several of them: set on entry, ended by leaving, each fired once and in order."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from orderkit.database.schema.system_tables import job, job_attempt, workflow_instance, workflow_timer
from orderkit.engine import workflow
from orderkit.engine.integrations import handlers
from orderkit.engine.jobs import Worker
from orderkit.engine.records import Delete, apply
from orderkit.engine.workflow.clocks.firing import TIMER_JOB
from orderkit.model.labels import text_of
from tests.engine.workflow.clocks.conftest import SHANGHAI
from tests.engine.workflow.reviewing import status

STUCK = "{stuck: {in: open, after: 2wd, do: [{send: late, to: owner, via: [inbox]}]}}"
EVERY = "{stuck: {in: open, after: 2wd, every: 1wd, do: [{send: late, to: owner, via: [inbox]}]}}"
EXPIRE = "{expiry: {in: open, at: need_by, do: [{run: expire}]}}"


def begun(office, login="ann", **values):
    request = office.create(login, "request", {"title": "Desk", **values})
    office.do(login, "request", request, "begin")
    return request


def on(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def test_a_timer_fires_so_long_after_the_entry_and_once(office_in, at, told, timers):
    office = office_in(timers=STUCK)
    begun(office)
    at(office, "03-04 08:59")
    assert told(office, "ann") == []
    at(office, "03-04 09:00")
    at(office, "03-09 09:00")
    assert told(office, "ann") == ["催办 Desk"]
    assert timers(office) == ["stuck fired 03-04 09:00"]


def test_a_timer_repeats_by_working_days(office_in, at, told, timers):
    office = office_in(timers=EVERY)
    begun(office)
    for day in ("04", "05", "06", "07", "08", "09"):
        at(office, f"03-{day} 09:00")
    assert len(told(office, "ann")) == 4
    assert timers(office)[-1] == "stuck ready 03-10 09:00"


def test_leaving_the_state_ends_its_timers(office_in, at, told, timers):
    office = office_in(timers=STUCK)
    request = begun(office)
    office.do("ann", "request", request, "finish")
    assert timers(office) == ["stuck cancelled 03-04 09:00"]
    assert at(office, "03-09 09:00") == 0
    assert told(office, "ann") == []


def test_what_an_older_program_moved_on_has_no_timers_any_more(office_in, at, told, timers):
    office = office_in(timers=STUCK)
    request = begun(office)
    with office.act(None) as unit:
        unit.connection.execute(update(workflow_instance).values(visit=9, state="done"))
    at(office, "03-09 09:00")
    assert told(office, "ann") == []
    assert timers(office) == ["stuck cancelled 03-04 09:00"]
    assert status(office, request) == "open"


def test_rule_25_a_record_that_comes_back_has_its_timers_again(office_in, at, told, timers):
    office = office_in(timers=STUCK)
    request = begun(office)
    at(office, "03-04 09:00")
    office.do("ann", "request", request, "back")
    office.do("ann", "request", request, "begin")
    at(office, "03-06 09:00")
    assert told(office, "ann") == ["催办 Desk"] * 2


def test_the_initial_state_has_timers_too(office_in, at, told):
    office = office_in(timers="{idle: {in: draft, after: 1d, do: [{send: late, to: owner, via: [inbox]}]}}")
    office.create("ann", "request", {"title": "Desk"})
    at(office, "03-03 09:00")
    assert told(office, "ann") == ["催办 Desk"]


def test_a_date_has_passed_when_its_day_is_over_and_the_timer_follows_the_field(office_in, at, timers):
    office = office_in(timers=EXPIRE)
    request = begun(office, need_by=office.today + timedelta(days=1))
    assert timers(office) == ["expiry ready 03-04 00:00"]
    office.update("ann", "request", request, need_by=office.today + timedelta(days=3))
    at(office, "03-04 00:00")
    assert status(office, request) == "open"
    at(office, "03-06 00:00")
    assert status(office, request) == "refused"


def test_a_date_that_is_filled_in_later_sets_the_timer_and_one_that_is_cleared_takes_it_away(
    office_in, at, timers
):
    office = office_in(timers=EXPIRE)
    request = begun(office)
    assert timers(office) == []
    office.update("ann", "request", request, need_by=office.today)
    assert timers(office) == ["expiry ready 03-03 00:00"]
    office.update("ann", "request", request, need_by=None)
    at(office, "03-05 00:00")
    assert status(office, request) == "open"


def test_a_moment_that_lies_ahead_again_comes_again(office_in, at, told):
    office = office_in(timers="{look: {in: open, at: seen_at, do: [{send: late, to: owner, via: [inbox]}]}}")
    request = begun(office, seen_at=on("03-02 10:00"))
    at(office, "03-02 10:00")
    office.update("ann", "request", request, seen_at=on("03-02 11:00"))
    at(office, "03-02 11:00")
    office.update("ann", "request", request, seen_at=on("03-02 10:30"))
    at(office, "03-02 12:00")
    assert told(office, "ann") == ["催办 Desk"] * 2


def test_a_transition_that_fills_the_date_in_sets_its_timer_once(office_in, timers):
    office = office_in(timers=EXPIRE)
    begun(office, need_by=office.today)
    assert len(timers(office)) == 1


def test_rule_20_what_was_missed_while_nothing_ran_fires_once_in_the_order_in_which_it_was_due(
    office_in, at, timers
):
    office = office_in(
        timers="{b: {in: open, after: 2d, do: [{set: {title: '=concat(title, \"b\")'}}]},"
        " a: {in: open, after: 1d, do: [{set: {title: '=concat(title, \"a\")'}}]},"
        " c: {in: open, after: 3d, every: 1d, do: [{set: {title: '=concat(title, \"c\")'}}]}}"
    )
    request = begun(office)
    at(office, "03-20 12:00")
    assert office.value("request", request, "title") == "Deskabc"
    # What repeats keeps its time of day.
    assert timers(office)[-1] == "c ready 03-21 09:00"


def test_rule_20_who_says_so_skips_what_was_missed(office_in, at, told, timers):
    office = office_in(timers=EVERY.replace("every: 1wd", "every: 1wd, misfire: skip"))
    begun(office)
    at(office, "03-06 12:00")
    assert told(office, "ann") == []
    at(office, "03-09 09:05")
    assert told(office, "ann") == ["催办 Desk"]
    assert timers(office) == [
        "stuck skipped 03-04 09:00",
        "stuck fired 03-09 09:00",
        "stuck ready 03-10 09:00",
    ]


def test_rule_20_the_condition_is_looked_at_when_the_moment_comes(office_in, at, told, timers):
    office = office_in(timers=EVERY.replace("after:", "when: 'coalesce(amount, 0) > 10', after:"))
    request = begun(office)
    at(office, "03-04 09:00")
    office.update(None, "request", request, by_rule=True, amount=100)
    at(office, "03-05 09:00")
    assert told(office, "ann") == ["催办 Desk"]
    assert timers(office)[:2] == ["stuck skipped 03-04 09:00", "stuck fired 03-05 09:00"]


def test_what_the_rules_refuse_is_told_to_administrators_and_holds_nothing_else_up(
    office_in, at, told, timers
):
    office = office_in(
        timers="{close: {in: open, after: 1d, every: 1d, do: [{set: {title: lost}}, {run: strict}]},"
        " stuck: {in: open, after: 1d, do: [{send: late, to: owner, via: [inbox]}]}}"
    )
    request = begun(office)
    at(office, "03-03 09:00")
    assert status(office, request) == "open"
    assert office.value("request", request, "title") == "Desk"
    assert told(office, "ann") == ["催办 Desk"]
    assert told(office, "root") == ["需要处理：Desk"]
    assert timers(office) == [
        "close refused 03-03 09:00",
        "stuck fired 03-03 09:00",
        "close ready 03-04 09:00",
    ]
    office.update(None, "request", request, by_rule=True, amount=2000)
    at(office, "03-04 09:00")
    assert status(office, request) == "done"


def test_a_clock_that_goes_backwards_does_no_harm(office_in, at, told, timers):
    office = office_in(timers=EVERY)
    begun(office)
    at(office, "03-04 09:00")
    at(office, "03-02 09:00")
    at(office, "03-04 09:30")
    assert told(office, "ann") == ["催办 Desk"]
    assert timers(office)[-1] == "stuck ready 03-05 09:00"


def test_rule_20_a_timer_fires_once_however_many_workers_call_and_fire_at_once(
    office_in, told, timers, databases
):
    office = office_in(timers=STUCK)
    for _ in range(12):
        begun(office)
    office.runtime.clock.set(on("03-04 09:00"))
    # Each process has connections of its own, and a row that another has locked is locked for it too.
    url = office.runtime.database.engine.url.render_as_string(hide_password=False)
    others = [databases.open(url, office.runtime.project) for _ in range(3)]
    runtimes = [replace(office.runtime, database=each) for each in others]

    def work(runtime):
        for _ in range(3):
            workflow.ring(runtime)
            Worker(runtime, handlers()).run_once()

    side_by_side([partial(work, runtime) for runtime in (office.runtime, *runtimes)])
    for each in others:
        each.close()
    assert told(office, "ann") == ["催办 Desk"] * 12
    assert timers(office) == ["stuck fired 03-04 09:00"] * 12


def test_two_jobs_for_the_same_timers_fire_them_once(office_in, told):
    office = office_in(timers=STUCK)
    begun(office)
    office.runtime.clock.set(on("03-04 09:00"))
    assert workflow.ring(office.runtime) == 1
    assert workflow.ring(office.runtime) == 0
    with office.act(None) as unit:
        # As when a job was given up for lost and did go on.
        unit.connection.execute(update(workflow_timer).values(state="ready", due_at=on("03-04 08:59")))
    assert workflow.ring(office.runtime) == 1
    assert Worker(office.runtime, handlers()).run_once() == 2
    assert told(office, "ann") == ["催办 Desk"]


def side_by_side(works):
    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(work) for work in works]:
            done.result()


def test_rule_20_records_come_in_the_order_in_which_they_were_due(office_in, timers):
    office = office_in(timers="{look: {in: open, at: seen_at, do: [{set: {count: 1}}]}}")
    days = ("05", "03", "04")
    requests = {day: begun(office, seen_at=on(f"03-{day} 10:00")) for day in days}
    office.runtime.clock.set(on("03-20 09:00"))
    office.work()
    with office.look(None) as unit:
        done = select(job.c.record_id).join(job_attempt, job_attempt.c.job_id == job.c.id)
        order = unit.connection.execute(done.order_by(job_attempt.c.id)).scalars().all()
    assert order == [requests["03"], requests["04"], requests["05"]]


def test_a_record_that_is_gone_takes_its_timers_with_it(office_in, at, timers):
    office = office_in(timers=STUCK)
    request = begun(office)
    office.runtime.clock.set(on("03-04 09:00"))
    workflow.ring(office.runtime)
    with office.act(None) as unit:
        apply(unit, [Delete(form="request", id=request)])
    assert office.work() == 1
    assert timers(office) == []
    with office.look(None) as unit:
        states = unit.connection.execute(select(job.c.state).where(job.c.kind == TIMER_JOB)).scalars()
        assert set(states) == {"done"}


OVER = "{whole: {label: Whole, start: open, stop: done, pause_in: [paused], due: %s}}"


def due_of(office, request):
    with office.look("ann") as unit:
        return workflow.due_of(unit, "request", request)


def test_a_clock_runs_over_states_rests_where_it_says_and_ends(office_in, at, clocks):
    office = office_in(over=OVER % "8wh")
    request = begun(office)
    assert clocks(office) == ["whole running 03-02 18:00"]
    at(office, "03-02 11:00")
    office.do("ann", "request", request, "rest")
    assert clocks(office) == ["whole resting -"]
    (found,) = due_of(office, request)
    assert found.is_resting
    assert found.due_at is None
    at(office, "03-04 11:00")
    office.do("ann", "request", request, "go_on")
    assert clocks(office) == ["whole running 03-04 18:00"]
    at(office, "03-05 11:00")
    (found,) = due_of(office, request)
    assert found.is_overdue
    office.do("ann", "request", request, "finish")
    assert clocks(office) == ["whole ended 03-04 18:00"]
    assert due_of(office, request) == ()


def test_a_record_that_ends_otherwise_ends_the_clock_and_one_that_comes_back_keeps_it(office_in, at, clocks):
    office = office_in(over=OVER % "8wh")
    request = begun(office)
    office.do("ann", "request", request, "back")
    at(office, "03-02 11:00")
    office.do("ann", "request", request, "begin")
    assert clocks(office) == ["whole running 03-02 18:00"]
    office.do("ann", "request", request, "drop")
    assert clocks(office) == ["whole cancelled 03-02 18:00"]


def test_a_clock_goes_by_a_date_and_tells_the_holder_before_and_others_after(office_in, at, told, clocks):
    office = office_in(
        over=OVER
        % "need_by, remind: [{before_due: 1d}], overdue: [{after_due: 0h, notify: role(admin)}, {after_due: 1d, escalate: role(lead)}]"
    )
    request = begun(office, need_by=office.today + timedelta(days=2))
    office.update("ann", "request", request, need_by=office.today + timedelta(days=4))
    assert clocks(office) == ["whole running 03-07 00:00"]
    at(office, "03-05 00:00")
    assert told(office, "dan") == []
    at(office, "03-06 00:00")
    assert told(office, "dan") == ["即将到期：Desk"]
    at(office, "03-07 00:00")
    assert told(office, "root") == ["已超期：Desk"]
    at(office, "03-08 00:00")
    assert told(office, "boss") == told(office, "chief") == ["已升级给您：Desk"]


def test_a_deadline_by_a_date_is_shown_to_nobody_who_may_not_see_the_date(office_in):
    over = "{whole: {start: open, stop: done, due: need_by}, other: {start: open, stop: done, due: 8wh}}"
    office = office_in(over=over, hide="need_by")
    request = begun(office, login="root", need_by=office.today)
    with office.look("root") as unit:
        assert [each.clock for each in workflow.due_of(unit, "request", request)] == ["whole", "other"]
    assert [each.clock for each in due_of(office, request)] == ["other"]


@pytest.mark.parametrize("login", ["ann", "root"])
def test_a_deadline_is_seen_by_who_sees_the_record(office_in, login):
    office = office_in(over=OVER % "8wh")
    request = begun(office)
    with office.look(login) as unit:
        (found,) = workflow.due_of(unit, "request", request)
    assert text_of(found.label, "en") == "Whole"
    assert found.due_at == on("03-02 18:00")
