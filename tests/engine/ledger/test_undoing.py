"""Undoing a transition: once, in reverse order, as far as what it did is still open."""

from decimal import Decimal

import pytest

from orderkit.engine import records, workflow
from orderkit.engine.records import Delete, Restore
from orderkit.engine.rows import rows_of
from orderkit.engine.workflow import Verb


@pytest.fixture
def placed(shop):
    shop.open(10)
    shop.grant(100)
    order = shop.order({"product": shop.product, "qty": Decimal(5), "now": Decimal(2)})
    shop.do(order, "place")
    return order


def notes_of(shop):
    with shop.office.look(None) as unit:
        table = unit.runtime.database.tables["note"]
        return unit.connection.execute(table.select()).all()


def test_undo_restores_ledgers_and_fields_and_takes_back_what_was_created(shop, placed):
    before = len(notes_of(shop))
    shop.do(placed, "cancel")
    assert shop.numbers() == (Decimal(10), Decimal(0))
    assert shop.numbers("credit") == (Decimal(0), Decimal(100))
    assert shop.office.value("order", placed, "memo") is None
    assert shop.office.value("order", placed, "count") == 0
    assert len(notes_of(shop)) == before - 1


def test_a_second_undo_does_nothing(shop, placed):
    shop.do(placed, "back")
    count = len(shop.entries())
    with shop.office.act(None) as unit:
        row = rows_of(unit).row("order", placed)
        instance = workflow.lock_instance(unit, unit.project.workflow_by_id["life"], row)
        assert workflow.undo_transition(unit, instance, row, "place") == 0
    assert len(shop.entries()) == count
    assert shop.numbers() == (Decimal(10), Decimal(0))


def test_only_the_rest_of_what_a_part_used_up_is_taken_back(shop, placed):
    shop.do(placed, "part")
    shop.do(placed, "cancel")
    assert shop.numbers() == (Decimal(8), Decimal(0))


def test_everything_is_taken_back_in_reverse_order_after_a_part_was_shipped(shop, placed):
    shop.do(placed, "part")
    shop.do(placed, "back")
    assert shop.numbers() == (Decimal(10), Decimal(0))
    assert shop.office.value("order", placed, "status") == "draft"


def test_what_was_used_up_stays_so_where_its_posting_was_taken_back_before(shop, placed):
    shop.do(placed, "part")
    with shop.office.act(None) as unit:
        row = rows_of(unit).row("order", placed)
        instance = workflow.lock_instance(unit, unit.project.workflow_by_id["life"], row)
        workflow.undo_transition(unit, instance, row, "place")
        workflow.undo_transition(unit, instance, row, "part")
    assert shop.numbers() == (Decimal(10), Decimal(0))


def test_a_field_that_holds_something_else_by_now_is_left_alone(shop, placed):
    shop.office.update(None, "order", placed, by_rule=True, memo="changed")
    shop.do(placed, "cancel")
    assert shop.office.value("order", placed, "memo") == "changed"
    assert shop.office.value("order", placed, "count") == 0


def test_a_created_record_that_was_touched_since_stays(shop, placed):
    made = max(note.id for note in notes_of(shop))
    shop.office.update(None, "note", made, text="mine")
    shop.do(placed, "cancel")
    assert shop.office.value("note", made, "text") == "mine"


def test_a_transition_that_is_pressed_again_can_be_undone_again(shop, placed):
    shop.do(placed, "back")
    shop.do(placed, "place")
    assert shop.numbers() == (Decimal(10), Decimal(5))
    shop.do(placed, "cancel")
    assert shop.numbers() == (Decimal(10), Decimal(0))


def test_a_reversal_says_what_it_reverses_and_nothing_is_deleted(shop, placed):
    (reserved,) = (each for each in shop.entries() if each.posting == "reserve" and each.record_id == placed)
    shop.do(placed, "cancel")
    (reversal,) = (each for each in shop.entries() if each.reverses_id == reserved.id)
    assert (reversal.is_reversal, reversal.reserved, reversal.row_id) == (True, Decimal(-5), reserved.row_id)
    assert reserved in shop.entries()


@pytest.mark.parametrize(
    ("leave", "reserved", "memo"),
    [("return", 0, None), ("withdraw", 0, None), ("reject", 4, "asked"), ("approve", 4, "asked")],
)
def test_leaving_an_approval_by_anything_but_approved_undoes_what_led_there_unless_it_is_kept(
    shop, leave, reserved, memo
):
    # `rejected` of this approval says `keep: true`.
    shop.open(10)
    order = shop.order(4)
    shop.do(order, "ask")
    assert shop.numbers() == (Decimal(10), Decimal(4))
    if leave == "withdraw":
        with shop.office.act("ann") as unit:
            workflow.withdraw(unit, "order", order)
    else:
        shop.office.decide("root", Verb(leave), "so")
    assert shop.numbers() == (Decimal(10), Decimal(reserved))
    assert shop.office.value("order", order, "memo") == memo


def test_rule_12_a_withdrawal_runs_the_undo_of_what_led_into_the_approval(shop):
    shop.open(10)
    order = shop.order(4)
    shop.do(order, "ask")
    with shop.office.act("ann") as unit:
        assert workflow.withdraw(unit, "order", order).state == "draft"
    assert shop.numbers() == (Decimal(10), Decimal(0))
    shop.do(order, "ask")
    assert shop.numbers() == (Decimal(10), Decimal(4))


def test_a_record_that_comes_back_from_the_bin_can_still_give_back_what_it_took(shop, placed):
    with shop.office.act(None) as unit:
        records.apply(unit, [Delete(form="order", id=placed)])
    assert shop.numbers() == (Decimal(10), Decimal(5))
    with shop.office.act(None) as unit:
        records.apply(unit, [Restore(form="order", id=placed)])
    shop.do(placed, "part")
    assert shop.numbers() == (Decimal(8), Decimal(3))
    shop.do(placed, "cancel")
    assert shop.numbers() == (Decimal(8), Decimal(0))
