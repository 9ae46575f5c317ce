"""More than is left is refused through every door, and by two who take at once."""

import threading
from decimal import Decimal

import pytest

from orderkit.engine import records
from orderkit.engine.records import Create, Delete, LineChange, Update
from orderkit.engine.runtime import Channel
from orderkit.model.errors import Refused
from tests.support.deliveries import numbers, problems


def test_more_than_is_left_is_refused_at_its_row(yard):
    order = yard.order(10, 4)
    first, _ = yard.row_ids(order)
    yard.ship(order, 6)
    with pytest.raises(Refused) as caught:
        yard.ship(order, 6, 4)
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == (f"rows.{first}.qty", "over_limit")
    assert problem.message["en"] == "more than is left of what it is made from: at most 5"
    assert yard.quantities("order", order, "shipped") == numbers(6, 0)


def test_the_tolerance_may_be_used_up_and_not_more(yard):
    order = yard.order(10)
    yard.ship(order, 6)
    yard.ship(order, 5)
    with pytest.raises(Refused):
        yard.ship(order, "0.01")


@pytest.mark.parametrize("channel", [Channel.API, Channel.IMPORT, Channel.AUTOMATION])
def test_a_new_record_keeps_to_the_limit_however_it_comes(yard, channel):
    order = yard.order(10)
    (row,) = yard.row_ids(order)
    lines = {"lines": [LineChange(values={"order_line": row, "qty": qty}) for qty in (6, 6)]}
    made = Create(form="delivery", values={"customer": yard.customer}, lines=lines)
    with pytest.raises(Refused) as caught, yard.office.act(None, channel=channel) as unit:
        records.apply(unit, [made])
    assert problems(caught.value) == {"lines.1.qty": "over_limit"}


def test_an_edit_keeps_to_the_limit(yard):
    order = yard.order(10)
    yard.ship(order, 6)
    delivery = yard.ship(order, 4)
    (line,) = yard.rows("delivery", delivery)

    def change(**values):
        with yard.office.act("wei") as unit:
            rows = {"lines": [LineChange(id=line["id"], values=values)]}
            records.apply(unit, [Update(form="delivery", id=delivery, lines=rows)])

    change(qty=5)
    with pytest.raises(Refused) as caught:
        change(qty=6)
    assert problems(caught.value) == {"lines.0.qty": "over_limit"}
    (other,) = yard.row_ids(yard.order(1))
    with pytest.raises(Refused):
        change(order_line=other)


def test_a_record_that_stands_again_is_counted_again(yard):
    order = yard.order(10)
    delivery = yard.ship(order, 10)
    yard.office.do("root", "delivery", delivery, "cancel")
    yard.ship(order, 10)
    with pytest.raises(Refused):
        yard.office.update(None, "delivery", delivery, by_rule=True, status="draft")


def test_the_source_may_not_fall_below_what_was_taken(yard):
    order = yard.order(10)
    yard.ship(order, 6)
    (row,) = yard.row_ids(order)

    def reduce(qty):
        with yard.office.act("root") as unit:
            rows = {"lines": [LineChange(id=row, values={"qty": qty})]}
            records.apply(unit, [Update(form="order", id=order, lines=rows)])

    reduce(6)
    with pytest.raises(Refused) as caught:
        reduce(5)
    assert problems(caught.value) == {"lines.0.qty": "over_limit"}


def test_what_is_taken_back_may_be_taken_again(yard):
    order = yard.order(10)
    delivery = yard.ship(order, 10)
    with yard.office.act(None) as unit:
        records.apply(unit, [Delete(form="delivery", id=delivery)])
    yard.ship(order, 10)


def test_who_may_not_see_the_limit_is_not_told_it(yard):
    order = yard.order(10)
    (row,) = yard.row_ids(order)
    made = Create(
        form="delivery",
        values={"customer": yard.customer},
        lines={"lines": [LineChange(values={"order_line": row, "qty": 50})]},
    )
    with pytest.raises(Refused) as caught, yard.office.act("kim") as unit:
        records.apply(unit, [made], by_rule=True)
    assert caught.value.problems[0].message["en"] == "more than is left of what it is made from"


@pytest.mark.parametrize("target", ["delivery", "pickup"])
def test_two_who_take_of_one_row_at_once_take_turns(yard, target):
    """With and without a computed field of the source that would lock it anyway."""
    order = yard.order(10)
    (row,) = yard.row_ids(order)
    taken, refused, failures = [], [], []
    start = threading.Barrier(4)

    def take():
        start.wait()
        for _ in range(3):
            try:
                yard.make(target, order, picks={row: 2})
                taken.append(2)
            except Refused:
                refused.append(2)
            except Exception as error:  # noqa: BLE001
                failures.append(error)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sum(taken) == 10


def test_who_writes_the_target_waits_for_who_took_first(yard):
    """Through the plain write path, where nobody looked at what is open first."""
    order = yard.order(10)
    (row,) = yard.row_ids(order)
    outcomes = []

    def take(unit):
        lines = {"rows": [LineChange(values={"source": row, "qty": 6})]}
        records.apply(unit, [Create(form="pickup", values={"order": order}, lines=lines)])

    def second():
        try:
            with yard.office.act("root") as unit:
                take(unit)
            outcomes.append("made")
        except Refused:
            outcomes.append("refused")

    follower = threading.Thread(target=second)
    with yard.office.act("root") as unit:
        take(unit)
        follower.start()
        # Without a lock the second would be through by now, having seen nothing of the first.
        follower.join(timeout=1)
        assert outcomes == []
    follower.join()
    assert outcomes == ["refused"]


def test_a_quantity_with_places_is_exact(yard):
    order = yard.order("0.3")
    yard.ship(order, "0.1")
    yard.ship(order, "0.2")
    assert yard.quantities("order", order, "open_qty") == [Decimal("0.00")]
