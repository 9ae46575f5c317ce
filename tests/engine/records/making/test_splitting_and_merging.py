"""One record becomes two, several become one, and nothing is lost on the way."""

from decimal import Decimal

import pytest

from orderkit.engine import records
from orderkit.engine.records import LineChange, Update
from orderkit.model.errors import Denied, NotFound, Refused, Stale
from tests.support.deliveries import Sums, numbers, problems


def split(yard, order, moves, *, login="root", revision=None):
    amounts = {row: None if qty is None else Decimal(str(qty)) for row, qty in moves.items()}
    with yard.office.act(login) as unit:
        return records.split(unit, "order", order, amounts, revision=revision).id


def merge(yard, *orders, login="root"):
    with yard.office.act(login) as unit:
        return records.merge(unit, "order", orders).id


def test_whole_rows_and_parts_of_rows_move(yard):
    order = yard.order(10, 4, 1, secret="x")
    first, second, _ = yard.row_ids(order)
    before = Sums.of(yard, order)
    part = split(yard, order, {first: 3, second: None})
    assert yard.quantities("order", order) == numbers(7, 1)
    assert yard.quantities("order", part) == numbers(3, 4)
    assert Sums.of(yard, order, part) == before
    assert yard.office.value("order", part, "origin") == order
    assert yard.office.value("order", part, "secret") == "x"
    assert yard.office.value("order", part, "number") == "SO-002"


def test_all_of_a_row_is_the_row(yard):
    order = yard.order(10, 4)
    first, _ = yard.row_ids(order)
    split(yard, order, {first: 10})
    assert yard.quantities("order", order) == numbers(4)


@pytest.mark.parametrize("part", [0, -1, 11])
def test_a_part_is_a_part(yard, part):
    order = yard.order(10, 4)
    first, _ = yard.row_ids(order)
    with pytest.raises(Refused) as caught:
        split(yard, order, {first: part})
    assert problems(caught.value) == {f"rows.{first}.qty": "over_limit"}


def test_something_moves_and_something_stays(yard):
    order = yard.order(10, 4)
    with pytest.raises(Refused) as caught:
        split(yard, order, {})
    assert problems(caught.value) == {"": "required"}
    with pytest.raises(Refused) as caught:
        split(yard, order, dict.fromkeys(yard.row_ids(order)))
    assert problems(caught.value) == {"": "not_offered"}


def test_what_was_delivered_stays_where_it_is(yard):
    order = yard.order(10, 4)
    first, _ = yard.row_ids(order)
    yard.ship(order, 6)
    with pytest.raises(Refused):
        split(yard, order, {first: 5})
    split(yard, order, {first: 4})
    with pytest.raises(Refused) as caught:
        split(yard, order, {first: None})
    assert {each.code for each in caught.value.problems} == {"in_use"}
    assert yard.quantities("order", order) == numbers(6, 4)


def test_rows_of_another_record_do_not_move(yard):
    order, other = yard.order(10, 4), yard.order(1)
    (foreign,) = yard.row_ids(other)
    with pytest.raises(Refused) as caught:
        split(yard, order, {foreign: None})
    assert problems(caught.value) == {f"rows.{foreign}": "not_open"}


def test_who_may_not_change_a_record_may_not_split_it(yard):
    order = yard.order(10, 4)
    (first, _) = yard.row_ids(order)
    with pytest.raises(Denied):
        split(yard, order, {first: None}, login="wei")
    with pytest.raises(NotFound):
        split(yard, order, {first: None}, login="sam")
    with pytest.raises(Stale):
        split(yard, order, {first: None}, revision=7)


def test_a_record_that_does_not_allow_it_is_not_split(yard):
    order = yard.order(10, 4, ready=False)
    with pytest.raises(Denied):
        split(yard, order, {yard.row_ids(order)[0]: None})


def test_rows_that_agree_become_one(yard):
    first, second = yard.order(10, 4), yard.order(1)
    with yard.office.act("root") as unit:
        rows = {
            "lines": [
                LineChange(id=yard.row_ids(second)[0]),
                LineChange(values={"product": "A", "qty": 5, "price": 3}),
            ]
        }
        records.apply(unit, [Update(form="order", id=second, lines=rows)])
    before = Sums.of(yard, first, second)
    assert merge(yard, first, second) == first
    assert yard.quantities("order", first) == numbers(11, 4, 5)
    assert yard.quantities("order", first, "price") == numbers(2, 2, 3)
    assert Sums.of(yard, first) == before
    with yard.office.look("root") as unit, pytest.raises(NotFound):
        records.get(unit, "order", second)


def test_those_that_differ_do_not_become_one(yard):
    with pytest.raises(Refused) as caught:
        merge(yard, yard.order(1), yard.order(1, customer=yard.other))
    assert "Customer" in caught.value.problems[0].message["en"]
    with pytest.raises(Refused):
        merge(yard, yard.order(1))
    with pytest.raises(Denied):
        merge(yard, yard.order(1), yard.order(1, ready=False))


def test_one_that_others_refer_to_does_not_end(yard):
    first, second = yard.order(1), yard.order(2)
    yard.ship(second, 1)
    with pytest.raises(Refused) as caught:
        merge(yard, first, second)
    assert {each.code for each in caught.value.problems} == {"in_use"}
    assert yard.quantities("order", second) == numbers(2)


def test_who_may_not_change_one_of_them_may_not_merge_them(yard):
    mine, other = yard.order(1, login="sam"), yard.order(1)
    with pytest.raises(NotFound):
        merge(yard, mine, other, login="sam")
    with pytest.raises(Denied):
        merge(yard, mine, other, login="wei")
