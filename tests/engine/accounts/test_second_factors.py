"""Second factors: asked after the password, each code once, counted like passwords, and taken back safely."""

import pytest
from sqlalchemy import select

from orderkit.database.schema import system_tables as tables
from orderkit.engine import accounts
from orderkit.engine.accounts import StepKind, totp
from orderkit.engine.accounts.passwords import FREE_FAILURES
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import Denied, NotFound, Refused
from orderkit.web.server.secret_keys import SecretKeys

PASSWORD = "correct horse"
SEAL = SecretKeys(["a key that is long enough"])


@pytest.fixture
def runtime(shop):
    hashed = accounts.hash_password(PASSWORD)
    with shop.office.act(None) as unit:
        accounts.set_password_hash(unit, shop.office.ids["ann"], hashed)
    return shop.office.runtime


def set_up(runtime, user_id):
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        offer = accounts.new_second_factor(SEAL, user_id)
        code = totp.code_at(offer.secret, totp.step_of(unit.now))
        codes = accounts.confirm_second_factor(unit, SEAL, user_id, offer.sealed, code)
    return offer.secret, codes


def step(runtime):
    found = accounts.sign_in(runtime, "ann", PASSWORD)
    assert found.kind is StepKind.CODE
    return found.token


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "94287082"), (1111111109, "07081804"), (1234567890, "89005924"), (20000000000, "65353130")],
)
def test_codes_are_those_of_the_standard(seconds, code):
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert totp.code_at(secret, seconds // 30) == code[-6:]


def test_a_password_alone_opens_nothing_and_every_code_counts_once(runtime, shop, clock):
    secret, codes = set_up(runtime, shop.office.ids["ann"])
    now = totp.code_at(secret, totp.step_of(clock.now()))
    token = step(runtime)
    assert accounts.find_session(runtime, token) is None
    # The code that confirmed the factor was seen; it is used up.
    with pytest.raises(Denied):
        accounts.enter_with_code(runtime, SEAL, token, now)
    clock.advance(seconds=30)
    fresh = totp.code_at(secret, totp.step_of(clock.now()))
    session = accounts.enter_with_code(runtime, SEAL, token, fresh)
    assert accounts.find_session(runtime, session.token).person.login == "ann"
    with pytest.raises(NotFound):
        accounts.enter_with_code(runtime, SEAL, token, codes[0])
    with pytest.raises(Denied):
        accounts.enter_with_code(runtime, SEAL, step(runtime), fresh)
    accounts.enter_with_code(runtime, SEAL, step(runtime), codes[0].upper().replace("-", " "))
    with pytest.raises(Denied):
        accounts.enter_with_code(runtime, SEAL, step(runtime), codes[0])


def test_codes_cannot_be_guessed_by_giving_the_password_in_between(runtime, shop):
    set_up(runtime, shop.office.ids["ann"])
    for guess in range(FREE_FAILURES):
        with pytest.raises(Denied):
            accounts.enter_with_code(runtime, SEAL, step(runtime), f"{guess:06d}")
    with pytest.raises(Denied):
        accounts.sign_in(runtime, "ann", PASSWORD)


def test_the_database_alone_tells_neither_secret_nor_codes(runtime, shop):
    secret, codes = set_up(runtime, shop.office.ids["ann"])
    with runtime.database.read() as connection:
        kept = str(connection.execute(select(tables.second_factor)).all())
        kept += str(connection.execute(select(tables.recovery_code)).all())
    assert secret not in kept
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]
    with runtime.read(SYSTEM, Channel.PAGE) as unit:
        sealed = unit.connection.scalar(select(tables.second_factor.c.secret))
    assert SEAL.opened(sealed, purpose="another") is None
    assert SecretKeys(["a new key, long enough", "a key that is long enough"]).opened(
        sealed, purpose=f"second factor of {shop.office.ids['ann']}"
    )


def test_a_password_link_asks_for_the_code_too(runtime, shop):
    ann = shop.office.ids["ann"]
    set_up(runtime, ann)
    with shop.office.act("root") as unit:
        link = accounts.make_link(unit, accounts.LinkPurpose.SET_PASSWORD, ann)
    assert accounts.set_password_by_link(runtime, link, "another horse").kind is StepKind.CODE


def test_an_administrator_takes_a_lost_factor_away_and_others_do_not(runtime, shop):
    ann = shop.office.ids["ann"]
    _, codes = set_up(runtime, ann)
    half_done = step(runtime)
    with pytest.raises(Denied), shop.office.act("ben") as unit:
        accounts.reset_second_factor(unit, ann)
    with shop.office.act("root") as unit:
        accounts.reset_second_factor(unit, ann)
    with pytest.raises(NotFound):
        accounts.enter_with_code(runtime, SEAL, half_done, codes[0])
    assert isinstance(accounts.sign_in(runtime, "ann", PASSWORD), accounts.Session)


def test_a_wrong_code_or_the_secret_of_another_puts_nothing_in_force(runtime, shop, clock):
    ann = shop.office.ids["ann"]
    offer, others = accounts.new_second_factor(SEAL, ann), accounts.new_second_factor(SEAL, ann + 1)
    others_code = totp.code_at(others.secret, totp.step_of(clock.now()))
    for sealed, code in ((offer.sealed, "000000"), (others.sealed, others_code)):
        with pytest.raises(Refused), runtime.write(SYSTEM, Channel.PAGE) as unit:
            accounts.confirm_second_factor(unit, SEAL, ann, sealed, code)
    assert isinstance(accounts.sign_in(runtime, "ann", PASSWORD), accounts.Session)
