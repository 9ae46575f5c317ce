"""A person gets a copy of what is kept of them, or is forgotten, while everything that refers to them stays whole."""

import json
import zipfile
from io import BytesIO

import pytest
from sqlalchemy import select

from orderkit.database.schema import system_tables as tables
from orderkit.engine import accounts, audit, records
from orderkit.engine.accounts.disclosing import export_person
from orderkit.engine.accounts.forgetting import erase_person
from orderkit.model.errors import Denied, Refused


def exported(shop, user_id):
    target = BytesIO()
    with shop.office.act("root") as unit:
        export_person(unit, user_id, target)
    with zipfile.ZipFile(target) as archive:
        return {
            name: [json.loads(line) for line in archive.read(name).splitlines()]
            for name in archive.namelist()
        }


def test_the_copy_says_what_is_kept_and_nothing_of_others(shop):
    ann = shop.office.ids["ann"]
    order = shop.order("ann")
    with shop.office.act("root") as unit:
        secret = accounts.make_token(unit, ann, "sync")
    found = exported(shop, ann)
    (account,) = found["account.json"]
    assert (account["values"]["login"], account["roles"]) == ("ann", ["sales"])
    assert [each["label"] for each in found["tokens.jsonl"]] == ["sync"]
    assert secret not in json.dumps(found)
    done = found["done_by_the_person.jsonl"]
    assert ("order", order, "created") in {(each["form"], each["record_id"], each["verb"]) for each in done}
    assert all("changes" not in each for each in done)
    assert {"form": "order", "id": order} in [
        {"form": each["form"], "id": each["id"]} for each in found["records_that_name_the_person.jsonl"]
    ]


def test_who_is_forgotten_leaves_every_reference_whole(shop):
    ann = shop.office.ids["ann"]
    order = shop.order("ann")
    with shop.office.act("root") as unit:
        records.apply(unit, [records.Update(form="user", id=ann, values={"email": "ann@example.com"})])
        accounts.make_token(unit, ann, "sync")
        assert erase_person(unit, ann) == f"erased-{ann}"
    with shop.office.look(None) as unit:
        user = unit.runtime.database.tables["user"]
        row = unit.connection.execute(select(user).where(user.c.id == ann)).one()
        assert (row.login, row.name, row.email, row.active) == (f"erased-{ann}", f"erased-{ann}", None, False)
        texts = unit.connection.execute(select(tables.audit_personal.c.value)).scalars().all()
        said = unit.connection.execute(select(tables.audit.c.changes)).scalars().all()
        assert "ann@example.com" not in json.dumps([texts, said])
        assert '"ann"' not in json.dumps([texts, said])
        assert not unit.connection.execute(select(tables.token).where(tables.token.c.user_id == ann)).all()
        assert audit.read(unit, "ok_account", ann)[0].verb == "person_erased"
        assert records.get(unit, "order", order).values
        assert not accounts.roles_of(unit, ann)


def test_only_administrators_do_either_and_one_of_them_stays(shop):
    ann, root = shop.office.ids["ann"], shop.office.ids["root"]
    with shop.office.act("ann") as unit:
        with pytest.raises(Denied):
            erase_person(unit, ann)
        with pytest.raises(Denied):
            export_person(unit, ann, BytesIO())
    with pytest.raises(Refused), shop.office.act("root") as unit:
        erase_person(unit, root)
