"""Drafts: what a form shows while it is being filled in, computed as it would be saved, nothing saved."""

from datetime import date
from decimal import Decimal

import pytest

from orderkit.engine import records
from orderkit.engine.records import LineChange
from orderkit.engine.runtime import Channel
from orderkit.model.errors import Denied, NotFound


def codes(draft):
    return {problem.path: problem.code for problem in draft.problems}


def test_an_empty_form_has_its_defaults_and_says_what_is_missing(shop):
    with shop.office.look("ann") as unit:
        draft = records.draft(unit, "order", None, {})
    assert draft.values["kind"] == "standard"
    assert draft.values["ordered_on"] == date(2026, 3, 2)
    assert draft.titles["seller"] == "ann"
    assert draft.values["total"] == Decimal("0.00")
    assert draft.values["number"] is None
    assert draft.values["id"] is None
    assert codes(draft) == {"customer": "required", "lines": "invalid"}


def test_values_are_computed_while_one_types(shop):
    lines = [LineChange(values={"product": shop.bolt, "qty": 3, "discount": Decimal("0.5")})]
    with shop.office.look("ann") as unit:
        draft = records.draft(unit, "order", None, {"customer": shop.customer}, {"lines": lines})
        assert records.count(unit, records.Query(form="order")).value == 0
    (line,) = draft.lines["lines"]
    assert (line.id, line.values["price"], line.values["amount"]) == (
        None,
        Decimal("2.5000"),
        Decimal("3.75"),
    )
    assert line.titles["product"] == "P1 螺栓"
    assert "cost" not in line.values
    assert (draft.values["total"], draft.titles["customer"]) == (Decimal("3.75"), "甲公司")
    assert draft.problems == ()


def test_a_copy_follows_until_it_is_touched(shop):
    lines = {"lines": [LineChange(values={"product": shop.nut, "qty": 1, "price": Decimal("2.5")})]}

    def price(touched):
        with shop.office.look("ann") as unit:
            draft = records.draft(unit, "order", None, {}, lines, touched=touched)
        return draft.lines["lines"][0].values["price"]

    assert price(frozenset()) == Decimal("4.0000")
    assert price(frozenset({"lines.0.price"})) == Decimal("2.5000")
    assert price(None) == Decimal("2.5000")


def test_states_follow_conditions_and_variants(shop):
    def state(values, path="process", login="ann"):
        with shop.office.look(login) as unit:
            found = records.draft(unit, "order", None, values).states[path]
        return found.is_visible, found.is_required, found.is_readonly

    assert state({}) == (False, False, False)
    assert state({"kind": "custom"}) == (True, True, False)
    assert state({"kind": "repair"}, "original") == (True, True, False)
    assert state({}, "source") == (True, False, True)
    assert state({}, "total") == (True, False, True)
    assert state({"kind": "repair"}, "secret", "root") == (True, False, True)


def test_a_stored_record_is_drafted_with_what_is_changed(shop):
    order = shop.order("ann")
    (line,) = shop.lines(order)
    lines = [LineChange(id=line["id"], values={"qty": 4}), LineChange(values={"product": shop.nut})]
    with shop.office.look("ann") as unit:
        draft = records.draft(unit, "order", order, {"need_by": date(2026, 1, 1)}, {"lines": lines})
        # Nothing of the draft is seen by who reads on in the same unit.
        assert records.get(unit, "order", order).values["total"] == Decimal("25.00")
    assert codes(draft) == {"need_by": "check_failed", "lines.1.qty": "required"}
    assert [each.id for each in draft.lines["lines"]] == [line["id"], None]
    assert draft.values["total"] == Decimal("10.00")


def test_what_may_not_be_written_is_left_out(shop):
    order = shop.order("ann")
    with shop.office.look("ann") as unit:
        draft = records.draft(unit, "order", order, {"source": "x", "total": 3, "secret": "y", "nonsense": 1})
    assert (draft.values["source"], draft.values["total"]) == (None, Decimal("25.00"))
    assert draft.problems == ()


def test_who_may_not_gets_no_draft(shop):
    order = shop.order("ann")
    with pytest.raises(Denied), shop.office.look("guest") as unit:
        records.draft(unit, "order", None, {})
    for login, form, record in (
        ("ben", "order", order),
        ("ann", "order.lines", None),
        ("ann", "nonsense", None),
    ):
        with pytest.raises(NotFound), shop.office.look(login) as unit:
            records.draft(unit, form, record, {})


def test_a_draft_tells_nothing_of_records_that_the_person_may_not_see(shop):
    hidden = shop.order("ann", external="E1")
    with shop.office.look("ben") as unit:
        draft = records.draft(unit, "order", None, {"original": hidden})
        unknown = records.draft(unit, "order", None, {"original": 10**9})
    assert draft.titles.get("original") is None
    assert draft.values["original"] is None
    assert codes(draft)["original"] == codes(unknown)["original"] == "not_found"


def test_a_draft_keeps_what_the_record_refers_to_already(shop):
    hidden = shop.order("ann")
    order = shop.order("ben")
    with shop.office.act(None) as unit:
        records.apply(unit, [records.Update(form="order", id=order, values={"original": hidden})])
    with shop.office.look("ben") as unit:
        draft = records.draft(unit, "order", order, {"original": hidden, "need_by": date(2026, 5, 1)})
    assert draft.values["original"] == hidden
    assert draft.problems == ()


def test_a_draft_tells_nothing_of_files_that_others_uploaded(shop):
    def upload(login):
        person = shop.office.person(login)
        png = b"\x89PNG\r\n\x1a\n" + b"0" * 32
        return records.upload(
            shop.office.runtime, person, Channel.PAGE, "product", "photo", name="secret.png", chunks=[png]
        ).id

    theirs, mine = upload("root"), upload("max")
    with shop.office.look("max") as unit:
        draft = records.draft(unit, "product", shop.bolt, {"photo": theirs})
        assert (draft.files, draft.values["photo"], codes(draft)) == ({}, None, {"photo": "not_found"})
        assert records.draft(unit, "product", shop.bolt, {"photo": mine}).files["photo"].name == "secret.png"
