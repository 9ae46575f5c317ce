"""Taking an import back: what it made goes to the bin, what it changed is as it was, the rest is named."""

import pytest
import sqlalchemy as sa

from orderkit.database.schema.system_tables import PRUNING, audit, import_run, setting
from orderkit.engine import audit as audits
from orderkit.engine.importing.reversing import reverse
from orderkit.engine.importing.runs import RunState, find_run, recent_runs
from orderkit.engine.importing.transitions import stop_run
from orderkit.engine.records import Delete, LineChange, Update, apply
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import Conflict, Denied, NotFound
from tests.engine.importing.test_run import LINES, TestHistory
from tests.engine.importing.trading import Shop, row, write_csv


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


def changed(shop: Shop) -> int:
    """Return a run that changed one order."""
    shop.load(shop.csv(row(备注="alt")))
    return shop.load(shop.csv(row(备注="neu"))).run_id


def state_of(shop: Shop, run_id: int) -> RunState:
    with shop.office.look(None) as unit:
        return find_run(unit, run_id).state


def test_what_the_audit_no_longer_tells_stays_and_is_named(shop: Shop) -> None:
    run_id = changed(shop)
    with shop.office.act(None) as unit:
        # As retention does it.
        unit.connection.execute(sa.insert(setting).values(name=PRUNING, value=""))
        unit.connection.execute(sa.delete(audit).where(audit.c.request_id == f"import:{run_id}"))
    ((form, record_id, reason),) = take_back(shop, run_id)
    assert (form, record_id) == ("order", 1)
    assert reason.startswith("its history has been removed")
    assert shop.stored("order", "note") == [("neu",)]


def test_a_personal_value_that_was_erased_stays_and_is_named(shop: Shop) -> None:
    headings = ("客户编码", "客户名称", "税号", "等级")
    shop.load(write_csv(shop.folder / "c.csv", headings, ("C1", "客户C1", "T1", 1)), "customer")
    result = shop.load(write_csv(shop.folder / "c.csv", headings, ("C1", "客户C1", "T2", 2)), "customer")
    with shop.office.act(None) as unit:
        assert audits.erase(unit, "customer", 1)
    assert take_back(shop, result.run_id) == [
        ("customer", 1, "its former value is no longer kept, so it is left as it is: Tax number")
    ]
    assert shop.stored("customer", "tax_no", "level")[0] == ("T2", 1)


def test_a_field_that_is_gone_is_named(shop: Shop) -> None:
    run_id = changed(shop)
    changes = {"colour": ("red", "blue"), "lines.1.size": (1, 2)}
    with shop.office.runtime.write(SYSTEM, Channel.IMPORT, request_id=f"import:{run_id}") as unit:
        audits.write(unit, [audits.Entry(form="order", record_id=1, verb="updated", changes=changes)])
    ((_, _, reason),) = take_back(shop, run_id)
    assert reason == "its former value is no longer kept, so it is left as it is: colour, size"
    assert shop.stored("order", "note") == [("alt",)]


def test_an_import_whose_mapping_is_called_otherwise_is_not_taken_back_halfway(shop: Shop) -> None:
    run_id = changed(shop)
    with shop.office.act(None) as unit:
        unit.connection.execute(sa.update(import_run).values(mapping="formerly"))
    with pytest.raises(Conflict, match="`formerly` is gone or called otherwise"):
        take_back(shop, run_id)
    assert (state_of(shop, run_id), shop.stored("order", "note")) == (RunState.DONE, [("neu",)])
    with shop.office.act(None) as unit:
        unit.connection.execute(sa.update(import_run).values(mapping="orders"))
    assert take_back(shop, run_id) == []
    assert shop.stored("order", "note") == [("alt",)]


def test_it_needs_the_right_to_import(shop: Shop) -> None:
    run_id = changed(shop)
    with shop.office.act(None) as unit:
        unit.connection.execute(sa.update(import_run).values(created_by=shop.office.ids["rita"]))
    with pytest.raises(Denied):
        take_back(shop, run_id, "rita")
    assert state_of(shop, run_id) is RunState.DONE


def test_what_broke_off_is_taken_back_from_there(any_shop: Shop) -> None:
    run_id = any_shop.load(any_shop.csv(*(row(单号=f"A{number}") for number in range(8)))).run_id

    def crash(done: int, total: int) -> None:
        with any_shop.office.act(None) as unit, pytest.raises(Conflict, match="half an import"):
            stop_run(unit, run_id)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reverse(any_shop.office.runtime, SYSTEM, run_id, on_progress=crash)
    assert state_of(any_shop, run_id) is RunState.REVERSAL_FAILED
    assert 0 < any_shop.count("order")[0] < 8
    assert take_back(any_shop, run_id) == []
    assert (state_of(any_shop, run_id), any_shop.count("order")) == (RunState.REVERSED, (0,))


def test_of_two_who_take_an_import_back_each_record_is_taken_back_by_one(any_shop: Shop) -> None:
    run_id = any_shop.load(any_shop.csv(*(row(单号=f"A{number}") for number in range(8)))).run_id

    def meanwhile(done: int, total: int) -> None:
        if done == 1:
            assert take_back(any_shop, run_id) == []

    assert reverse(any_shop.office.runtime, SYSTEM, run_id, on_progress=meanwhile) == ()
    assert (state_of(any_shop, run_id), any_shop.count("order")) == (RunState.REVERSED, (0,))
