"""What the words of an approval mean when things get hard, one by one, on both databases."""

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache

import pytest
from sqlalchemy import delete, select, update

from orderkit.database.system_tables import user_role, workflow_task
from orderkit.engine import records, workflow
from orderkit.engine.records import Create, Update
from orderkit.engine.workflow import TaskState, Verb
from orderkit.model.errors import Conflict, Denied, NotFound, Refused, Stale
from orderkit.model.people import NamedPerson
from orderkit.model.stored import model_hash
from tests.support.clock import FakeClock
from tests.support.office import Office, Staff, open_office
from tests.support.projects import project

STAFF = (
    Staff(login="chief", roles=("lead",)),
    Staff(login="boss", roles=("lead",), manager="chief"),
    Staff(login="ann", roles=("clerk", "board"), manager="boss"),
    Staff(login="bob", roles=("clerk", "board")),
    Staff(login="cid", roles=("board",)),
    Staff(login="dan", roles=("board", "odd")),
    Staff(login="eve", roles=("board",)),
    Staff(login="root", roles=("admin",)),
)
FORM = """
form: request
label: {zh: 申请, en: Request}
title: "{title}"
fields:
  title:   {type: text}
  amount:  {type: money, default: 0}
  secret:  {type: text}
  checker: {type: user}
  count:   {type: integer, default: 0}
"""
ROLES = """
role: everyone
label: {zh: 所有人, en: Everyone}
forms: {request: {create: true, read: true, update: true, hide: [secret]}}
"""
NAMES = tuple(f"role: {name}\nlabel: {name}\n" for name in ("clerk", "lead", "board", "odd", "nobody"))
WORKFLOW = """
workflow: life
for: request
state: status
initial: draft
policy: {policy}
states:
  draft:   {{}}
  review:  {{approval: check}}
  done:    {{final: completed}}
  refused: {{final: cancelled}}
transitions:
  submit: {{from: draft, to: review, by: owner}}
  pull:   {{from: review, to: draft, by: role(lead)}}
approvals:
  check:
    protects: [amount]
    approved: {{to: done}}
    rejected: {{to: refused}}
    returned: {{to: draft}}
    withdrawn: {{to: draft, until: {until}}}
    {more}
    steps:
"""
POLICY = "{self_approval: allow, duplicate_approver: none, comment_on: [reject, return]}"


@cache
def a_project(*steps, policy=POLICY, until="first_decision", more="if_empty: approve"):
    text = WORKFLOW.format(policy=policy, until=until, more=more)
    return project(FORM, ROLES, *NAMES, text + "".join(f"      - {step}\n" for step in steps))


LEAD = "{id: lead, approvers: role(lead)}"


@pytest.fixture(scope="module")
def shared(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    base = a_project(LEAD)
    yield open_office(
        base, databases.make(base, dialect), tmp_path_factory.mktemp("office"), FakeClock(), STAFF
    )
    databases.clear(mark)


@pytest.fixture
def office_with(shared):
    """The same people and database under other rules."""

    def made(*steps, **more):
        return under(shared, a_project(*steps, **more))

    yield made
    with shared.act(None) as unit:
        unit.connection.execute(delete(workflow_task))


def under(office, other):
    """Return an office with the same people and database under another model."""
    changed = object.__new__(Office)
    changed.runtime = replace(office.runtime, project=other, model_hash=model_hash(other))
    changed.ids = office.ids
    return changed


def submitted(office, login="ann", **values):
    request = office.create(login, "request", {"title": "x", "amount": Decimal(100), **values})
    office.do(login, "request", request, "submit")
    return request


def status(office, request):
    return office.value("request", request, "status")


def outcomes(office, request):
    with office.look("root") as unit:
        found = workflow.record_tasks(unit, "request", request)
    return {each.assignee.name: (each.state.value, each.reason) for each in found}


def decide_all(office, text):
    """Take decisions like `boss:approve chief:reject`; rejecting and returning need a comment."""
    for each in text.split():
        login, verb = each.split(":")
        office.decide(login, Verb(verb), None if verb == "approve" else "because")


ANY = "{id: s, approvers: role(lead), mode: any, veto: %s}"
ALL = "{id: s, approvers: role(lead), mode: all}"
VOTE = '{id: s, approvers: role(board), mode: {vote: "%s"}, veto: false}'


@pytest.mark.parametrize(
    ("step", "decisions", "expected"),
    [
        pytest.param(ANY % "true", "boss:approve", "done", id="any: the first approval decides"),
        pytest.param(ANY % "true", "boss:reject", "refused", id="any with veto: the first rejection decides"),
        pytest.param(
            ANY % "false", "boss:reject", "review", id="any without veto: a rejection leaves it to others"
        ),
        pytest.param(
            ANY % "false", "boss:reject chief:approve", "done", id="any without veto: another approves"
        ),
        pytest.param(
            ANY % "false", "boss:reject chief:reject", "refused", id="any without veto: all rejected"
        ),
        pytest.param(ALL, "boss:approve", "review", id="all: one is not enough"),
        pytest.param(ALL, "boss:approve chief:approve", "done", id="all: everybody approved"),
        pytest.param(ALL, "chief:reject", "refused", id="all: the first rejection ends it"),
        pytest.param(
            VOTE % ">= 60%", "ann:approve bob:approve cid:approve", "done", id="vote: three of five"
        ),
        pytest.param(VOTE % ">= 60%", "ann:reject bob:reject", "review", id="vote: it may still pass"),
        pytest.param(
            VOTE % ">= 60%", "ann:reject bob:reject cid:reject", "refused", id="vote: it cannot pass"
        ),
        pytest.param(VOTE % "> 80%", "ann:reject", "refused", id="vote: more than four of five"),
    ],
)
def test_modes(office_with, step, decisions, expected):
    office = office_with(step)
    request = submitted(office)
    decide_all(office, decisions)
    assert status(office, request) == expected


def test_losers_are_cancelled_never_approved_and_their_inbox_is_empty(office_with):
    office = office_with(ANY % "true")
    request = submitted(office)
    assert office.tasks("boss", "chief") == {"boss": 1, "chief": 1}
    office.decide("boss")
    assert outcomes(office, request) == {"boss": ("approved", None), "chief": ("cancelled", "approved")}
    assert office.tasks("boss", "chief") == {"boss": 0, "chief": 0}
    with office.look("chief") as unit:
        (item,) = workflow.tasks(unit, "decided")
    assert item.decided_by.name == "boss"


def test_a_sequence_asks_one_after_the_other(office_with):
    office = office_with('{id: s, approvers: "managers_of(owner, lead)", mode: sequence}')
    request = submitted(office)
    assert outcomes(office, request) == {"boss": ("open", None)}
    office = office_with("{id: s, approvers: role(lead), mode: sequence}")
    request = submitted(office)
    assert outcomes(office, request) == {"chief": ("open", None), "boss": ("waiting", None)}
    with office.look("root") as unit:
        boss_task = workflow.record_tasks(unit, "request", request)[1]
    with office.act("boss") as unit, pytest.raises(Conflict) as early:
        workflow.decide_task(unit, boss_task.id, Verb.APPROVE)
    assert early.value.explain["zh"] == "还没轮到您审批"
    decide_all(office, "chief:approve boss:approve")
    assert status(office, request) == "done"


def test_steps_follow_their_conditions_and_when_none_is_left_if_empty_decides(office_with):
    steps = ('{id: big, when: "coalesce(amount, 0) > 50", approvers: user(boss)}', '{id: huge, when: "coalesce(amount, 0) > 500", approvers: user(chief)}')  # fmt: skip
    office = office_with(*steps)
    large, small = submitted(office), submitted(office, amount=Decimal(10))
    assert outcomes(office, large) == {"boss": ("open", None)}
    assert status(office, small) == "done"
    assert ("skip", "system") in office.timeline("request", small)
    strict = office_with(*steps, more="if_empty: reject")
    assert status(strict, submitted(strict, amount=Decimal(10))) == "refused"


def test_people_are_frozen_when_the_step_begins(office_with):
    office = office_with("{id: s, approvers: role(odd), mode: all}")
    request = submitted(office)
    with office.act(None) as unit:
        unit.connection.execute(delete(user_role).where(user_role.c.role == "odd"))
    try:
        office.decide("dan")
        assert status(office, request) == "done"
    finally:
        with office.act(None) as unit:
            unit.connection.execute(user_role.insert().values(user_id=office.ids["dan"], role="odd"))


def test_nobody_found_is_never_silent(office_with):
    office = office_with("{id: s, approvers: role(nobody)}")
    request = submitted(office)
    assert outcomes(office, request) == {"root": ("open", None)}
    with office.look(None) as unit:
        (note,) = [each for each in workflow.timeline(unit, "request", request) if each.verb == "assign"]
    assert note.label["zh"] == "改派审批人：S（找不到审批人） → root"
    assert note.actor.id is None


@pytest.mark.parametrize(("word", "expected"), [("approve", "done"), ("reject", "refused")])
def test_nobody_found_may_be_decided_by_name(office_with, word, expected):
    office = office_with("{id: s, approvers: role(nobody)}")
    (life,) = office.runtime.project.workflows
    named = replace(life, policy=replace(life.policy, no_approver=NamedPerson(word)))
    office = under(office, replace(office.runtime.project, workflows=(named,)))
    request = submitted(office)
    assert status(office, request) == expected
    assert ("skip", "system", "s") in office.timeline("request", request)


def test_nobody_at_all_refuses_the_press_and_changes_nothing(office_with):
    office = office_with("{id: s, approvers: role(nobody)}")
    request = office.create("ann", "request", {"title": "x"})
    user = office.runtime.database.tables["user"]
    root = user.c.id == office.ids["root"]
    with office.act(None) as unit:
        unit.connection.execute(update(user).where(root).values(active=False))
    try:
        with pytest.raises(Refused) as refused:
            office.do("ann", "request", request, "submit")
        assert refused.value.problems[0].code == "no_approver"
        assert status(office, request) == "draft"
    finally:
        with office.act(None) as unit:
            unit.connection.execute(update(user).where(root).values(active=True))


SELF = "{{self_approval: {}, duplicate_approver: none}}"


@pytest.mark.parametrize(
    ("rule", "step", "submitter", "expected"),
    [
        pytest.param("allow", "role(clerk)", "ann", {"ann": "open", "bob": "open"}, id="allow"),
        pytest.param("skip", "role(clerk)", "ann", {"bob": "open"}, id="skip: the others decide"),
        pytest.param("skip", "user(ann)", "ann", {"ann": "skipped"}, id="skip: alone, it passes"),
        pytest.param("to_manager", "user(ann)", "ann", {"boss": "open"}, id="to_manager"),
        pytest.param(
            "to_manager", "[user(ann), user(boss)]", "ann", {"boss": "open"}, id="to_manager: asked once"
        ),
        pytest.param("to_manager", "user(bob)", "bob", {"root": "open"}, id="to_manager: there is none"),
        pytest.param("forbid", "role(clerk)", "ann", {"bob": "open"}, id="forbid: the others decide"),
        pytest.param("forbid", "user(ann)", "ann", {"root": "open"}, id="forbid: nobody else is left"),
        pytest.param("to_manager", "user(root)", "root", {"root": "open"}, id="a lone administrator"),
    ],
)
def test_who_decides_when_the_submitter_would(office_with, rule, step, submitter, expected):
    approvers = step if step.startswith("[") else f'"{step}"'
    office = office_with(f"{{id: s, approvers: {approvers}, mode: all}}", policy=SELF.format(rule))
    request = submitted(office, submitter)
    assert {login: state for login, (state, _) in outcomes(office, request).items()} == expected
    if rule != "allow":
        with office.look(None) as unit:
            noted = [
                each
                for each in workflow.timeline(unit, "request", request)
                if each.verb in {"assign", "skip"}
            ]
        assert [(each.actor.id, each.on_behalf_of.name) for each in noted] == [(None, submitter)]


def test_a_submitter_who_is_forbidden_and_alone_is_refused(office_with):
    office = office_with("{id: s, approvers: user(root)}", policy=SELF.format("forbid"))
    request = office.create("root", "request", {"title": "x"})
    with pytest.raises(Refused) as refused:
        office.do("root", "request", request, "submit")
    assert refused.value.problems[0].code == "self_approval"


TWICE = (
    "{id: one, approvers: user(boss)}",
    "{id: two, approvers: user(chief)}",
    "{id: three, approvers: user(boss)}",
)
DUPLICATE = "{{self_approval: allow, duplicate_approver: {}}}"


@pytest.mark.parametrize(
    ("rule", "steps", "change", "decisions", "expected"),
    [
        ("consecutive", (TWICE[0], TWICE[2]), False, "boss:approve", "done"),
        ("consecutive", TWICE, False, "boss:approve chief:approve", "review"),
        ("once", TWICE, False, "boss:approve chief:approve", "done"),
        ("once", TWICE, True, "boss:approve chief:approve", "review"),
        ("none", (TWICE[0], TWICE[2]), False, "boss:approve", "review"),
    ],
    ids=["consecutive", "not consecutive", "once", "once, but the content changed", "never"],
)
def test_who_approved_just_before_is_not_asked_again(  # noqa: PLR0917 - a table
    office_with, rule, steps, change, decisions, expected
):
    office = office_with(*steps, policy=DUPLICATE.format(rule))
    request = submitted(office)
    first, *rest = decisions.split()
    decide_all(office, first)
    if change:
        office.update(None, "request", request, by_rule=True, amount=Decimal(999))
        with office.act("chief") as unit:
            task = workflow.tasks(unit)[0]
            workflow.decide_task(unit, task.id, Verb.APPROVE, seen=task.seen)
    else:
        decide_all(office, " ".join(rest))
    assert status(office, request) == expected
    with office.look(None) as unit:
        skipped = [each for each in workflow.timeline(unit, "request", request) if each.verb == "skip"]
    if expected == "done":
        (each,) = skipped
        assert (each.actor.id, each.on_behalf_of.name, each.data["reason"]) == (
            None,
            "boss",
            "auto:duplicate",
        )


def test_changed_content_must_be_looked_at_again(office_with):
    office = office_with(LEAD)
    request = submitted(office)
    with office.look("boss") as unit:
        task = workflow.tasks(unit)[0]
    office.update(None, "request", request, by_rule=True, amount=Decimal(101))
    for seen in (task.seen, None):
        with office.act("boss") as unit, pytest.raises(Stale) as stale:
            workflow.decide_task(unit, task.id, Verb.APPROVE, seen=seen)
        assert stale.value.explain["zh"] == "内容已变更，请重看"
    office.update(None, "request", request, by_rule=True, title="not protected")
    assert office.decide("boss").state == "done"


def test_reapprove_begins_again_when_content_changes(office_with):
    office = office_with(
        "{id: one, approvers: user(boss)}", "{id: two, approvers: user(chief)}", more="reapprove: true"
    )
    request = submitted(office)
    office.decide("boss")
    office.update(None, "request", request, by_rule=True, amount=Decimal(5))
    assert office.tasks("boss", "chief") == {"boss": 1, "chief": 0}
    decide_all(office, "boss:approve chief:approve")
    assert status(office, request) == "done"


def test_rejecting_and_returning_need_a_comment(office_with):
    office = office_with(LEAD)
    submitted(office)
    for verb in (Verb.REJECT, Verb.RETURN):
        with pytest.raises(Refused) as refused:
            office.decide("boss", verb, "  ")
        assert refused.value.problems[0].path == "comment"


def test_a_returned_record_comes_back_as_a_new_visit(office_with):
    office = office_with(ALL)
    request = submitted(office)
    decide_all(office, "boss:approve chief:return")
    assert status(office, request) == "draft"
    office.update("ann", "request", request, amount=Decimal(80))
    office.do("ann", "request", request, "submit")
    assert outcomes(office, request) == {"boss": ("open", None), "chief": ("open", None)}
    decide_all(office, "boss:approve chief:approve")
    assert status(office, request) == "done"
    assert ("return", "chief", "s") in office.timeline("request", request)


def test_returning_is_offered_only_where_it_leads_somewhere(office_with):
    office = office_with(LEAD, more="may: {return: false}")
    submitted(office)
    with office.look("boss") as unit:
        assert workflow.tasks(unit)[0].verbs == (Verb.APPROVE, Verb.REJECT)
    with pytest.raises(Refused):
        office.decide("boss", Verb.RETURN, "because")


@pytest.mark.parametrize(
    ("until", "before", "after"),
    [("first_decision", True, False), ("approved", True, True), ("never", False, False)],
)
def test_withdrawing_is_open_until(office_with, until, before, after):
    office = office_with("{id: one, approvers: user(boss)}", "{id: two, approvers: user(chief)}", until=until)

    def may_withdraw(request):
        try:
            with office.act("ann") as unit:
                return workflow.withdraw(unit, "request", request, "oops").state == "draft"
        except Conflict:
            return False

    assert may_withdraw(submitted(office)) is before
    request = submitted(office)
    office.decide("boss")
    assert may_withdraw(request) is after
    if after:
        assert office.timeline("request", request)[-1] == ("withdrawn", "ann", "draft")
        assert outcomes(office, request)["chief"] == ("cancelled", "withdrawn")


def test_only_the_submitter_withdraws(office_with):
    office = office_with(LEAD)
    request = submitted(office)
    with office.act("bob") as unit, pytest.raises(Denied):
        workflow.withdraw(unit, "request", request)


def test_leaving_by_another_way_ends_every_task(office_with):
    office = office_with(ALL)
    request = submitted(office)
    office.do("boss", "request", request, "pull")
    assert office.tasks("boss", "chief") == {"boss": 0, "chief": 0}
    office.do("ann", "request", request, "submit")
    assert office.tasks("boss", "chief") == {"boss": 1, "chief": 1}


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
    assert conflict.value.explain["zh"] == "已由boss处理"
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


def test_a_running_record_keeps_the_definition_it_began_with(office_with):
    old = office_with("{id: old, label: 旧, approvers: user(boss)}", "{id: second, approvers: user(chief)}")
    running = submitted(old)
    new = office_with("{id: new, approvers: user(eve)}")
    fresh = submitted(new)
    assert outcomes(new, fresh) == {"eve": ("open", None)}
    with new.look("boss") as unit:
        (task,) = workflow.tasks(unit)
    assert (task.step, task.step_label["zh"]) == ("old", "旧")
    decide_all(new, "boss:approve chief:approve")
    assert status(new, running) == "done"


def test_a_migrating_workflow_has_no_past(office_with):
    old = office_with("{id: first, approvers: user(boss)}")
    running = old.create("ann", "request", {"title": "x"})
    (life,) = old.runtime.project.workflows
    moved = replace(life, in_flight="migrate", transitions=tuple(
        replace(each, by=NamedPerson("everyone")) for each in life.transitions
    ))  # fmt: skip
    new = under(old, replace(old.runtime.project, workflows=(moved,)))
    assert new.do("bob", "request", running, "submit").state == "review"


def test_an_open_task_opens_the_fields_of_its_step(office_with):
    office = office_with(
        "{id: s, approvers: user(boss), fields: {title: edit, secret: read}}",
        "{id: t, approvers: user(chief)}",
    )
    request = submitted(office)
    office.update("boss", "request", request, title="corrected")
    for login in ("ann", "chief"):
        with pytest.raises((Denied, Refused)):
            office.update(login, "request", request, title="no")
    office.decide("boss")
    with pytest.raises((Denied, Refused)):
        office.update("boss", "request", request, title="too late")


def test_history_arrives_in_its_state_without_steps_or_notices(office_with):
    office = office_with(LEAD)
    with office.act("root") as unit:
        made = records.apply(
            unit,
            [Create(form="request", values={"title": f"h{n}", "status": state})
             for n, state in enumerate(("done", "review", "refused"))],
            history=True, by_rule=True,
        )  # fmt: skip
    for applied, state in zip(made, ("done", "review", "refused"), strict=True):
        assert status(office, applied.id) == state
        assert office.timeline("request", applied.id) == []
        assert outcomes(office, applied.id) == {}
    with office.act("root") as unit:
        records.apply(
            unit,
            [Update(form="request", id=made[1].id, values={"status": "draft"})], history=True, by_rule=True,
        )  # fmt: skip
    with office.look("root") as unit:
        assert [each.transition for each in workflow.buttons(unit, "request", made[1].id)] == ["submit"]


def test_a_deleted_record_leaves_no_task_behind(office_with):
    office = office_with(LEAD)
    request = submitted(office)
    with office.act("root") as unit:
        records.apply(unit, [records.Delete(form="request", id=request)], by_rule=True)
    assert office.tasks("boss") == {"boss": 0}
    with office.look(None) as unit:
        left = select(workflow_task.c.id).where(workflow_task.c.record_id == request)
        assert unit.connection.execute(left).all() == []
        assert workflow.timeline(unit, "request", request) != ()


def test_the_inbox_says_what_is_wanted_of_whom_since_when(office_with):
    office = office_with("{id: s, label: {zh: 主管, en: Lead}, approvers: user(boss)}")
    since = office.runtime.clock.advance(minutes=5)
    request = submitted(office, title="纸")
    office.runtime.clock.advance(hours=1)
    with office.look("boss") as unit:
        (item,) = workflow.tasks(unit)
        assert workflow.task(unit, item.id) == item
    assert (item.title, item.record_id, item.step_label["zh"]) == ("纸", request, "主管")
    assert (item.requested_by.name, item.since, item.state) == ("ann", since, TaskState.OPEN)
    assert item.verbs == (Verb.APPROVE, Verb.REJECT, Verb.RETURN)
    assert item.comment_on == (Verb.REJECT, Verb.RETURN)
    assert office.runtime.clock.now() - item.since == timedelta(hours=1)
    with office.look("ann") as unit:
        assert workflow.task(unit, item.id).verbs == ()
