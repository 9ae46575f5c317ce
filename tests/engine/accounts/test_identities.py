"""Whose account an identity of a provider is, on both databases: linked once, kept apart, exported and forgotten."""

import json
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import select

from orderkit.database.schema.system_tables import identity as identities
from orderkit.engine import accounts
from orderkit.engine.accounts.disclosing import export_person
from orderkit.engine.accounts.forgetting import erase_person
from orderkit.engine.accounts.oidc.identities import Identity, enter_as, identity_of
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import Conflict, Denied
from orderkit.model.signing_in import IdentityProvider, LinkBy, SignIn
from tests.support.trade import open_trade, trade

PROVIDER = IdentityProvider(
    issuer="https://id.example.com",
    client_id="orderkit",
    link_by=LinkBy.LOGIN,
    create=True,
    roles={"desk": ("clerk",), "it": ("admin",)},
)


@pytest.fixture
def shop(make_database, tmp_path, clock):
    project = replace(trade(), sign_in=SignIn(oidc=PROVIDER))
    return open_trade(make_database(project), tmp_path / "files", clock, model=project)


def who(subject: str, login: str, *groups: str) -> Identity:
    return Identity(subject=subject, login=login, name=login.title(), email=None, groups=frozenset(groups))


def enter(shop, identity: Identity):
    with shop.office.runtime.write(SYSTEM, Channel.PAGE) as unit:
        return enter_as(unit, PROVIDER, identity, previous=None)


def test_an_account_is_linked_once_and_belongs_to_one_subject(shop):
    ann = enter(shop, who("s-1", "ann", "desk")).person
    assert (ann.id, ann.roles) == (shop.office.ids["ann"], {"sales", "clerk"})
    assert enter(shop, who("s-1", "renamed there")).person.id == ann.id
    with pytest.raises(Denied):
        enter(shop, who("s-2", "ann", "it"))
    with shop.office.look(None) as unit:
        assert accounts.roles_of(unit, ann.id) == {"sales"}
    with pytest.raises(Conflict):
        insert(shop, "s-2", ann.id)


def insert(shop, subject: str, user_id: int | None) -> None:
    with shop.office.act(None) as unit:
        row = {"issuer": PROVIDER.issuer, "subject": subject, "user_id": user_id, "created_at": unit.now}
        unit.connection.execute(identities.insert().values(row))


def test_somebody_new_gets_the_roles_of_their_groups_alone(shop):
    made = enter(shop, who("s-9", "zoe", "desk", "strangers")).person
    assert (made.login, made.name, made.roles) == ("zoe", "Zoe", {"clerk"})
    # Without a password nobody signs in by one.
    with pytest.raises(Denied):
        accounts.sign_in(shop.office.runtime, "zoe", "")


def test_who_is_exported_has_their_identity_in_it_and_who_is_forgotten_has_none(shop):
    ann = enter(shop, who("s-1", "ann")).person.id
    target = BytesIO()
    with shop.office.act("root") as unit:
        export_person(unit, ann, target)
        erase_person(unit, ann)
    with zipfile.ZipFile(target) as archive:
        (told,) = [json.loads(line) for line in archive.read("identities.jsonl").splitlines()]
    assert (told["issuer"], told["subject"]) == (PROVIDER.issuer, "s-1")
    with shop.office.look(None) as unit:
        assert not unit.connection.execute(select(identities)).all()


def test_claims_are_read_as_named_and_odd_ones_are_left_out():
    provider = replace(PROVIDER, login="upn", groups="realm.roles", name="no such claim")
    claims = {"sub": "s", "upn": " ann ", "realm": {"roles": ["a", 7, None]}, "email": "a@b.c"}
    found = identity_of(provider, claims)
    assert (found.login, found.name, found.email, found.groups) == ("ann", "ann", None, {"a"})
    assert identity_of(provider, {**claims, "email_verified": True}).email == "a@b.c"
    assert identity_of(provider, {**claims, "realm.roles": "one"}).groups == {"one"}
    assert identity_of(provider, {**claims, "upn": "a\x00b"}).login == ""
    assert identity_of(provider, {**claims, "upn": ["ann"]}).login == ""
    assert identity_of(provider, {**claims, "realm": "x"}).groups == set()
