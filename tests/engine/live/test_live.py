"""What happened since the last look, and who is told of it: never of a record that they may not see."""

import pytest
from sqlalchemy import insert, update

from orderkit.database.schema.system_tables import audit
from orderkit.engine import records
from orderkit.engine.live import Watch, happenings, lost_to, marks_now, read_marks, told_to
from orderkit.engine.messages.sending import inbox_message
from orderkit.engine.records import Delete
from tests.support.office import Staff, open_office
from tests.support.projects import project
from tests.support.tampering import tampering

YAML = (
    """
form: order
label: Order
title: "{name}"
fields: {name: {type: text}, seller: {type: user, default: =me}}
""",
    """
role: seller
label: Seller
forms: {order: {create: true, read: seller == me, update: seller == me, delete: seller == me}}
""",
    """
role: lead
label: Lead
forms: {order: {read: true}}
""",
    """
workflow: life
for: order
state: status
initial: draft
states: {draft: {}, review: {approval: check}, done: {final: completed}, off: {final: cancelled}}
transitions: {submit: {from: draft, to: review, by: owner}}
approvals:
  check:
    approved: {to: done}
    rejected: {to: off}
    steps: [{id: one, label: One, approvers: role(lead)}]
""",
)
STAFF = (
    Staff(login="ann", roles=("seller",)),
    Staff(login="bob", roles=("seller",)),
    Staff(login="lea", roles=("lead",)),
    Staff(login="out"),
)


@pytest.fixture
def office(make_database, tmp_path, clock):
    shop = project(*YAML)
    return open_office(shop, make_database(shop), tmp_path / "files", clock, STAFF)


@pytest.fixture
def watch(office):
    with office.look(None) as unit:
        return Watch(marks_now(unit))


def _told(office, happened, login):
    with office.look(login) as unit:
        return told_to(unit, happened)


def _look(office, watch):
    with office.look(None) as unit:
        return watch.look(unit)


def test_a_change_is_told_to_who_may_see_the_record_and_to_nobody_else(office, watch) -> None:
    order = office.create("ann", "order", {"name": "one"})
    happened = _look(office, watch)
    (to_lead,) = _told(office, happened, "lea").records
    assert (to_lead.form, to_lead.id, to_lead.by, to_lead.is_mine) == ("order", order, "ann", False)
    (to_ann,) = _told(office, happened, "ann").records
    assert to_ann.is_mine
    assert not _told(office, happened, "bob")
    assert not _told(office, happened, "out")
    assert not _look(office, watch)


def test_the_rules_hold_as_they_are_when_it_is_told(office, watch) -> None:
    order = office.create("ann", "order", {"name": "one"})
    happened = _look(office, watch)
    office.update(None, "order", order, seller=office.ids["bob"])
    assert not _told(office, happened, "ann")
    assert _told(office, happened, "bob").records


def test_of_a_deleted_record_only_the_form_is_told(office, watch) -> None:
    order = office.create("ann", "order", {"name": "one"})
    _look(office, watch)
    with office.act("ann") as unit:
        records.apply(unit, [Delete(form="order", id=order)])
    told = _told(office, _look(office, watch), "lea")
    assert (told.records, told.forms) == ((), frozenset({"order"}))
    assert not _told(office, _look(office, watch), "out")


def test_an_approver_hears_of_the_task_and_the_submitter_of_the_decision(office, watch) -> None:
    order = office.create("ann", "order", {"name": "one"})
    _look(office, watch)
    office.do("ann", "order", order, "submit")
    happened = _look(office, watch)
    assert _told(office, happened, "lea").tasks
    assert not _told(office, happened, "bob").tasks
    office.decide("lea")
    assert [each.id for each in _told(office, _look(office, watch), "ann").records] == [order]


def test_a_message_is_told_to_whom_it_was_sent(office, watch, clock) -> None:
    row = {"user_id": office.ids["bob"], "subject": "x", "text": "y", "created_at": clock.now()}
    with office.act(None) as unit:
        unit.connection.execute(insert(inbox_message), [row])
    happened = _look(office, watch)
    assert [_told(office, happened, login).messages for login in ("bob", "ann")] == [True, False]


def test_what_commits_late_under_an_earlier_id_is_not_missed(office, watch, clock) -> None:
    order = office.create("ann", "order", {"name": "one"})
    with office.look(None) as unit:
        last, *_ = marks_now(unit)
    # The entry of another transaction that took its id earlier appears after the later one was seen.
    with office.act(None) as unit, tampering(unit.connection):
        unit.connection.execute(update(audit).where(audit.c.id == last).values(id=last + 1))
    assert _look(office, watch).records
    row = dict.fromkeys(("actor_id", "on_behalf_of_id", "request_id"))
    row |= {"id": last, "at": clock.now(), "channel": "page", "model_hash": "x", "form": "order"}
    with office.act(None) as unit:
        unit.connection.execute(
            insert(audit), [{**row, "record_id": order, "verb": "updated", "changes": {}}]
        )
    assert _look(office, watch).records == {("order", order): None}
    clock.advance(minutes=1)
    assert not _look(office, watch)
    assert not _look(office, watch)


def test_a_crowd_is_told_by_its_form_alone(office, watch, monkeypatch) -> None:
    monkeypatch.setattr(happenings, "AT_ONCE", 3)
    for number in range(5):
        office.create("ann", "order", {"name": str(number)})
    happened = _look(office, watch)
    assert _told(office, happened, "lea").forms == {"order"}
    assert not _told(office, happened, "out")
    office.create("ann", "order", {"name": "more"})
    assert len(_look(office, watch).records) == 1


def test_marks_are_read_as_they_were_written_and_nothing_else(office) -> None:
    with office.look(None) as unit:
        marks = marks_now(unit)
    assert read_marks(".".join(map(str, marks))) == marks
    wrong = (
        "",
        "1.2.3",
        "1.2.3.4.5",
        "-1.2.3.4",
        "a.2.3.4",
        "１.2.3.4",
        "1.2.3.4\n",
        "9" * 81,
        "1.2.3." + "9" * 19,
    )
    assert [read_marks(text) for text in wrong] == [None] * len(wrong)


def test_who_looks_at_a_record_hears_that_it_is_gone_and_nobody_that_it_was_ever_there(office, watch) -> None:
    mine = office.create("ann", "order", {"name": "one"})
    other = office.create("ann", "order", {"name": "two"})
    looked_at = frozenset({("order", mine), ("order", other), ("order", 10**12), ("nothing", 1)})

    def lost(login: str) -> set[int]:
        with office.look(login) as unit:
            return {number for form, number in lost_to(unit, looked_at) if form == "order"}

    assert lost("ann") == {10**12}
    # Somebody else's, deleted ones and those that never were are all alike.
    assert lost("bob") == lost("out") == {mine, other, 10**12}
    office.update(None, "order", mine, seller=office.ids["bob"])
    assert lost("ann") == {mine, 10**12}
    with office.act(None) as unit:
        records.apply(unit, [Delete(form="order", id=other)])
    assert lost("ann") == lost("lea") | {mine} == {mine, other, 10**12}
