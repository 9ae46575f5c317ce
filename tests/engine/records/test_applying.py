"""The write path as a caller sees it: what is stored, what follows, what is refused, what is left when it fails."""

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from orderkit.engine import records
from orderkit.engine.hooks import Hooks, NoLifeCycle
from orderkit.engine.records import ChangesRefused, Create, Delete, LineChange, Update
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import Conflict, Denied, NotFound, Refused, Stale
from tests.support.trade import open_trade, trade


def test_a_new_record_gets_its_defaults_copies_and_computed_values(shop):
    order = shop.order("ann", {"product": shop.bolt, "qty": Decimal("2.0005"), "discount": Decimal("0.1")})
    assert shop.values("order", order, "kind", "ordered_on", "total", "balance", "revision", "number") == (
        "standard",
        date(2026, 3, 2),
        Decimal("4.50"),
        Decimal("4.50"),
        1,
        "SO20260302-0001",
    )
    (line,) = shop.lines(order)
    # 2.0005 is rounded half-up to 2.001 when it is stored; the amount is computed from what is stored.
    assert (line["qty"], line["price"], line["amount"], line["cost"]) == (
        Decimal("2.001"),
        Decimal("2.5000"),
        Decimal("4.50"),
        Decimal("2.00"),
    )
    assert shop.values("order", order, "owner", "created_by", "seller") == (shop.office.ids["ann"],) * 3


def test_what_a_rounded_amount_is_made_of_is_not_rounded_before(shop):
    order = shop.order("ann", {"product": shop.nut, "qty": Decimal("0.005"), "price": Decimal("0.9999")})
    assert shop.lines(order)[0]["amount"] == Decimal("0.00")
    order = shop.order("ann", {"product": shop.nut, "qty": Decimal("0.005"), "price": Decimal(1)})
    assert shop.lines(order)[0]["amount"] == Decimal("0.01")


def test_lines_are_replaced_by_the_full_new_set(shop):
    order = shop.order("ann", {"product": shop.bolt, "qty": 1}, {"product": shop.nut, "qty": 2})
    first, second = (line["id"] for line in shop.lines(order))
    with shop.office.act("ann") as unit:
        lines = [
            LineChange(id=second, values={"qty": 5}),
            LineChange(values={"product": shop.bolt, "qty": 3}),
        ]
        (applied,) = records.apply(unit, [Update(form="order", id=order, lines={"lines": lines}, revision=1)])
    assert (applied.revision, applied.has_changed) == (2, True)
    after = shop.lines(order)
    assert [(line["position"], line["qty"]) for line in after] == [
        (0, Decimal("5.000")),
        (1, Decimal("3.000")),
    ]
    assert after[0]["id"] == second
    assert first not in {line["id"] for line in after}
    assert shop.values("order", order, "total") == (Decimal("27.50"),)


def test_values_that_are_as_stored_change_nothing(shop):
    order = shop.order("ann")
    with shop.office.act("ann") as unit:
        change = Update(form="order", id=order, values={"customer": shop.customer, "kind": "standard"})
        (applied,) = records.apply(unit, [change])
    assert (applied.revision, applied.has_changed) == (1, False)


def test_an_editable_copy_follows_its_input_until_a_person_writes_over_it(shop):
    order = shop.order("ann")
    (line,) = shop.lines(order)

    def change(**values):
        with shop.office.act("ann") as unit:
            lines = {"lines": [LineChange(id=line["id"], values=values)]}
            records.apply(unit, [Update(form="order", id=order, lines=lines)])
        return shop.lines(order)[0]["price"]

    assert change(product=shop.nut) == Decimal("4.0000")
    assert change(price=Decimal(3)) == Decimal("3.0000")
    assert change(product=shop.bolt) == Decimal("3.0000")


def test_a_copy_does_not_follow_what_it_was_copied_from(shop):
    order = shop.order("ann")
    shop.office.update(None, "product", shop.bolt, price=Decimal(9))
    assert shop.lines(order)[0]["price"] == Decimal("2.5000")
    with shop.office.act("ann") as unit:
        lines = {"lines": [LineChange(id=shop.lines(order)[0]["id"], values={"qty": 1})]}
        records.apply(unit, [Update(form="order", id=order, lines=lines)])
    assert shop.lines(order)[0]["price"] == Decimal("2.5000")


def test_a_variant_has_its_own_defaults_and_demands(shop):
    create = Create(
        form="order",
        values={"customer": shop.customer, "kind": "repair"},
        lines={"lines": [LineChange(values={"product": shop.bolt, "qty": 1})]},
    )
    assert shop.refused(create) == {"original": "required"}
    original = shop.order("ann")
    order = shop.order("ann", kind="repair", original=original)
    with shop.office.look(None) as unit:
        assert records.get(unit, "order", order).values["source"] == "老客户"


def _with(shop, line=None, **values):
    lines = [LineChange(values={"product": shop.bolt, "qty": 1, **(line or {})})]
    return Create(form="order", values={"customer": shop.customer, **values}, lines={"lines": lines})


@pytest.mark.parametrize(
    ("line", "values", "problems"),
    [
        pytest.param({}, {"customer": None}, {"customer": "required"}, id="required"),
        pytest.param({"qty": None}, {}, {"lines.0.qty": "required"}, id="required in a line"),
        pytest.param({"qty": 0}, {}, {"lines.0.qty": "check_failed"}, id="a check"),
        pytest.param({"qty": "many"}, {}, {"lines.0.qty": "type"}, id="of the wrong type"),
        pytest.param({"qty": 0.5}, {}, {"lines.0.qty": "type"}, id="a float is never exact"),
        pytest.param({"qty": 10**18}, {}, {"lines.0.qty": "type"}, id="too large"),
        pytest.param({"discount": 2}, {}, {"lines.0.discount": "invalid"}, id="out of bounds"),
        pytest.param(
            {"qty": 10**6, "price": 10**13},
            {},
            {"lines.0.amount": "cannot_compute"},
            id="computed and too large",
        ),
        pytest.param({}, {"kind": "other"}, {"kind": "invalid"}, id="an unknown option"),
        pytest.param({}, {"nonsense": 1}, {"nonsense": "unknown_field"}, id="an unknown field"),
        pytest.param({}, {"total": 1}, {"total": "computed"}, id="a computed field"),
        pytest.param({}, {"id": 7}, {"id": "readonly"}, id="a field of the system"),
        pytest.param({}, {"source": "x"}, {"source": "readonly"}, id="readonly for the role"),
        pytest.param({"cost": 1}, {}, {"lines.0.cost": "hidden"}, id="hidden from the role"),
        pytest.param({}, {"kind": "custom"}, {"process": "required"}, id="required by a condition"),
        pytest.param(
            {}, {"need_by": date(2026, 3, 1)}, {"need_by": "check_failed"}, id="a check of the form"
        ),
        pytest.param({}, {"customer": 999}, {"customer": "not_found"}, id="a reference to nothing"),
    ],
)
def test_what_is_wrong_is_named_where_it_is(shop, line, values, problems):
    assert shop.refused(_with(shop, line, **values)) == problems


def test_every_problem_of_every_change_is_told_at_once(shop):
    changes = [
        _with(shop),
        _with(shop, {"qty": 0}, customer=None),
        Create(form="customer", values={"code": "C1", "name": "again"}),
    ]
    with pytest.raises(ChangesRefused) as caught, shop.office.act("ann") as unit:
        records.apply(unit, changes)
    assert {
        index: sorted(problem.path for problem in problems)
        for index, problems in caught.value.by_change.items()
    } == {1: ["customer", "lines.0.qty"], 2: ["code"]}


def test_a_check_may_be_waived_by_name(shop):
    with shop.office.act("ann") as unit:
        records.apply(unit, [_with(shop, {"qty": -1})], waive=frozenset({"lines.qty.check"}))


def test_an_old_sin_does_not_stop_an_unrelated_change(shop):
    with shop.office.act("ann") as unit:
        (made,) = records.apply(unit, [_with(shop, {"qty": -1})], waive=frozenset({"lines.qty.check"}))
    shop.office.update("ann", "order", made.id, external="X1")


def test_an_order_has_at_least_one_line(shop):
    assert shop.refused(Create(form="order", values={"customer": shop.customer})) == {"lines": "invalid"}
    order = shop.order("ann")
    assert shop.refused(Update(form="order", id=order, lines={"lines": []})) == {"lines": "invalid"}


def test_a_reference_must_satisfy_its_rule(shop):
    shop.office.update(None, "customer", shop.customer, active=False)
    assert shop.refused(_with(shop)) == {"customer": "where"}


def test_a_unique_value_names_who_has_it(shop):
    with pytest.raises(Refused) as caught, shop.office.act("ann") as unit:
        records.apply(unit, [Create(form="customer", values={"code": "C1", "name": "x"})])
    assert caught.value.problems[0].message["zh"] == "编码已被另一条记录使用：甲公司"


def test_unique_groups_count_within_a_batch_and_never_for_empty_values(shop):
    assert shop.refused(_with(shop, external="X"), _with(shop, external="X")) == {"external": "not_unique"}
    shop.order("ann", external="X")
    assert shop.refused(_with(shop, external="X")) == {"external": "not_unique"}
    shop.order("ann")
    shop.order("ann")


def test_two_records_may_swap_what_only_one_may_have(shop):
    first, second = shop.order("ann", external="X"), shop.order("ann", external="Y")
    with shop.office.act("ann") as unit:
        records.apply(
            unit,
            [
                Update(form="order", id=first, values={"external": "Z"}),
                Update(form="order", id=second, values={"external": "X"}),
            ],
        )
    assert shop.values("order", second, "external") == ("X",)


def test_a_value_is_free_once_its_record_goes(shop):
    order = shop.order("ann", external="X")
    with shop.office.act("ann") as unit:
        records.apply(unit, [_with(shop, external="X"), Delete(form="order", id=order)])


def test_set_once_and_readonly_if_hold_for_people(shop):
    order = shop.order("ann", contract_no="A")
    assert shop.refused(Update(form="order", id=order, values={"contract_no": "B"})) == {
        "contract_no": "set_once"
    }
    repair = shop.order("root", kind="repair", original=order)
    change = Update(form="order", id=repair, values={"secret": "B"})
    assert shop.refused(change, login="root") == {"secret": "readonly"}


def test_somebody_was_faster(shop):
    order = shop.order("ann")
    shop.office.update("ann", "order", order, external="1")
    with pytest.raises(Stale), shop.office.act("ann") as unit:
        records.apply(unit, [Update(form="order", id=order, values={"external": "2"}, revision=1)])


def test_nothing_is_half_saved(shop):
    def work():
        with shop.office.act("ann") as unit:
            records.apply(unit, [Create(form="customer", values={"code": "C2", "name": "乙"})])
            records.apply(unit, [_with(shop, {"qty": 0})])

    with pytest.raises(Refused):
        work()
    with shop.office.look(None) as unit:
        assert records.count(unit, records.Query(form="customer")).value == 1


def test_who_may_do_nothing_is_told_so(shop):
    order = shop.order("ann")
    with pytest.raises(Denied), shop.office.act("guest") as unit:
        records.apply(unit, [_with(shop)])
    with pytest.raises(NotFound), shop.office.act("guest") as unit:
        records.apply(unit, [Update(form="order", id=order, values={"external": "1"})])
    with pytest.raises(Denied), shop.office.act("max") as unit:
        records.apply(unit, [Delete(form="order", id=order)])
    with pytest.raises(NotFound), shop.office.act("ann") as unit:
        records.apply(unit, [Delete(form="order", id=999)])


def test_a_record_somebody_refers_to_stays(shop):
    shop.order("ann")
    with pytest.raises(Refused) as caught, shop.office.act("root") as unit:
        records.apply(unit, [Delete(form="customer", id=shop.customer)])
    assert caught.value.problems[0].message["zh"] == "订单“SO20260302-0001 甲公司”的客户还在引用它，不能删除"


def test_a_reference_that_lets_go_is_emptied_unless_its_record_needs_it(shop):
    order = shop.order("ann")
    follower = shop.order("ann", original=order)
    repair = shop.order("ann", original=order, kind="repair")
    assert shop.refused(Delete(form="order", id=order)) == {"": "in_use"}
    with shop.office.act("ann") as unit:
        records.apply(unit, [Delete(form="order", id=repair), Delete(form="order", id=order)])
    assert shop.values("order", follower, "original", "revision") == (None, 2)


def test_a_line_somebody_refers_to_and_the_referrer_may_go_together(shop):
    order = shop.order("ann")
    receipt = shop.receipt({order: 5})
    assert shop.refused(Delete(form="order", id=order)) == {"": "in_use"}
    with shop.office.act(None) as unit:
        records.apply(unit, [Delete(form="order", id=order), Delete(form="receipt", id=receipt)])


def test_a_batch_may_change_a_record_twice(shop):
    order = shop.order("ann")
    with shop.office.act("ann") as unit:
        done = records.apply(
            unit,
            [
                Update(form="order", id=order, values={"external": "1"}),
                Update(form="order", id=order, values={"external": "2"}),
            ],
        )
    assert [each.revision for each in done] == [2, 3]
    assert shop.values("order", order, "external") == ("2",)


def test_of_two_who_change_the_same_revision_one_is_told(shop):
    order = shop.order("ann")
    started, outcomes = threading.Barrier(2), []

    def change(value):
        person = shop.office.person("ann")
        started.wait()
        try:
            with shop.office.runtime.write(person, Channel.PAGE) as unit:
                records.apply(unit, [Update(form="order", id=order, values={"external": value}, revision=1)])
            outcomes.append("saved")
        except Stale:
            outcomes.append("stale")

    threads = [threading.Thread(target=change, args=(value,)) for value in ("1", "2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved", "stale"]
    assert shop.values("order", order, "revision") == (2,)


def test_of_two_who_take_the_same_unique_value_one_is_told(shop):
    started, outcomes = threading.Barrier(2), []

    def create():
        person = shop.office.person("ann")
        started.wait()
        try:
            with shop.office.runtime.write(person, Channel.PAGE) as unit:
                records.apply(unit, [Create(form="customer", values={"code": "C9", "name": "x"})])
            outcomes.append("saved")
        except (Refused, Conflict):
            outcomes.append("taken")

    threads = [threading.Thread(target=create) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved", "taken"]


def test_events_and_writes_are_told_to_whoever_waits(make_database, tmp_path, clock):
    """What integrations and workflows hear: events of records by people, writes with what changed."""
    heard, written = [], []

    class Listener(NoLifeCycle):
        def happened(self, unit, happenings):
            heard.extend((each.form, each.kind.value, each.subject) for each in happenings)

        def written(self, unit, records):
            written.extend((each.form, each.kind.value, sorted(each.changed)) for each in records)

    shop = open_trade(make_database(trade()), tmp_path, clock)
    listener = Listener()
    runtime = replace(shop.office.runtime, hooks=Hooks(life_cycle=listener, events=listener))
    order = shop.order("ann")
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        rows = {"allocations": [LineChange(values={"order": order, "amount": 5})]}
        records.apply(unit, [Create(form="receipt", values={"confirmed": True}, lines=rows)])
    assert heard == [
        ("receipt", "created", None),
        ("order", "changed", "balance"),
        ("order", "changed", "received"),
        ("customer", "changed", "owed"),
    ]
    assert [each[:2] for each in written] == [
        ("receipt", "created"),
        ("order", "computed"),
        ("customer", "computed"),
    ]
    assert written[1][2] == ["balance", "received"]
    heard.clear()
    with runtime.write(SYSTEM, Channel.IMPORT) as unit:
        records.apply(unit, [Create(form="receipt", values={})], history=True)
    assert heard == []
