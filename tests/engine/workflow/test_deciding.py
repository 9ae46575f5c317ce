"""Deciding and pressing: once, by who may, and what the second click learns."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from orderkit.engine import following, messages, workflow
from orderkit.engine.jobs import Worker
from orderkit.engine.opening import job_handlers
from orderkit.engine.workflow import TaskState, Verb
from orderkit.model.errors import Conflict, Denied, NotFound, Stale
from tests.engine.workflow.reviewing import (
    ANY,
    LEAD,
    outcomes,
    status,
    submitted,
)


def test_only_the_assignee_decides(office_with):
    office = office_with("{id: s, approvers: user(boss)}")
    submitted(office)
    with office.look("boss") as unit:
        task = workflow.tasks(unit)[0]
    with office.act("chief") as unit, pytest.raises(Denied):
        workflow.decide_task(unit, task.id, Verb.APPROVE)
    with office.act("boss") as unit, pytest.raises(NotFound):
        workflow.decide_task(unit, 10**9, Verb.APPROVE)


def test_the_same_click_twice_is_one_decision(office_with):
    office = office_with(LEAD)
    request = submitted(office)
    with office.look("boss") as unit:
        task = workflow.tasks(unit)[0]
    results = []
    for _ in range(2):
        with office.act("boss") as unit:
            results.append(workflow.decide_task(unit, task.id, Verb.APPROVE, seen=task.seen))
    assert [each.is_repeated for each in results] == [False, True]
    assert [each.state for each in results] == ["done", "done"]
    with office.look("chief") as unit:
        (lost,) = [t for t in workflow.record_tasks(unit, "request", request) if t.assignee.name == "chief"]
    with office.act("chief") as unit, pytest.raises(Conflict) as conflict:
        workflow.decide_task(unit, lost.id, Verb.APPROVE)
    at = office.runtime.clock.now().astimezone(office.runtime.timezone)
    assert conflict.value.explain["zh"] == f"已由boss于 {at:%Y-%m-%d %H:%M} 处理"
    with office.act("boss") as unit, pytest.raises(Conflict):
        workflow.decide_task(unit, task.id, Verb.REJECT, "changed my mind")


def test_the_same_press_twice_is_one_press(office_with):
    office = office_with(LEAD)
    request = office.create("ann", "request", {"title": "x"})
    for is_repeated in (False, True):
        with office.act("ann") as unit:
            done = workflow.do(unit, "request", request, "submit", expected_revision=1)
        assert (done.state, done.is_repeated) == ("review", is_repeated)
    assert office.tasks("boss") == {"boss": 1}
    with office.act("ann") as unit, pytest.raises(Conflict) as conflict:
        workflow.do(unit, "request", request, "submit", expected_revision=2)
    assert conflict.value.explain["zh"] == "单据已由ann流转到“Review”，请重看"


def test_a_press_on_an_old_page_is_refused(office_with):
    office = office_with(LEAD)
    request = office.create("ann", "request", {"title": "x"})
    office.update("ann", "request", request, title="y")
    with office.act("ann") as unit, pytest.raises(Stale):
        workflow.do(unit, "request", request, "submit", expected_revision=1)


def test_two_approvers_at_once_decide_once(office_with):
    office = office_with(ANY % "true")
    for _ in range(5):
        request = submitted(office)
        with office.look("root") as unit:
            ids = {each.assignee.name: each.id for each in workflow.record_tasks(unit, "request", request)}
        results, together = [], threading.Barrier(len(ids))

        def click(login, task_id, results=results, together=together):
            together.wait()
            try:
                with office.act(login) as unit:
                    workflow.decide_task(unit, task_id, Verb.APPROVE)
                results.append("decided")
            except Conflict:
                results.append("told")

        threads = [threading.Thread(target=click, args=item) for item in ids.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == ["decided", "told"]
        assert status(office, request) == "done"
        assert sorted(state for state, _ in outcomes(office, request).values()) == ["approved", "cancelled"]


def test_everybody_of_a_step_at_once(office_with):
    office = office_with("{id: s, approvers: role(board), mode: all}")
    request = submitted(office, "root")
    with office.look("root") as unit:
        ids = {each.assignee.name: each.id for each in workflow.record_tasks(unit, "request", request)}
    failures, together = [], threading.Barrier(len(ids))

    def click(login, task_id):
        together.wait()
        try:
            with office.act(login) as unit:
                workflow.decide_task(unit, task_id, Verb.APPROVE)
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [threading.Thread(target=click, args=item) for item in ids.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert status(office, request) == "done"
    assert [entry[0] for entry in office.timeline("request", request)].count("approved") == 1


def test_a_press_and_a_decision_at_once_never_wait_for_each_other(office_with):
    office = office_with("{id: s, approvers: user(boss)}")
    for _ in range(4):
        request = submitted(office)
        with office.look("boss") as unit:
            task = workflow.tasks(unit)[0]
        results, together = [], threading.Barrier(2)

        def decide(results=results, together=together, task=task):
            together.wait()
            try:
                with office.act("boss") as unit:
                    workflow.decide_task(unit, task.id, Verb.APPROVE)
                results.append("decided")
            except Conflict:
                results.append("told")

        def pull(results=results, together=together, request=request):
            together.wait()
            try:
                office.do("chief", "request", request, "pull")
                results.append("pulled")
            except Conflict:
                results.append("told")

        threads = [threading.Thread(target=each) for each in (decide, pull)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) in (["decided", "told"], ["pulled", "told"])
        assert status(office, request) == ("done" if "decided" in results else "draft")


def test_the_inbox_says_what_is_wanted_of_whom_since_when(office_with):
    office = office_with("{id: s, label: {zh: 主管, en: Lead}, approvers: user(boss)}")
    since = office.runtime.clock.advance(minutes=5)
    request = submitted(office, title="纸")
    office.runtime.clock.advance(hours=1)
    with office.look("boss") as unit:
        (item,) = workflow.tasks(unit)
        alone = workflow.task(unit, item.id)
        assert replace(alone, choices=None) == item
        assert [each.id for each in alone.choices.returns_to] == ["submitter"]
    assert (item.title, item.record_id, item.step_label["zh"]) == ("纸", request, "主管")
    assert (item.requested_by.name, item.since, item.state) == ("ann", since, TaskState.OPEN)
    assert item.verbs == (Verb.APPROVE, Verb.REJECT, Verb.RETURN)
    assert item.comment_on == (Verb.REJECT, Verb.RETURN)
    assert office.runtime.clock.now() - item.since == timedelta(hours=1)
    with office.look("ann") as unit:
        assert workflow.task(unit, item.id).verbs == ()


def test_followers_are_told_of_a_decision_that_moves_nothing_yet(office_with):
    office = office_with("{id: one, approvers: user(boss)}", "{id: two, approvers: user(chief)}")
    request = submitted(office)
    with office.act("bob") as unit:
        following.follow(unit, "request", request)
    office.decide("boss")
    assert status(office, request) == "review"
    Worker(office.runtime, job_handlers()).run_once()
    with office.look("bob") as unit:
        (note,) = [each for each in messages.inbox(unit) if each.record_id == request]
    assert note.text.startswith("boss · ")
