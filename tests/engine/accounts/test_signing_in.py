"""Signing in: passwords, pauses, sessions and what ends them; the same answer to whoever guesses."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, func, select

from orderkit.database.schema import system_tables as tables
from orderkit.engine import accounts
from orderkit.engine.accounts import passwords
from orderkit.engine.accounts.passwords import set_password_hash
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import Denied, Refused

PASSWORD = "correct horse"


@pytest.fixture
def runtime(shop):
    hashed = accounts.hash_password(PASSWORD)
    with shop.office.act(None) as unit:
        set_password_hash(unit, shop.office.ids["ann"], hashed)
    return shop.office.runtime


def refused(runtime, login, password):
    with pytest.raises(Denied) as caught:
        accounts.sign_in(runtime, login, password)
    return caught.value.explain


def test_the_right_password_gives_a_session_of_which_only_digests_are_kept(runtime):
    session = accounts.sign_in(runtime, "ann", PASSWORD)
    assert session.person.roles == {"sales"}
    found = accounts.find_session(runtime, session.token)
    assert (found.person, found.csrf) == (session.person, session.csrf)
    assert found.has_csrf(session.csrf)
    assert not found.has_csrf(None)
    assert not found.has_csrf("x")
    with runtime.database.read() as connection:
        rows = connection.execute(select(tables.session)).all()
        credentials = connection.execute(select(tables.credential.c.password_hash)).scalars().all()
    assert session.token not in str(rows)
    assert credentials[0].startswith("$argon2id$")


def test_wrong_password_unknown_name_and_no_password_are_answered_alike(runtime):
    answers = [
        refused(runtime, *pair) for pair in (("ann", "wrong"), ("nobody", PASSWORD), ("ben", PASSWORD))
    ]
    assert answers[0] == answers[1] == answers[2]


def test_an_unknown_name_and_a_pause_cost_what_a_failure_costs(runtime):
    def statements(login):
        kinds = []

        def note(connection, cursor, statement, *_):
            kinds.append(statement.split()[0])

        event.listen(runtime.database.engine, "before_cursor_execute", note)
        refused(runtime, login, "wrong")
        event.remove(runtime.database.engine, "before_cursor_execute", note)
        return kinds.count("UPDATE")

    assert statements("ann") >= 1
    assert statements("nobody") == statements("ben") == 1
    for _ in range(5):
        refused(runtime, "ann", "wrong")
    assert statements("ann") == 1


def test_whoever_is_refused_costs_one_hash(runtime, monkeypatch):
    hashed = []
    verify = passwords._verify
    monkeypatch.setattr(passwords, "_verify", lambda *given: hashed.append(given) or verify(*given))
    for login in ("ann", "nobody", "ben", ""):
        refused(runtime, login, "wrong")
    assert len(hashed) == 4
    assert all(stored.startswith("$argon2id$") for stored, _ in hashed)
    for _ in range(5):
        refused(runtime, "ann", "wrong")
    hashed.clear()
    # During a pause a right password costs what a wrong one does.
    refused(runtime, "ann", PASSWORD)
    refused(runtime, "ann", "wrong")
    assert len(hashed) == 2


def test_many_guesses_at_once_are_not_more_than_the_pause_allows(runtime):
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda n: refused(runtime, "ann", f"guess {n}"), range(24)))
    with runtime.database.read() as connection:
        failures = connection.scalar(select(func.max(tables.credential.c.failures)))
    assert 5 <= failures < 5 + passwords.HASHES_AT_ONCE


def test_after_five_failures_even_the_right_password_has_to_wait_longer_each_time(runtime, clock):
    answers = {str(refused(runtime, "ann", "wrong")) for _ in range(5)}
    answers.add(str(refused(runtime, "ann", PASSWORD)))
    assert len(answers) == 1
    clock.advance(seconds=31)
    refused(runtime, "ann", "wrong")
    clock.advance(seconds=31)
    refused(runtime, "ann", PASSWORD)
    clock.advance(seconds=30)
    accounts.sign_in(runtime, "ann", PASSWORD)
    for _ in range(4):
        refused(runtime, "ann", "wrong")
    accounts.sign_in(runtime, "ann", PASSWORD)


def test_a_session_ends_unused_after_hours_and_used_after_a_day(runtime, clock):
    idle = accounts.sign_in(runtime, "ann", PASSWORD).token
    used = accounts.sign_in(runtime, "ann", PASSWORD).token
    for _ in range(3):
        clock.advance(hours=7, minutes=50)
        assert accounts.find_session(runtime, used) is not None
    assert accounts.find_session(runtime, idle) is None
    clock.advance(hours=1)
    assert accounts.find_session(runtime, used) is None
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        assert accounts.remove_ended_sessions(unit) == 2


def test_signing_in_again_ends_the_session_before(runtime):
    first = accounts.sign_in(runtime, "ann", PASSWORD)
    second = accounts.sign_in(runtime, "ann", PASSWORD, previous=first.token)
    assert accounts.find_session(runtime, first.token) is None
    accounts.set_session_locale(runtime, second.token, "en")
    assert accounts.find_session(runtime, second.token).locale == "en"
    accounts.sign_out(runtime, second.token)
    assert accounts.find_session(runtime, second.token) is None
    assert accounts.find_session(runtime, "nonsense") is None


def test_who_is_let_go_is_out_at_once(runtime, shop):
    session = accounts.sign_in(runtime, "ann", PASSWORD)
    with shop.office.act("ann") as unit:
        token = accounts.make_token(unit, session.person.id, "script")
    assert accounts.person_of_token(runtime, token) == session.person
    with shop.office.act("root") as unit:
        accounts.deactivate(unit, session.person.id)
    assert accounts.find_session(runtime, session.token) is None
    assert accounts.person_of_token(runtime, token) is None
    refused(runtime, "ann", PASSWORD)


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_a_password_has_a_length(password):
    with pytest.raises(Refused):
        accounts.hash_password(password)
