"""Looking through the whole audit: what each question finds, page by page, and what entries say; verified as a job."""

from dataclasses import replace
from datetime import timedelta

import pytest

from orderkit.engine import accounts, audit, records
from orderkit.engine.accounts.noting import AccountEvent, note
from orderkit.engine.audit import searching
from orderkit.engine.audit.sealing import Sealer
from orderkit.engine.audit.searching import AuditKind, Sought, every, search
from orderkit.engine.jobs import Worker
from orderkit.engine.opening import job_handlers
from orderkit.engine.trail import ask_to_verify, seal_state, trail
from tests.support.clock import FakeClock
from tests.support.tampering import tampering
from tests.support.trade import open_trade, trade


@pytest.fixture(scope="module")
def day(databases, dialect, tmp_path_factory):
    """A minute apart: ann signs in, enters an order; ben gets a role, is refused; ann exports; root deletes the order."""
    mark, clock = databases.mark(), FakeClock()
    shop = open_trade(databases.make(trade(), dialect), tmp_path_factory.mktemp("files"), clock)
    office = shop.office
    clock.advance(days=1)
    shop.began = clock.now()
    steps = (
        (None, lambda unit: note(unit, AccountEvent.SIGNED_IN, office.ids["ann"])),
        ("root", lambda unit: accounts.set_roles(unit, office.ids["ben"], ["clerk"])),
        ("ben", lambda unit: audit.note(unit, audit.REFUSAL, "denied", {"place": "/admin"})),
        ("ann", lambda unit: audit.note(unit, audit.EXPORT, "exported", {"form": "order", "rows": 7})),
        ("root", lambda unit: records.apply(unit, [records.Delete(form="order", id=shop.made)])),
    )
    shop.made = shop.order("ann")
    for login, step in steps:
        clock.advance(minutes=1)
        with office.act(login) as unit:
            step(unit)
    clock.advance(minutes=1)
    shop.ended, shop.clock = clock.now(), clock
    yield shop
    databases.clear(mark)


def found(day, **asked):
    asked = {"since": day.began, "until": day.ended, **asked}
    with day.office.look("root") as unit:
        return [f"{each.form} {each.recorded.verb}" for each in every(unit, Sought(**asked))]


ALL = [
    "order deleted",
    "ok_export exported",
    "ok_refusal denied",
    "user updated",
    "ok_account signed_in",
    "customer computed",
    "order created",
]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"kind": AuditKind.RECORDS, "verb": "created"}, ["order created"]),
        ({"kind": AuditKind.PEOPLE}, ["user updated"]),
        ({"kind": AuditKind.SIGN_INS}, ["ok_account signed_in"]),
        ({"kind": AuditKind.REFUSALS}, ["ok_refusal denied"]),
        ({"kind": AuditKind.EXPORTS}, ["ok_export exported"]),
        ({"kind": AuditKind.AUDIT}, []),
        ({"form": "user"}, ["user updated"]),
        ({"verb": "deleted"}, ["order deleted"]),
    ],
)
def test_each_question_finds_what_it_asks_for(day, asked, expected):
    assert found(day, **asked) == expected


def test_whose_sign_in_it_was_counts_as_theirs(day):
    theirs = found(day, actor_id=day.office.ids["ann"])
    assert [each for each in theirs if "computed" not in each] == [
        "ok_export exported",
        "ok_account signed_in",
        "order created",
    ]


def test_a_record_is_found_after_it_is_gone(day):
    assert found(day, form="order", record_id=day.made, since=None) == ["order deleted", "order created"]


def test_a_stretch_of_time_has_its_first_moment_and_not_its_last(day):
    minute = timedelta(minutes=1)
    asked = {"since": day.began + minute, "until": day.began + 3 * minute}
    assert found(day, **asked) == ["user updated", "ok_account signed_in"]


def test_pages_tear_nothing_apart_and_repeat_nothing(day):
    whole = found(day, since=None)
    pages, before = [], None
    with day.office.look("root") as unit:
        while True:
            page = search(unit, Sought(until=day.ended), limit=2, before=before)
            pages.append([f"{each.form} {each.recorded.verb}" for each in page.met])
            if page.next is None:
                break
            before = page.next
    assert [each for page in pages for each in page] == whole
    assert all(len(page) == 2 for page in pages[:-1])


def test_what_is_rare_is_looked_for_a_stretch_at_a_time(day, monkeypatch):
    monkeypatch.setattr(searching, "STRETCH", 2)
    monkeypatch.setattr(searching, "MOST_STRETCHES", 1)
    with day.office.look("root") as unit:
        page = search(unit, Sought(verb="created", form="customer"), limit=5)
        assert (page.met, page.next is not None, page.reached is not None) == ((), True, True)
        assert [each.form for each in every(unit, Sought(verb="created", form="customer"))] == ["customer"]


def test_what_an_entry_says_is_told_in_the_words_of_its_form(day):
    with day.office.look("root") as unit:
        (created,) = trail(unit, search(unit, Sought(form="customer", verb="created"), limit=1).met)
        (roles,) = trail(
            unit, search(unit, Sought(form="user", verb="updated", since=day.began), limit=1).met
        )
        (gone,) = trail(unit, search(unit, Sought(verb="deleted"), limit=1).met)
    told = {each.path: each.after for each in created.changes}
    assert (created.title, told["phone"], told["name"]) == ("甲公司", "13812345678", "甲公司")
    assert roles.facts == {"roles": "sales → clerk"}
    assert (gone.title, gone.is_known) == ("", True)


def test_values_stand_under_the_rules_of_the_reader(day):
    with day.office.look("ann") as unit:
        (created,) = trail(unit, search(unit, Sought(form="customer", verb="created"), limit=1).met)
        (product, *_) = trail(unit, search(unit, Sought(form="product", verb="created"), limit=1).met)
    assert {each.path: each.after for each in created.changes}["phone"] == "138****5678"
    assert "cost" not in {each.path for each in product.changes}


def test_the_whole_audit_is_verified_by_a_worker_and_what_it_found_is_noted(day):
    office = day.office
    runtime = replace(office.runtime, keys_for=lambda _: (b"a key",))
    with runtime.read(office.person("root"), "page") as unit:
        state = seal_state(unit)
    assert (state.has_keys, state.sealed_at, state.verified) == (True, None, None)
    assert state.waiting > 0
    Sealer(runtime)()

    def verified():
        with runtime.write(office.person("root"), "page") as unit:
            for _ in range(2):
                ask_to_verify(unit)
            assert seal_state(unit).is_under_way
        assert Worker(runtime, job_handlers()).run_once() == 1
        with runtime.read(office.person("root"), "page") as unit:
            return seal_state(unit)

    state = verified()
    assert (state.verified.count, state.is_under_way, state.sealed_at) == (0, False, day.clock.now())
    # The note of it waits for the next seal.
    assert state.waiting == 1
    with runtime.database.write() as connection, tampering(connection):
        connection.exec_driver_sql("UPDATE ok_audit SET verb = 'x' WHERE id = 1")
    state = verified()
    assert [(each.kind, each.first) for each in state.verified.found] == [("entry_changed", 1)]
