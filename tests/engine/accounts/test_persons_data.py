"""A person gets a copy of what is kept of them, or is forgotten, while everything that refers to them stays whole."""

import json
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import select

from orderkit.catalog import installed
from orderkit.database.schema import system_tables as tables
from orderkit.engine import accounts, audit, messages, records
from orderkit.engine.accounts.disclosing import export_person
from orderkit.engine.accounts.forgetting import erase_person
from orderkit.engine.accounts.replacing import emptied
from orderkit.fields.field_type import ATTACHED, ColumnKind
from orderkit.model.errors import Denied, Refused
from orderkit.model.labels import text_of
from tests.support.office import Staff, open_office
from tests.support.projects import project


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


PERSONAL = """
extend: user
fields:
  id_card:  {type: text, label: {zh: 身份证号, en: Id card}, required: true, pii: true, pattern: '\\d{17}[\\dX]'}
  born_on:  {type: date, label: {zh: 生日, en: Born on}, required: true, pii: true, min: 1920-01-01}
  mail:     {type: email, label: {zh: 私人邮箱, en: Private mail}, required: true, pii: true, unique: true}
  mobile:   {type: phone, label: {zh: 手机, en: Mobile}, required: true, pii: true}
  pay:      {type: money, label: {zh: 工资, en: Pay}, required: true, pii: true, min: 1}
  marital:  {type: choice, label: {zh: 婚姻, en: Marital}, options: [单身, 已婚], required: true, pii: true}
  grade:    {type: text, label: {zh: 职级, en: Grade}, required: true}
  driver:   {type: boolean, label: {zh: 驾照, en: Drives}}
  plate:    {type: text, label: {zh: 车牌, en: Plate}, readonly: true, required_if: not active}
  contacts:
    type: lines
    label: {zh: 紧急联系人, en: Contacts}
    fields:
      who:      {type: text, label: {zh: 姓名, en: Who}, required: true, pii: true}
      relation: {type: text, label: {zh: 关系, en: Relation}, pii: true}
      phone:    {type: phone, label: {zh: 电话, en: Phone}, required: true, pii: true}
checks: [{that: "mobile != '+9990000001' and born_on > date('1950-01-01')", error: {zh: 不对, en: Wrong}}]
"""
FILLED = {
    "id_card": "11010519491231002X", "born_on": date(1988, 8, 8), "mail": "ann@home.example",
    "mobile": "13800000001", "pay": Decimal("8000.00"), "marital": "已婚", "grade": "P6", "driver": True,
    "plate": "沪A12345",
}  # fmt: skip


@pytest.fixture
def office(make_database, tmp_path, clock):
    """An administrator and Ann, of whom much is kept."""
    model = project(PERSONAL)
    root = {
        **FILLED, "mail": "root@home.example", "id_card": "110105197001010011",
        "born_on": date(1970, 1, 1), "mobile": "13800000009",
    }  # fmt: skip
    staff = (Staff(login="root", roles=("admin",), values=root), Staff(login="ann", values=FILLED))
    found = open_office(model, make_database(model), tmp_path / "files", clock, staff)
    contacts = [
        records.LineChange(values={"who": each, "relation": "配偶", "phone": "13900000002"})
        for each in ("王五", "赵六")
    ]
    with found.act(None) as unit:
        update = records.Update(form="user", id=found.ids["ann"], lines={"contacts": contacts})
        records.apply(unit, [update])
    return found


def test_what_must_be_filled_is_replaced_and_what_stands_in_lines_too(office):
    ann = office.ids["ann"]
    with office.act("root") as unit:
        erase_person(unit, ann)
    with office.look(None) as unit:
        row = records.readable_row(unit, "user", ann)
        assert {name: row.values[name] for name in FILLED} == {
            "id_card": f"{ann:018d}", "born_on": date(1920, 1, 1), "mail": f"erased-{ann}@erased.invalid",
            "mobile": f"+999{ann:07d}", "pay": Decimal("1.00"), "marital": "单身", "grade": "P6",
            "driver": False, "plate": None,
        }  # fmt: skip
        assert [(line.values["who"], line.values["relation"], line.values["phone"]) for line in row.rows("contacts")] == [
            (f"erased-{ann}", None, f"+999{ann:07d}")
        ] * 2  # fmt: skip
        texts = unit.connection.execute(select(tables.audit_personal.c.value)).scalars().all()
        said = unit.connection.execute(select(tables.audit.c.changes)).scalars().all()
    kept = json.dumps([texts, said], ensure_ascii=False)
    for each in ("11010519491231002X", "1988", "ann@home", "13800000001", "王五", "赵六", "13900000002"):
        assert each not in kept


def test_what_cannot_be_replaced_is_said():
    photo = "{type: image, label: {zh: 照片, en: Photo}, required: true, pii: true}"
    form = project(f"extend: user\nfields: {{photo: {photo}}}").form_by_id["user"]
    with pytest.raises(Refused) as refused:
        emptied(installed(), form, 7)
    (problem,) = refused.value.problems
    assert problem.path == "photo"
    assert "“照片”" in text_of(problem.message, "zh")
    assert "Photo" in text_of(problem.message, "en")


@pytest.mark.parametrize("name", sorted(installed().fields))
def test_every_type_that_points_at_nothing_has_a_value_that_is_nobodys(name):
    kind = installed().fields[name]
    if kind.column in {*ATTACHED, ColumnKind.REFERENCE, ColumnKind.REFERENCES, ColumnKind.NONE}:
        return
    options = {"choice": "options: [a, b], ", "choices": "options: [a, b], "}.get(name, "")
    model = project(f"extend: user\nfields: {{it: {{type: {name}, {options}required: true, pii: true}}}}")
    form = model.form_by_id["user"]
    found = emptied(installed(), form, 7, left=frozenset(form.by_id) - {"it"})["it"]
    field = form.by_id["it"]
    assert kind.kept(field.options, found) == found
    assert kind.check(field.options, found) is None


def test_messages_of_the_person_and_about_them_go(shop):
    ann, ben = shop.office.ids["ann"], shop.office.ids["ben"]
    with shop.office.act(None) as unit:
        for reader, form, record_id in (
            (ann, "order", 1), (ben, "user", ann), (ben, "user", ben), (ben, "order", ann)
        ):  # fmt: skip
            told = messages.Note(kind="~x", form=form, record_id=record_id, subject="Ann", text="Ann")
            messages.put(unit, reader, told)
    with shop.office.act("root") as unit:
        erase_person(unit, ann)
    inbox = tables.inbox_message.c
    with shop.office.look(None) as unit:
        left = unit.connection.execute(select(inbox.user_id, inbox.form, inbox.record_id).order_by(inbox.id))
        assert left.all() == [(ben, "user", ben), (ben, "order", ann)]


def test_only_administrators_do_either_and_one_of_them_stays(shop):
    ann, root = shop.office.ids["ann"], shop.office.ids["root"]
    with shop.office.act("ann") as unit:
        with pytest.raises(Denied):
            erase_person(unit, ann)
        with pytest.raises(Denied):
            export_person(unit, ann, BytesIO())
    with pytest.raises(Refused), shop.office.act("root") as unit:
        erase_person(unit, root)
