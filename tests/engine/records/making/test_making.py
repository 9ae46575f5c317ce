"""Making one document from another: what is offered, what is open, what is made, and what it may not tell."""

from decimal import Decimal

import pytest

from orderkit.engine import records
from orderkit.model.errors import Denied, NotFound, Refused
from tests.support.deliveries import numbers, problems


def test_what_is_open_is_made_and_falls_with_it(yard):
    order = yard.order(10, 4)
    first, second = yard.row_ids(order)
    delivery = yard.ship(order, 6)
    assert yard.quantities("delivery", delivery) == numbers(6)
    assert yard.rows("delivery", delivery)[0]["order_line"] == first
    assert yard.quantities("order", order, "open_qty") == numbers(4, 4)
    assert yard.office.value("delivery", delivery, "order") == order
    assert yard.office.value("delivery", delivery, "customer") == yard.customer

    (rest,) = yard.make("delivery", order)
    assert yard.quantities("delivery", rest.id) == numbers(4, 4)
    assert [row["order_line"] for row in yard.rows("delivery", rest.id)] == [first, second]


def test_a_picking_tells_what_is_left_and_what_the_tolerance_adds(yard):
    order = yard.order(10)
    yard.ship(order, 6)
    with yard.office.look("wei") as unit:
        found = records.picking(unit, "order", "delivery", [order])
    ((line,),) = [group.lines for group in found.groups]
    (quantity,) = line.quantities
    assert (quantity.open, quantity.most, quantity.preset) == (4, 5, 4)
    assert quantity.is_writable


def test_of_a_whole_that_does_not_fall_what_others_took_is_left_out(yard):
    order = yard.order(10)
    (row,) = yard.row_ids(order)
    yard.make("pickup", order, picks={row: 7})
    with yard.office.look("root") as unit:
        found = records.picking(unit, "order", "pickup", [order])
    assert found.groups[0].lines[0].quantities[0].open == 3
    assert found.groups[0].lines[0].quantities[0].preset == 3


def test_records_that_agree_make_one_each_and_others_another(yard):
    orders = [yard.order(1), yard.order(2), yard.order(3, customer=yard.other)]
    made = yard.make("delivery", *orders)
    assert [yard.quantities("delivery", each.id) for each in made] == [numbers(1, 2), numbers(3)]
    assert [yard.office.value("delivery", each.id, "order") for each in made] == [None, orders[2]]

    statements = yard.make("statement", *(each.id for each in made), source="delivery")
    assert [yard.quantities("statement", each.id) for each in statements] == [numbers(1, 2), numbers(3)]


def test_without_many_each_record_makes_its_own(yard):
    orders = [yard.order(1), yard.order(2)]
    made = yard.make("pickup", *orders)
    assert [yard.office.value("pickup", each.id, "order") for each in made] == orders


def test_a_form_without_lines_is_made_of_the_record_alone(yard):
    order = yard.order(1)
    (claim,) = yard.make("claim", order)
    assert yard.office.value("claim", claim.id, "order") == order


def test_what_was_called_off_is_open_again(yard):
    order = yard.order(10)
    delivery = yard.ship(order, 10)
    with pytest.raises(Refused) as caught:
        yard.make("delivery", order)
    assert problems(caught.value) == {"": "nothing_open"}
    yard.office.do("root", "delivery", delivery, "cancel")
    (again,) = yard.make("delivery", order)
    assert yard.quantities("delivery", again.id) == numbers(10)


def test_offers_say_why_not(yard):
    order = yard.order(10)
    with yard.office.look("wei") as unit:
        (offer,) = records.offers(unit, "order", order)
        assert (offer.target, offer.why, offer.picks) == ("delivery", None, True)
    yard.ship(order, 10)
    with yard.office.look("wei") as unit:
        (offer,) = records.offers(unit, "order", order)
        assert offer.why["en"] == "nothing is left to take"
    yard.office.update("root", "order", order, ready=False, seller=yard.office.ids["wei"])
    with yard.office.look("wei") as unit:
        (offer,) = records.offers(unit, "order", order)
        assert offer.why["en"] == "this record does not allow it now"
    with yard.office.look("sam") as unit:
        assert [each.kind for each in records.list_offers(unit, "order")] == ["merge"]


def test_both_ends_name_each_other_with_quantities(yard):
    order = yard.order(10, 4)
    first, second = yard.ship(order, 6, 1), yard.ship(order, 2)
    with yard.office.look("root") as unit:
        found = records.links(unit, "order", order)
        back = records.links(unit, "delivery", first)
    made = [(each.form, each.id, [total for _, total in each.quantities]) for each in found.made]
    assert made == [("delivery", second, numbers(2)), ("delivery", first, numbers(7))]
    assert [(each.form, each.id) for each in back.origins] == [("order", order)]


# What a person may not do, and may not learn by doing it.


def test_who_may_not_create_the_target_makes_none(yard):
    order = yard.order(1, login="sam")
    with pytest.raises(Denied):
        yard.make("delivery", order, login="sam")
    with pytest.raises(Denied):
        yard.make("delivery", order, login="guest")


def test_a_record_that_may_not_be_read_is_not_there(yard):
    order = yard.order(1, ready=False)
    with pytest.raises(NotFound):
        yard.make("delivery", order, login="wei")
    with pytest.raises(NotFound):
        yard.make("delivery", 4711, login="wei")
    with pytest.raises(NotFound):
        yard.make("customer", order, login="root")


def test_what_the_person_may_not_see_goes_only_where_they_may_not_see_it(yard):
    order = yard.order(1, secret="底价 80")
    delivery = yard.ship(order, 1, login="wei")
    assert yard.office.value("delivery", delivery, "note") is None
    assert yard.office.value("delivery", delivery, "hidden_note") == "底价 80"
    assert yard.quantities("delivery", delivery, "cost") == numbers(1)


def test_who_may_not_see_the_lines_makes_nothing_of_them(yard):
    order = yard.order(1)
    with yard.office.look("kim") as unit:
        found = records.picking(unit, "order", "delivery", [order])
    assert [group.lines for group in found.groups] == [()]
    with pytest.raises(Refused) as caught:
        yard.make("delivery", order, login="kim")
    assert problems(caught.value) == {"": "nothing_open"}


def test_rows_of_another_record_are_refused(yard):
    order, other = yard.order(10), yard.order(10, customer=yard.other)
    (foreign,) = yard.row_ids(other)
    with pytest.raises(Refused) as caught:
        yard.make("delivery", order, picks={foreign: 1})
    assert problems(caught.value) == {f"rows.{foreign}": "not_open"}


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_nothing_and_less_than_nothing_is_no_quantity(yard, quantity):
    order = yard.order(10)
    (row,) = yard.row_ids(order)
    with pytest.raises(Refused) as caught:
        yard.make("delivery", order, picks={row: quantity})
    assert problems(caught.value) == {f"rows.{row}.qty": "check_failed"}


def test_only_quantities_are_picked(yard):
    order = yard.order(10)
    (row,) = yard.row_ids(order)
    with yard.office.act("root") as unit, pytest.raises(Refused) as caught:
        records.make(unit, "order", "delivery", [order], {row: {"cost": Decimal(0)}})
    assert problems(caught.value) == {f"rows.{row}.cost": "unknown_field"}
