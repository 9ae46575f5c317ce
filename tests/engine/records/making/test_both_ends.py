"""Both ends know what came of what, also without a reference, after a merge, and when one end lies in the bin."""

from decimal import Decimal

import pytest

from orderkit.engine import records
from orderkit.engine.records import Delete, Restore, Trace
from orderkit.model.errors import Refused


def ends(yard, login, form, record_id):
    with yard.office.look(login) as unit:
        found = records.links(unit, form, record_id)
    return (
        [(each.form, each.id, each.kind, each.title, each.may_look) for each in found.origins],
        [(each.form, each.id, each.kind, each.title, each.may_look) for each in found.made],
    )


def delete(yard, form, record_id):
    with yard.office.act("root") as unit:
        records.apply(unit, [Delete(form=form, id=record_id)])


def make(yard, target, order, login="root"):
    with yard.office.act(login) as unit:
        return records.make(unit, "order", target, [order])[0].id


def test_a_split_and_a_merge_are_known_at_both_ends(yard):
    order = yard.order(10, 4)
    first, _, *_ = yard.row_ids(order)
    with yard.office.act("root") as unit:
        part = records.split(unit, "order", order, {first: Decimal(3)}).id
    assert ends(yard, "root", "order", part)[0] == [("order", order, Trace.SPLIT, None, False)]
    assert ends(yard, "root", "order", order)[1] == [("order", part, Trace.SPLIT, None, False)]
    with yard.office.act("root") as unit:
        records.merge(unit, "order", [order, part])
    (gone,) = [each for each in ends(yard, "root", "order", order)[0] if each[2] is Trace.MERGED]
    assert gone == ("order", part, Trace.MERGED, "SO-002", True)
    assert [each[4] for each in ends(yard, "wei", "order", order)[0]] == [False]


def test_what_was_merged_away_is_not_restored(yard):
    first, second = yard.order(1), yard.order(2)
    with yard.office.act("root") as unit:
        records.merge(unit, "order", [first, second])
    with pytest.raises(Refused) as refused, yard.office.act("root") as unit:
        records.apply(unit, [Restore(form="order", id=second)])
    assert [each.code for each in refused.value.problems] == ["merged"]


def test_what_was_made_and_deleted_is_told_at_the_other_end(yard):
    order = yard.order(10)
    delivery = make(yard, "delivery", order)
    claim = make(yard, "claim", order)
    delete(yard, "delivery", delivery)
    delete(yard, "claim", claim)
    made = ends(yard, "root", "order", order)[1]
    assert {(form, record_id) for form, record_id, *_ in made} == {("delivery", delivery), ("claim", claim)}
    assert all(may_look for *_, may_look in made)
    with yard.office.act("root") as unit:
        records.apply(unit, [Restore(form="delivery", id=delivery)])
    assert ("delivery", delivery, Trace.MADE, None, False) in ends(yard, "root", "order", order)[1]


def test_nobody_is_told_of_an_end_that_they_may_not_see(yard):
    order = yard.order(10)
    make(yard, "claim", order)
    delivery = make(yard, "delivery", order)
    delete(yard, "delivery", delivery)
    told = ends(yard, "wei", "order", order)[1]
    assert [(form, title, may_look) for form, _, _, title, may_look in told] == [
        ("delivery", "DN-001", False)
    ]
    assert ends(yard, "sam", "order", yard.order(1, login="sam")) == ([], [])
