"""Deadlines of approval tasks: counted in working time, kept and begun anew as the rules say, and what follows them."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_event
from orderkit.engine import workflow
from orderkit.engine.workflow import Verb
from orderkit.engine.workflow.approvals.handing_over import hand_over_tasks
from orderkit.engine.workflow.clocks.tasks import hand_on, pause_task, resume_task
from orderkit.engine.workflow.instances import find_instance
from orderkit.engine.workflow.locating import locked_row
from orderkit.model.errors import Conflict
from tests.engine.workflow.clocks.asking import LEAD
from tests.engine.workflow.reviewing import does, outcomes, status, submitted, waiting

EIGHT = "{due: 8wh}"
ALL = "{id: all, approvers: role(lead), mode: all}"
TWO = ("{id: one, approvers: user(boss)}", "{id: two, approvers: user(chief)}")


def events(office, request):
    """Return verb, actor, on whose behalf and reason of what happened to a request."""
    with office.look(None) as unit:
        found = workflow.timeline(unit, "request", request)
    return [
        (each.verb, each.actor.name, each.on_behalf_of and each.on_behalf_of.name, each.data.get("reason"))
        for each in found
    ]


def test_a_task_is_due_so_many_working_hours_after_it_was_made(office_in, due):
    office = office_in(sla=EIGHT)
    office.runtime.clock.advance(hours=8)
    submitted(office)
    assert due(office, "chief") == "03-03 17:00"


def test_a_step_has_its_own_deadline_before_that_of_the_approval(office_in, due):
    office = office_in(sla=EIGHT, steps=("{id: quick, approvers: user(chief), sla: {due: 1wh}}",))
    submitted(office)
    assert due(office, "chief") == "03-02 10:00"


def test_a_task_may_be_due_by_a_date_of_the_record_and_follows_it(office_in, due):
    office = office_in(sla="{due: need_by, remind: [{before_due: 1d}]}")
    request = submitted(office, need_by=office.today.replace(day=10))
    # A date means the whole day.
    assert due(office, "chief") == "03-11 00:00"
    office.update(None, "request", request, by_rule=True, need_by=office.today.replace(day=20))
    assert due(office, "chief") == "03-21 00:00"
    office.update(None, "request", request, by_rule=True, need_by=None)
    assert due(office, "chief") is None


def test_whoever_has_to_act_is_reminded_once_in_working_time(office_in, at, told):
    office = office_in(sla="{due: 8wh, remind: [{before_due: 2wh}]}")
    submitted(office, title="Desk")
    at(office, "03-02 15:59")
    assert told(office, "chief") == []
    at(office, "03-02 16:00")
    at(office, "03-02 16:30")
    assert told(office, "chief") == ["即将到期：Desk"]


def test_a_reminder_names_others_and_a_message_of_the_project(office_in, at, told):
    office = office_in(
        sla="{due: 8wh, remind: [{before_due: 2wh, to: submitter, message: late, via: [inbox]}]}"
    )
    submitted(office, title="Desk")
    at(office, "03-02 16:00")
    assert told(office, "ann") == ["催办 Desk"]
    assert told(office, "chief") == []


def test_a_reminder_that_would_come_before_its_task_is_none(office_in, timers):
    office = office_in(sla="{due: 1wh, remind: [{before_due: 2wh}]}")
    submitted(office)
    assert timers(office) == []


def test_nobody_is_reminded_of_what_is_done(office_in, at, told, timers):
    office = office_in(
        sla="{due: 8wh, remind: [{before_due: 2wh}], overdue: [{after_due: 0wh, notify: role(admin)}]}"
    )
    submitted(office)
    office.decide("chief")
    assert timers(office) == ["remind cancelled 03-02 16:00", "overdue cancelled 03-02 18:00"]
    at(office, "03-05 09:00")
    assert told(office, "chief") == told(office, "root") == []


def test_rule_20_who_decides_before_the_timer_fires_has_decided(office_in, told):
    office = office_in(sla="{due: 1wh, overdue: [{after_due: 0wh, auto: reject}]}")
    request = submitted(office)
    office.runtime.clock.advance(hours=1)
    assert workflow.ring(office.runtime) == 1
    office.decide("chief")
    office.work()
    assert status(office, request) == "done"
    assert outcomes(office, request) == {"chief": ("approved", None)}


def test_rule_18_who_comes_after_the_system_learns_that_it_has_decided(office_in, at):
    office = office_in(sla="{due: 1wh, overdue: [{after_due: 0wh, auto: reject}]}")
    submitted(office)
    task = _open_task(office, "chief")
    at(office, "03-02 10:00")
    with office.act("chief") as unit, pytest.raises(Conflict) as late:
        workflow.decide_task(unit, task.id, Verb.APPROVE, seen=task.seen)
    assert late.value.explain["en"] == "already rejected by the system at 2026-03-02 10:00"


def test_others_are_told_so_long_after_the_deadline(office_in, at, told):
    office = office_in(sla="{due: 8wh, overdue: [{after_due: 8wh, notify: role(admin)}]}")
    request = submitted(office, title="Desk")
    at(office, "03-03 17:59")
    assert told(office, "root") == []
    at(office, "03-03 18:00")
    assert told(office, "root") == ["已超期：Desk"]
    assert ("overdue", "system", "chief", None) in events(office, request)
    assert outcomes(office, request) == {"chief": ("open", None)}


def test_an_overdue_task_goes_to_the_manager_of_the_approver_and_the_timeline_says_so(
    office_in, at, told, due
):
    office = office_in(
        steps=("{id: lead, approvers: user(boss)}",),
        sla="{due: 8wh, overdue: [{after_due: 0wh, escalate: manager_of(approver)}]}",
    )
    request = submitted(office, login="bob", title="Desk")
    at(office, "03-02 18:00")
    assert outcomes(office, request) == {"chief": ("open", None)}
    assert ("escalate", "system", "boss", None) in events(office, request)
    assert told(office, "chief") == ["已升级给您：Desk"]
    assert due(office, "chief") == "03-02 18:00"
    assert office.decide("chief").state == "done"


def test_where_anyone_decides_an_overdue_task_goes_to_all_who_are_named(office_in, at):
    office = office_in(
        steps=("{id: x, approvers: user(cid)}",),
        sla="{due: 1wh, overdue: [{after_due: 0wh, escalate: role(lead)}]}",
    )
    request = submitted(office)
    at(office, "03-02 10:00")
    assert outcomes(office, request) == {"boss": ("open", None), "chief": ("open", None)}
    assert office.decide("boss").state == "done"


def test_an_overdue_task_never_goes_to_its_submitter_unless_the_rules_allow_it(office_in, at):
    rules = "{self_approval: forbid, duplicate_approver: none}"
    sla = "{due: 1wh, overdue: [{after_due: 0wh, escalate: submitter}]}"
    office = office_in(policy=rules, sla=sla)
    request = submitted(office)
    at(office, "03-02 10:00")
    # The manager of the one who may not.
    assert outcomes(office, request) == {"boss": ("open", None)}
    office = office_in(sla=sla)
    request = submitted(office)
    at(office, "03-03 10:00")
    assert outcomes(office, request) == {"ann": ("open", None)}


@pytest.mark.parametrize(
    ("verb", "state", "outcome"),
    [("approve", "done", "skipped"), ("reject", "refused", "rejected"), ("return", "draft", "returned")],
)
def test_rule_09_the_system_decides_on_behalf_of_whoever_did_not_act(office_in, at, verb, state, outcome):
    office = office_in(sla=f"{{due: 8wh, overdue: [{{after_due: 1wd, auto: {verb}}}]}}")
    request = submitted(office)
    at(office, "03-03 17:59")
    assert status(office, request) == "review"
    at(office, "03-03 18:00")
    assert status(office, request) == state
    assert outcomes(office, request) == {"chief": (outcome, "auto:timeout")}
    assert (verb, "system", "chief", "auto:timeout") in events(office, request)
    with office.look("root") as unit:
        (task,) = workflow.record_tasks(unit, "request", request)
    assert task.decided_by.id is None


@pytest.mark.parametrize(("misfire", "state"), [("fire_once", "refused"), ("skip", "review")])
def test_rule_20_a_deadline_that_was_missed_while_nothing_ran_may_be_left_to_people(
    office_in, at, misfire, state
):
    office = office_in(sla=f"{{due: 8wh, overdue: [{{after_due: 0wh, auto: reject}}], misfire: {misfire}}}")
    request = submitted(office)
    at(office, "03-05 09:00")
    assert status(office, request) == state


def test_a_decision_by_the_clock_is_nobodys_approval(office_in, at):
    """Who let the time run out has seen nothing, so that the rule for people who decide twice does not pass them."""
    office = office_in(
        policy="{self_approval: allow, duplicate_approver: consecutive}",
        steps=(
            "{id: one, approvers: user(chief), sla: {due: 1wh, overdue: [{after_due: 0wh, auto: approve}]}}",
            "{id: two, approvers: user(chief)}",
        ),
    )
    request = submitted(office)
    at(office, "03-02 10:00")
    assert status(office, request) == "review"
    assert office.tasks("chief") == {"chief": 1}


def test_each_person_of_a_step_has_a_deadline_and_one_that_passes_decides_for_that_one_only(office_in, at):
    office = office_in(steps=(ALL,), sla="{due: 1wh, overdue: [{after_due: 0wh, auto: approve}]}")
    request = submitted(office)
    office.decide("boss")
    at(office, "03-02 10:00")
    assert outcomes(office, request) == {"boss": ("approved", None), "chief": ("skipped", "auto:timeout")}
    assert status(office, request) == "done"


def test_a_sequence_begins_each_deadline_when_it_is_somebodys_turn(office_in, due, clocks):
    office = office_in(steps=("{id: s, approvers: role(lead), mode: sequence}",), sla=EIGHT)
    submitted(office)
    assert len(clocks(office)) == 1
    office.runtime.clock.advance(hours=1)
    office.decide("chief")
    assert due(office, "boss") == "03-03 10:00"


def test_a_clock_says_whether_its_task_was_done_or_taken_away(office_in, clocks):
    office = office_in(steps=(LEAD, "{id: two, approvers: user(cid)}"), sla=EIGHT)
    request = submitted(office)
    office.decide("boss")
    assert clocks(office) == [
        "lead cancelled 03-02 18:00",
        "lead ended 03-02 18:00",
        "two running 03-02 18:00",
    ]
    office.do("ann", "request", request, "back")
    assert clocks(office)[-1] == "two cancelled 03-02 18:00"


def test_rule_22_the_next_step_begins_its_own_deadline(office_in, due):
    office = office_in(steps=TWO, sla=EIGHT)
    submitted(office)
    office.runtime.clock.advance(hours=2)
    office.decide("boss")
    assert due(office, "chief") == "03-03 11:00"


def test_rule_22_who_takes_a_task_over_takes_its_deadline_over(office_in, due):
    office = office_in(sla=EIGHT)
    submitted(office)
    office.runtime.clock.advance(hours=2)
    with office.act("root") as unit:
        hand_over_tasks(unit, office.ids["chief"], office.ids["dan"])
    assert due(office, "dan") == "03-02 18:00"


def test_rule_22_a_return_and_a_new_entry_begin_the_deadline_anew(office_in, due, clocks):
    office = office_in(sla=EIGHT)
    request = submitted(office)
    office.runtime.clock.advance(hours=1)
    office.decide("chief", Verb.RETURN, "more")
    office.runtime.clock.advance(hours=1)
    office.do("ann", "request", request, "submit")
    assert due(office, "chief") == "03-03 11:00"
    assert clocks(office) == ["lead ended 03-02 18:00", "lead running 03-03 11:00"]


def _open_task(office, login):
    with office.look(login) as unit:
        return workflow.tasks(unit)[0]


def _on_task(office, task, act):
    with office.act(None) as unit:
        row = locked_row(unit, "request", task.record_id)
        instance = find_instance(unit, unit.project.workflow_by_id["life"], row.id, lock=True)
        act(unit, instance, row, task.id)


def test_rule_22_a_host_that_waits_for_another_signer_stands_still_and_goes_on_with_what_was_left(
    office_in, at, due, timers
):
    office = office_in(sla="{due: 8wh, remind: [{before_due: 2wh}]}")
    submitted(office)
    task = _open_task(office, "chief")
    at(office, "03-02 11:00")
    _on_task(office, task, pause_task)
    assert due(office, "chief") is None
    at(office, "03-04 11:00")
    assert timers(office) == ["remind resting 03-02 16:00"]
    _on_task(office, task, resume_task)
    assert due(office, "chief") == "03-04 18:00"
    assert timers(office) == ["remind ready 03-04 16:00"]


def test_the_task_that_takes_the_place_of_another_takes_its_clock(office_in, due):
    office = office_in(sla=EIGHT)
    submitted(office)
    office_in(sla="")
    first = _open_task(office, "chief")
    other = office_in()
    second = submitted(other)
    with office.act(None) as unit:
        hand_on(unit, first.id, _open_task(other, "chief").id)
    with office.look("chief") as unit:
        found = {each.record_id: each.due_at for each in workflow.tasks(unit)}
    assert found[first.record_id] is None
    assert found[second] is not None


def test_content_that_changes_begins_the_deadline_anew_with_the_approval(office_in, due):
    office = office_in(sla="{due: 8wh}\n    reapprove: true")
    request = submitted(office)
    office.runtime.clock.advance(hours=1)
    office.update(None, "request", request, by_rule=True, amount=Decimal(7))
    assert due(office, "chief") == "03-03 10:00"


def test_an_approval_without_deadlines_keeps_no_clocks(office_in, clocks, due):
    office = office_in(steps=(LEAD,))
    submitted(office)
    assert clocks(office) == []
    assert due(office, "boss") is None


def test_rule_25_a_new_visit_reminds_again(office_in, at, told):
    office = office_in(sla="{due: 8wh, remind: [{before_due: 2wh}]}")
    request = submitted(office, title="Desk")
    at(office, "03-02 16:00")
    office.decide("chief", Verb.RETURN, "more")
    office.do("ann", "request", request, "submit")
    at(office, "03-04 09:00")
    assert told(office, "chief") == ["即将到期：Desk"] * 2


def test_what_a_deadline_did_stands_in_the_timeline_in_both_languages(office_in, at):
    office = office_in(
        sla="{due: 8wh, remind: [{before_due: 2wh}], overdue: [{after_due: 0wh, auto: approve}]}"
    )
    request = submitted(office)
    at(office, "03-02 18:00")
    with office.look(None) as unit:
        labels = {each.verb: each.label for each in workflow.timeline(unit, "request", request)}
        verbs = set(unit.connection.execute(select(workflow_event.c.verb)).scalars())
    assert {"remind", "approve"} <= verbs
    assert labels["remind"]["zh"].startswith("到期提醒")
    assert "nobody acted in time" in labels["approve"]["en"]


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_rule_22_help_that_does_not_come_in_time_goes_back_to_its_owner(office_in, verb):
    office = office_in(
        sla=f"{{due: 20h, overdue: [{{after_due: 0h, auto: {verb}}}]}}\n    may: {{delegate: true}}"
    )
    request = submitted(office)
    does(office, "chief", workflow.delegate, office.ids["cid"])
    office.runtime.clock.advance(hours=21)
    office.work()
    assert (status(office, request), waiting(office, request)) == ("review", "chief")
    assert outcomes(office, request)["cid"] == ("cancelled", "auto:timeout")
    office.runtime.clock.advance(hours=21)
    office.work()
    assert status(office, request) == {"approve": "done", "reject": "refused"}[verb], "their own time ran on"


def test_rule_22_help_that_does_not_come_in_time_is_not_given_to_others(office_in):
    office = office_in(
        sla="{due: 20h, overdue: [{after_due: 0h, escalate: role(admin)}]}\n    may: {delegate: true}"
    )
    request = submitted(office)
    does(office, "chief", workflow.delegate, office.ids["cid"])
    office.runtime.clock.advance(hours=21)
    office.work()
    assert (status(office, request), waiting(office, request)) == ("review", "chief")
    assert outcomes(office, request)["cid"] == ("cancelled", "auto:timeout")
