"""Roles that grant different things on one record: what one of them hides, the writing of another does not open."""

import pytest

from orderkit.engine import records
from orderkit.engine.access import Action, Right, decide, field_rights
from orderkit.engine.access.explaining import explain
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import NotFound, Refused
from tests.support.office import Staff, open_office
from tests.support.projects import project

OFFER = """
form: offer
label: {zh: 报价, en: Offer}
title: "{name}"
fields:
  name:   {type: text, label: {zh: 名称, en: Name}}
  seller: {type: user, label: {zh: 业务员, en: Seller}}
  cost:   {type: money, label: {zh: 成本, en: Cost}}
  scan:   {type: file, label: {zh: 扫描, en: Scan}, accept: [pdf]}
"""
READER = """
role: reader
label: {zh: 查看, en: Reader}
forms: {offer: {read: true, hide: [cost, scan]}}
"""
WRITER = """
role: writer
label: {zh: 填写, en: Writer}
forms: {offer: {read: "seller == me", update: true}}
"""


@pytest.fixture
def office(make_database, tmp_path, clock):
    model = project(OFFER, READER, WRITER)
    staff = (Staff(login="ann", roles=("reader", "writer")), Staff(login="ben", roles=("writer",)))
    return open_office(model, make_database(model), tmp_path / "files", clock, staff)


@pytest.fixture
def offers(office):
    """An offer of Ann's and one of nobody's."""
    return {
        "own": office.create(None, "offer", {"name": "own", "cost": 5, "seller": office.ids["ann"]}),
        "other": office.create(None, "offer", {"name": "other", "cost": 7}),
    }


@pytest.mark.parametrize(("which", "right"), [("own", Right.WRITE), ("other", Right.HIDDEN)])
def test_a_change_that_one_role_grants_opens_nothing_that_the_reading_of_another_hides(
    office, offers, which, right
):
    with office.look("ann") as unit:
        row = rows_of(unit).row("offer", offers[which])
        assert field_rights(unit, "offer", row)["cost"] is right
        shown = records.get(unit, "offer", offers[which]).values
        assert ("cost" in shown) is (right is Right.WRITE)
        (cost,) = [each for each in explain(unit, "offer", offers[which]).fields if each.path == "cost"]
        assert [each.id for each in cost.writers] == (["writer"] if right is Right.WRITE else [])


def test_what_is_not_shown_is_not_written(office, offers):
    with pytest.raises(Refused) as caught:
        office.update("ann", "offer", offers["other"], cost=9)
    assert [each.code for each in caught.value.problems] == ["hidden"]
    office.update("ann", "offer", offers["other"], name="new")


def test_who_may_only_write_a_record_sees_none_of_its_fields(office, offers):
    stored = records.upload(
        office.runtime, SYSTEM, Channel.PAGE, "offer", "scan", name="a.pdf", chunks=[b"%PDF-1.7\n%%EOF\n"]
    )
    office.update(None, "offer", offers["own"], by_rule=True, scan=stored.id)
    with office.look("ben") as unit:
        row = rows_of(unit).row("offer", offers["own"])
        assert decide(unit.person, Action.UPDATE, "offer", row, "cost", unit=unit)
        refused = decide(unit.person, Action.READ, "offer", row, "cost", unit=unit)
        assert not refused
        assert refused.code == "row_rule"
        with pytest.raises(NotFound):
            records.get(unit, "offer", offers["own"])
        with pytest.raises(NotFound):
            records.open_attachment(unit, stored.id)
    office.update("ben", "offer", offers["own"], cost=8)
    assert office.value("offer", offers["own"], "cost") == 8
