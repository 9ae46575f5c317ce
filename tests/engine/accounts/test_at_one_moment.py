"""One person whose browser comes back from the provider twice at one moment: one account, and both are in."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import event, func, select

from orderkit.connectors.http.fake import serving
from orderkit.database.schema.system_tables import identity as identities
from orderkit.engine import accounts
from orderkit.engine.accounts import oidc
from orderkit.model.signing_in import IdentityProvider, LinkBy, SignIn
from tests.support.provider import CLIENT_ID, FakeProvider
from tests.support.trade import open_trade, trade

CALLBACK = "http://shop.test/sign-in/oidc/callback"
ROLES = {"desk": ("clerk",), "floor": ("sales",)}


@pytest.fixture
def provider(clock) -> Iterator[FakeProvider]:
    fake = FakeProvider(clock, CALLBACK)
    fake.is_public = True
    with serving(fake) as address:
        fake.issuer = address
        yield fake


@pytest.fixture
def office(make_database, tmp_path, clock, provider):
    settings = IdentityProvider(
        issuer=provider.issuer, client_id=CLIENT_ID, link_by=LinkBy.LOGIN, create=True, roles=ROLES
    )
    project = replace(trade(), sign_in=SignIn(oidc=settings))
    return open_trade(make_database(project), tmp_path / "files", clock, model=project).office


@contextmanager
def meeting_at(office, statement: str) -> Iterator[None]:
    """Let two threads go on from their first such statement together, where the database lets both come there."""
    engine, met = office.runtime.database.engine, threading.Barrier(2)
    came: set[int] = set()

    def wait(connection, cursor, text, *rest) -> None:
        if text.startswith(statement) and threading.get_ident() not in came:
            came.add(threading.get_ident())
            with suppress(threading.BrokenBarrierError):
                met.wait(1)

    event.listen(engine, "before_cursor_execute", wait)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", wait)


def come_back_twice(office) -> list[object]:
    """Return what both browsers get: who is in, or what went wrong."""
    outcomes: list[object] = []

    def finish(attempt, returned) -> None:
        try:
            outcomes.append(oidc.finish(office.runtime, attempt, returned).person)
        except Exception as error:  # noqa: BLE001 - it is what the test looks at
            outcomes.append(error)

    threads = []
    for _ in range(2):
        address, attempt = oidc.begin(office.runtime, CALLBACK, locale="en")
        brought = parse_qs(urlsplit(httpx.get(address).headers["location"]).query)
        given = {name: brought.get(key, [""])[0] for name, key in NAMES.items()}
        threads.append(threading.Thread(target=finish, args=(attempt, oidc.Returned(**given))))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


NAMES = {"state": "state", "code": "code", "issuer": "iss", "error": "error"}


@pytest.mark.parametrize("login", ["nina", "ann"], ids=["made", "linked"])
def test_two_first_sign_ins_are_one_account_and_both_get_in(office, provider, login) -> None:
    provider.person = {"sub": "u-1", "preferred_username": login, "name": "N", "groups": ["desk"]}
    with meeting_at(office, "INSERT INTO"):
        first, second = come_back_twice(office)
    assert (first.login, first.roles) == (second.login, second.roles) == (login, first.roles)
    user = office.runtime.database.tables["user"]
    with office.look(None) as unit:
        count = select(func.count()).select_from(user).where(user.c.login == login)
        assert unit.connection.scalar(count) == 1
        assert unit.connection.execute(select(identities.c.user_id)).scalars().all() == [first.id]


def test_two_who_bring_the_same_other_roles_have_them_once(office, provider) -> None:
    provider.person = {"sub": "u-1", "preferred_username": "ann", "groups": ["desk"]}
    come_back_twice(office)
    provider.person["groups"] = ["floor"]
    with meeting_at(office, "DELETE FROM"):
        first, second = come_back_twice(office)
    assert first.roles == second.roles == {"sales"}
    with office.look(None) as unit:
        assert accounts.roles_of(unit, office.ids["ann"]) == {"sales"}
