"""What a project demands of passwords and sessions, and pauses of addresses."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from orderkit.database.schema import system_tables as tables
from orderkit.engine import accounts
from orderkit.engine.accounts import StepKind, addresses
from orderkit.engine.accounts.noting import ACCOUNT, AccountEvent
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import Denied, Refused
from orderkit.model.signing_in import SignIn
from tests.support.trade import open_trade, trade

PASSWORD = "correct horse"
DAY = 86_400


@pytest.fixture
def open_with(make_database, tmp_path, clock):
    """The trade with rules of its own, where Ann has a password."""

    def opened(**rules):
        project = replace(trade(), sign_in=SignIn(**rules))
        shop = open_trade(make_database(project), tmp_path / "files", clock, model=project)
        hashed = accounts.hash_password(PASSWORD)
        with shop.office.act(None) as unit:
            accounts.set_password_hash(unit, shop.office.ids["ann"], hashed)
        return shop

    return opened


def change(runtime, user_id, password):
    hashed = accounts.new_password_hash(runtime, password, user_id=user_id, login="ann")
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        accounts.replace_password(unit, user_id, hashed)


def code_of(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.problems[0].code


def test_a_password_follows_the_rules_and_old_ones_come_back_only_after_others(open_with):
    shop = open_with(password_length=10, password_history=3)
    runtime, ann = shop.office.runtime, shop.office.ids["ann"]
    assert code_of(change, runtime, ann, "nine char") == "password_length"
    assert (
        code_of(accounts.new_password_hash, runtime, "longlogin1", login="LongLogin1") == "password_is_login"
    )
    change(runtime, ann, "second horse")
    change(runtime, ann, "third horse")
    for password in (PASSWORD, "second horse", "third horse"):
        assert code_of(change, runtime, ann, password) == "password_used_before"
    change(runtime, ann, "fourth horse")
    change(runtime, ann, PASSWORD)


def test_a_password_that_is_due_is_changed_before_anything_else(open_with, clock):
    shop = open_with(password_expires_seconds=30 * DAY)
    runtime, ann = shop.office.runtime, shop.office.ids["ann"]
    assert isinstance(accounts.sign_in(runtime, "ann", PASSWORD), accounts.Session)
    clock.advance(days=30)
    due = accounts.sign_in(runtime, "ann", PASSWORD)
    assert due.kind is StepKind.PASSWORD
    session = accounts.set_password_by_link(runtime, due.token, "another horse")
    with pytest.raises(Denied), shop.office.act("ben") as unit:
        accounts.demand_password(unit, ann)
    with shop.office.act("root") as unit:
        accounts.demand_password(unit, ann)
    assert accounts.find_session(runtime, session.token) is None
    assert accounts.sign_in(runtime, "ann", "another horse").kind is StepKind.PASSWORD


def test_a_role_that_demands_a_second_factor_lets_nobody_in_without(open_with):
    shop = open_with(second_factor=("sales",))
    assert accounts.sign_in(shop.office.runtime, "ann", PASSWORD).kind is StepKind.SET_UP


def test_a_session_ends_as_the_project_says(open_with, clock):
    shop = open_with(idle_seconds=900, longest_seconds=3600)
    runtime = shop.office.runtime
    token = accounts.sign_in(runtime, "ann", PASSWORD).token
    for _ in range(4):
        clock.advance(minutes=14)
        assert accounts.find_session(runtime, token) is not None
    clock.advance(minutes=5)
    assert accounts.find_session(runtime, token) is None
    token = accounts.sign_in(runtime, "ann", PASSWORD).token
    clock.advance(minutes=16)
    assert accounts.find_session(runtime, token) is None


def test_an_address_that_guesses_at_many_accounts_waits_and_no_other(open_with, clock):
    runtime = open_with().office.runtime
    for number in range(addresses.FREE_FAILURES):
        with pytest.raises(Denied):
            accounts.sign_in(runtime, f"nobody{number}", "wrong", address="192.0.2.1")
    with pytest.raises(Denied):
        accounts.sign_in(runtime, "ann", PASSWORD, address="192.0.2.1")
    accounts.sign_in(runtime, "ann", PASSWORD, address="192.0.2.2")
    clock.advance(minutes=2)
    accounts.sign_in(runtime, "ann", PASSWORD, address="192.0.2.1")


def test_who_came_in_and_who_was_refused_is_in_the_audit_without_what_was_typed(open_with):
    shop = open_with()
    runtime, ann = shop.office.runtime, shop.office.ids["ann"]
    for login in ("ann", "my secret typed here"):
        with pytest.raises(Denied):
            accounts.sign_in(runtime, login, "wrong")
    accounts.sign_in(runtime, "ann", PASSWORD)
    with runtime.database.read() as connection:
        noted = select(tables.audit).where(tables.audit.c.form == ACCOUNT).order_by(tables.audit.c.id)
        rows = connection.execute(noted).all()
    assert [(row.record_id, row.verb) for row in rows[-3:]] == [
        (ann, AccountEvent.REFUSED),
        (0, AccountEvent.REFUSED),
        (ann, AccountEvent.SIGNED_IN),
    ]
    assert "secret" not in str(rows)
