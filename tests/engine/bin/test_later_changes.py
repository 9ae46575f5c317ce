"""What lies in the bin while the project changes: renames are followed, what was dropped or does not fit is left out."""

from typing import Any

import pytest
from sqlalchemy import select, update

from orderkit.database.schema.system_tables import deleted_record, renaming
from orderkit.engine import bin as bins
from orderkit.engine import records
from orderkit.engine.records import Delete, Restore
from orderkit.model.errors import Refused


def lay_down(shop, change) -> int:
    """Delete an order, and make of what was kept what an older revision of the project would have kept."""
    order = shop.order("ann", contract_no="C-77", kind="repair", original=shop.order("ann"))
    with shop.office.act("ann") as unit:
        records.apply(unit, [Delete(form="order", id=order)])
        content: dict[str, Any] = unit.connection.execute(
            select(deleted_record.c.content).where(deleted_record.c.record_id == order)
        ).scalar_one()
        change(content)
        mine = update(deleted_record).where(deleted_record.c.record_id == order)
        unit.connection.execute(mine.values(content=content))
    return order


def renamed(shop, kind, place, old, new):
    with shop.office.act(None) as unit:
        values = {"number": "0009", "kind": kind, "place": place, "old": old, "new": new}
        unit.connection.execute(renaming.insert().values(**values))


def restore(shop, order):
    with shop.office.act("root") as unit:
        records.apply(unit, [Restore(form="order", id=order)])


def test_fields_rows_and_options_are_found_under_the_names_of_today(shop):
    def as_it_was_called(content):
        content["values"]["paper"] = content["values"].pop("contract_no")
        content["values"]["kind"] = "mending"
        content["lines"]["rows"] = content["lines"].pop("lines")
        for row in content["lines"]["rows"]:
            row["values"]["amount_wanted"] = row["values"].pop("qty")

    order = lay_down(shop, as_it_was_called)
    renamed(shop, "field", "order", "paper", "contract_no")
    renamed(shop, "option", "order.kind", "mending", "repair")
    renamed(shop, "form", None, "order.rows", "order.lines")
    renamed(shop, "field", "order.lines", "amount_wanted", "qty")
    restore(shop, order)
    assert shop.values("order", order, "contract_no", "kind") == ("C-77", "repair")
    assert [str(line["qty"]) for line in shop.lines(order)] == ["10.000"]


def test_what_was_dropped_is_left_out_and_what_is_new_gets_its_default(shop):
    def older(content):
        content["values"]["given_up"] = "x"
        content["lines"]["forgotten"] = [{"id": 5, "values": {"a": 1}}]
        del content["values"]["kind"]
        for row in content["lines"]["lines"]:
            del row["values"]["discount"]

    order = lay_down(shop, older)
    restore(shop, order)
    assert shop.values("order", order, "kind") == ("standard",)
    assert [line["discount"] for line in shop.lines(order)] == [0]


def left_out(shop, login, order):
    with shop.office.look(login) as unit:
        entry, _ = bins.look(unit, "order", order)
    return [(each.path, each.value) for each in entry.left_out]


def test_what_fits_its_field_no_more_stays_behind_and_is_named_to_who_sees_the_field(shop):
    def older(content):
        content["values"].update(need_by="soon", secret={"was": "an address"})

    order = lay_down(shop, older)
    assert left_out(shop, "root", order) == [("need_by", "soon"), ("secret", "{'was': 'an address'}")]
    assert left_out(shop, "ann", order) == [("need_by", "soon")]
    restore(shop, order)
    assert shop.values("order", order, "need_by", "contract_no") == (None, "C-77")


def test_a_required_value_that_fits_its_field_no_more_keeps_the_record_away(shop):
    order = lay_down(shop, lambda content: content["values"].update(ordered_on="soon"))
    with pytest.raises(Refused) as refused:
        restore(shop, order)
    assert [(each.path, each.code) for each in refused.value.problems] == [("ordered_on", "type")]
