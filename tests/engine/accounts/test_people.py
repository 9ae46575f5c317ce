"""Users as administrators handle them: the first one, links, roles, tokens."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from orderkit.database.schema import system_tables as tables
from orderkit.engine import accounts, audit, records
from orderkit.engine.accounts import LinkPurpose
from orderkit.model.errors import Conflict, Denied, NotFound, Refused
from tests.support.office import Staff, open_office
from tests.support.projects import project

PASSWORD = "correct horse"


@pytest.fixture
def empty(shop):
    """A trade without administrator."""
    with shop.office.act(None) as unit:
        unit.connection.execute(delete(tables.user_role))
    return shop.office


def test_the_first_administrator_comes_by_a_link_that_works_once(empty):
    runtime = empty.runtime
    old = accounts.first_administrator_link(runtime)
    token = accounts.first_administrator_link(runtime)
    person = {"login": "boss", "name": "老板", "password": PASSWORD}
    with pytest.raises(NotFound):
        accounts.become_first_administrator(runtime, old, **person)
    with pytest.raises(Refused):
        accounts.become_first_administrator(runtime, token, **{**person, "login": "ann"})
    session = accounts.become_first_administrator(runtime, token, **person)
    assert session.person.roles == {"admin"}
    assert accounts.find_session(runtime, session.token) is not None
    with pytest.raises(NotFound):
        accounts.become_first_administrator(runtime, token, **{**person, "login": "again"})
    assert accounts.first_administrator_link(runtime) is None


def test_there_is_only_one_first_administrator(empty):
    runtime = empty.runtime
    token = accounts.first_administrator_link(runtime)
    with empty.act(None) as unit:
        hashed = accounts.hash_password(PASSWORD)
        accounts.make_user(unit, login="other", name="Other", roles=["admin"], password_hash=hashed)
    with pytest.raises(Conflict):
        accounts.become_first_administrator(runtime, token, login="boss", name="b", password=PASSWORD)


def test_a_password_link_sets_the_password_and_ends_other_sessions(shop):
    runtime, ann = shop.office.runtime, shop.office.ids["ann"]
    with shop.office.act("root") as unit:
        first = accounts.make_link(unit, LinkPurpose.SET_PASSWORD, ann)
    session = accounts.set_password_by_link(runtime, first, PASSWORD)
    with shop.office.act("root") as unit:
        second = accounts.make_link(unit, LinkPurpose.SET_PASSWORD, ann, lifetime=timedelta(hours=1))
        assert accounts.read_link(unit, second).user_id == ann
        assert accounts.read_link(unit, first) is None
    with pytest.raises(Refused):
        accounts.set_password_by_link(runtime, second, "short")
    accounts.set_password_by_link(runtime, second, "another horse")
    assert accounts.find_session(runtime, session.token) is None
    accounts.sign_in(runtime, "ann", "another horse")


def test_a_link_ends(shop, clock):
    with shop.office.act("root") as unit:
        token = accounts.make_link(unit, LinkPurpose.SET_PASSWORD, shop.office.ids["ann"])
    clock.advance(days=4)
    with pytest.raises(NotFound):
        accounts.set_password_by_link(shop.office.runtime, token, PASSWORD)


def test_a_link_of_who_was_let_go_lets_nobody_in(shop):
    ann = shop.office.ids["ann"]
    with shop.office.act("root") as unit:
        token = accounts.make_link(unit, LinkPurpose.SET_PASSWORD, ann)
        accounts.deactivate(unit, ann)
    with pytest.raises(Denied):
        accounts.set_password_by_link(shop.office.runtime, token, PASSWORD)
    with shop.office.look(None) as unit:
        assert accounts.read_link(unit, token) is not None


def test_roles_are_given_by_administrators_and_stand_in_the_audit(shop):
    ann = shop.office.ids["ann"]
    with shop.office.act("root") as unit:
        accounts.set_roles(unit, ann, ["manager", "clerk"])
        assert accounts.roles_of(unit, ann) == {"manager", "clerk"}
        assert audit.read(unit, "user", ann)[0].changes == {"roles": ("sales", "clerk, manager")}
        with pytest.raises(Refused):
            accounts.set_roles(unit, ann, ["king"])
    with pytest.raises(Denied), shop.office.act("ann") as unit:
        accounts.set_roles(unit, ann, ["admin"])


def test_the_last_administrator_stays(shop):
    root = shop.office.ids["root"]
    for leave in (
        lambda unit: accounts.set_roles(unit, root, []),
        lambda unit: accounts.deactivate(unit, root),
        lambda unit: records.apply(unit, [records.Update(form="user", id=root, values={"active": False})]),
        lambda unit: records.apply(unit, [records.Delete(form="user", id=root)]),
    ):
        with pytest.raises(Refused), shop.office.act("root") as unit:
            leave(unit)


def test_tokens_are_shown_once_and_end_when_revoked(shop, clock):
    runtime, ann, ben = shop.office.runtime, shop.office.ids["ann"], shop.office.ids["ben"]
    with shop.office.act("ann") as unit:
        token = accounts.make_token(unit, ann, "script")
    assert token.startswith("ok_")
    assert accounts.person_of_token(runtime, token).login == "ann"
    for wrong in (token + "x", token.removeprefix("ok_"), ""):
        assert accounts.person_of_token(runtime, wrong) is None
    with shop.office.act("ann") as unit:
        (listed,) = accounts.tokens_of(unit, ann)
        assert (listed.label, listed.used_at, listed.revoked_at) == ("script", clock.now(), None)
    with pytest.raises(NotFound), shop.office.act("ben") as unit:
        accounts.revoke_token(unit, listed.id, user_id=ben)
    with shop.office.act("ann") as unit:
        accounts.revoke_token(unit, listed.id, user_id=ann)
    assert accounts.person_of_token(runtime, token) is None


@pytest.mark.parametrize("values", [{"login": "me"}, {"email": "ann@example.com"}, {"active": False}])
def test_who_may_edit_users_does_not_become_an_administrator_by_it(make_database, tmp_path, clock, values):
    hr = "role: sales\nlabel: 人事\nforms: {user: {read: true, update: true}}\n"
    model = project(hr)
    staff = [Staff(login="root", roles=("admin",)), Staff(login="ann", roles=("sales",)), Staff(login="ben")]
    office = open_office(model, make_database(model), tmp_path, clock, staff)
    change = records.Update(form="user", id=office.ids["ben"], values=values)
    with office.act("ann") as unit:
        records.apply(unit, [change])
    office.update("ann", "user", office.ids["root"], name="Boss")
    theirs = {**values, "login": "you"} if "login" in values else values
    with pytest.raises(Denied), office.act("ann") as unit:
        records.apply(unit, [replace(change, id=office.ids["root"], values=theirs)])
