"""The history of a record as a reader sees it: old → new in words, without what they may not see."""

from orderkit.engine import audit, records
from orderkit.engine.records import LineChange, Update


def told(shop, login, order, form="order"):
    with shop.office.look(login) as unit:
        return [
            (
                entry.verb,
                entry.actor,
                {change.path: (change.before, change.after) for change in entry.changes},
            )
            for entry in records.history(unit, form, order)
        ]


def test_changes_are_told_in_words_newest_first(shop, clock):
    order = shop.order("ann")
    (line,) = shop.lines(order)
    clock.advance(hours=1)
    with shop.office.act("root") as unit:
        rows = [
            LineChange(id=line["id"], values={"qty": 2}),
            LineChange(values={"product": shop.nut, "qty": 1}),
        ]
        change = Update(
            form="order", id=order, values={"kind": "repair", "original": order}, lines={"lines": rows}
        )
        records.apply(unit, [change])
    newest, oldest = told(shop, "root", order)
    added = shop.lines(order)[1]["id"]
    assert newest[:2] == ("updated", "root")
    assert newest[2]["kind"] == ("标准", "返修")
    assert newest[2]["original"] == ("", "SO20260302-0001 甲公司")
    assert newest[2][f"lines.{line['id']}.qty"] == ("10.000", "2.000")
    assert newest[2]["total"] == ("25.00", "9.00")
    assert newest[2][f"lines.{added}"] == ("", "新增一行")
    assert newest[2][f"lines.{added}.product"] == ("", "P2 螺母")
    assert oldest[:2] == ("created", "ann")
    assert oldest[2]["customer"] == ("", "甲公司")


def test_the_reader_is_told_nothing_hidden_and_masked_values_masked(shop):
    order = shop.order("ann")
    shop.office.update("root", "order", order, secret="x")
    assert "secret" in told(shop, "root", order)[0][2]
    (created,) = told(shop, "ann", order)
    assert not any(path.endswith("cost") for path in created[2])
    shop.office.update(None, "customer", shop.customer, phone="13900001111")
    assert told(shop, "ann", shop.customer, "customer")[0][2]["phone"] == ("138****5678", "139****1111")


def test_what_followed_from_elsewhere_is_told_as_such(shop):
    order = shop.order("ann")
    shop.receipt({order: 5})
    verb, actor, changes = told(shop, "root", order)[0]
    assert (verb, actor) == ("computed", "系统")
    assert changes == {"received": ("0.00", "5.00"), "balance": ("25.00", "20.00")}


def test_an_erased_value_is_gone_and_the_entry_stays(shop):
    with shop.office.act("root") as unit:
        assert audit.erase(unit, "customer", shop.customer) == 1
    (created,) = told(shop, "root", shop.customer, "customer")[-1:]
    assert created[2]["phone"] == ("", "（已清除）")
    assert created[2]["name"] == ("", "甲公司")
