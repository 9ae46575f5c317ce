"""Taking an import back: what it made goes to the bin, what it changed is as it was, the rest is named."""

import pytest
import sqlalchemy as sa

from orderkit.database.schema.system_tables import audit
from orderkit.engine.importing.reversing import reverse
from orderkit.engine.importing.runs import RunState, find_run, recent_runs
from orderkit.engine.records import Delete, LineChange, Update, apply
from orderkit.engine.runtime import SYSTEM
from orderkit.model.errors import Conflict, NotFound
from tests.engine.importing.test_run import LINES, TestHistory
from tests.engine.importing.trading import Shop, row


def take_back(shop: Shop, run_id: int, login: str | None = None) -> list[tuple[str, int, str]]:
    person = SYSTEM if login is None else shop.office.person(login)
    left = reverse(shop.office.runtime, person, run_id)
    return [(each.form, each.id, (each.reason or {})["en"]) for each in left]


def stored(shop: Shop) -> tuple[list[tuple[object, ...]], ...]:
    return (
        shop.stored("order", "id", "external", "customer", "kind", "note", "total"),
        shop.stored("order.lines", *LINES),
        shop.stored("customer", "code", "name"),
        shop.stored("product", "code", "name"),
    )


def test_what_an_import_made_goes_to_the_bin_and_what_it_changed_is_as_before(any_shop: Shop) -> None:
    any_shop.load(any_shop.csv(row(备注="alt"), row(产品="P2", 折扣="5"), row(单号="A2")))
    before = stored(any_shop)
    changed = any_shop.csv(row(备注="neu", 数量="9"), row(单号="A2", 客户="C1", 类型="特殊"), row(单号="A3"))
    result = any_shop.load(changed)
    assert (result.created, result.updated) == (1, 2)
    assert stored(any_shop) != before
    assert take_back(any_shop, result.run_id) == []
    after = stored(any_shop)
    assert [after[0], after[2], after[3]] == [before[0], before[2], before[3]]
    # A line that comes back is a new row with the old values.
    assert sorted(map(str, after[1])) == sorted(map(str, before[1]))
    with any_shop.office.look(None) as unit:
        run = find_run(unit, result.run_id)
    assert run.state is RunState.REVERSED
    assert any_shop.load(changed).created == 1


def test_what_was_made_for_others_goes_after_them(any_shop: Shop) -> None:
    before = stored(any_shop)
    result = any_shop.load(TestHistory().path(any_shop), "history")
    assert result.made
    assert take_back(any_shop, result.run_id) == []
    assert stored(any_shop) == before


def test_what_somebody_changed_since_stays_and_is_named(shop: Shop) -> None:
    shop.load(shop.csv(row(备注="alt")))
    result = shop.load(shop.csv(row(备注="neu", 类型="特殊")))
    shop.office.update(None, "order", 1, note="von Hand")
    assert take_back(shop, result.run_id) == [("order", 1, "changed since, and left as it is: Note")]
    assert shop.stored("order", "note", "kind") == [("von Hand", "standard")]


def test_what_others_refer_to_stays_and_is_named(shop: Shop) -> None:
    result = shop.load(TestHistory().path(shop), "history")
    made = shop.stored("customer", "id", "code")[-1][0]
    order = shop.office.create(
        None,
        "order",
        {"customer": made, "ordered_on": shop.office.runtime.clock.now().date()},
        {"lines": [{"product": 1, "qty": 1, "price": 1}]},
    )
    assert order
    left = take_back(shop, result.run_id)
    assert [(form, record_id) for form, record_id, _ in left] == [("customer", made)]
    assert shop.stored("order", "id") == [(order,)]


def test_a_record_that_is_gone_already_is_named(shop: Shop) -> None:
    result = shop.load(shop.csv(row(), row(单号="A2")))
    with shop.office.act(None) as unit:
        apply(unit, [Delete(form="order", id=1)])
    assert take_back(shop, result.run_id) == [("order", 1, "it is gone already")]
    assert shop.count("order") == (0,)


def test_taking_back_happens_once_and_only_what_was_written(shop: Shop) -> None:
    dry = shop.load(shop.csv(row()), dry_run=True)
    result = shop.load(shop.csv(row()))
    again = shop.load(shop.csv(row()))
    take_back(shop, result.run_id)
    for run_id in (dry.run_id, again.run_id, result.run_id):
        with pytest.raises(Conflict):
            take_back(shop, run_id)


def test_it_is_for_who_imported_and_needs_the_rights_of_the_changes(shop: Shop) -> None:
    result = shop.load(shop.csv(row()), login="ann")
    with pytest.raises(NotFound):
        take_back(shop, result.run_id, "rita")
    # Ann may create orders, but not delete them.
    ((form, record_id, reason),) = take_back(shop, result.run_id, "ann")
    assert (form, record_id, shop.count("order")) == ("order", 1, (1,))
    assert reason


def test_every_record_has_one_entry_in_the_audit_that_names_the_import(any_shop: Shop) -> None:
    result = any_shop.load(any_shop.csv(row(), row(单号="A2")))
    with any_shop.office.look(None) as unit:
        query = sa.select(audit.c.form, audit.c.record_id, audit.c.verb, audit.c.channel).where(
            audit.c.request_id == f"import:{result.run_id}"
        )
        found = sorted(tuple(each) for each in unit.connection.execute(query))
        assert recent_runs(unit)[0].id == result.run_id
    assert found == [("order", 1, "created", "import"), ("order", 2, "created", "import")]


def test_a_value_can_be_changed_by_hand_and_still_taken_back_elsewhere(shop: Shop) -> None:
    shop.load(shop.csv(row(), row(产品="P2")))
    result = shop.load(shop.csv(row(数量="7"), row(产品="P2", 数量="8")))
    (first, _), (second, _) = shop.stored("order.lines", "id", "qty")
    with shop.office.act(None) as unit:
        lines = [LineChange(id=first, values={"qty": 70}), LineChange(id=second)]
        apply(unit, [Update(form="order", id=1, lines={"lines": lines})])
    ((form, _, reason),) = take_back(shop, result.run_id)
    assert (form, reason) == ("order", "changed since, and left as it is: Quantity")
    assert [str(qty) for (qty,) in shop.stored("order.lines", "qty")] == ["70.00", "2.00"]
