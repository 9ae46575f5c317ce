"""A transition that splits its record, and one that takes others in."""

import pytest

from orderkit.engine.rows import rows_of
from orderkit.model.errors import Refused
from tests.support.office import Staff, open_office
from tests.support.projects import project

FORM = """
form: order
fields:
  customer: {type: text}
  note:     {type: text}
  lines:
    type: lines
    fields:
      product: {type: text}
      qty:     {type: integer}
      here:    {type: integer, default: 0}
merge: {rows: [product], add: [qty]}
"""
LIFE = """
workflow: life
for: order
state: status
initial: open
states: {open: {edit: []}, late: {}, gone: {final: cancelled}}
transitions:
  part:  {from: open, to: late, by: everyone, do: [{split: lines, where: item.here < item.qty, take: {qty: =item.qty - item.here}, set: {note: rest}}]}
  whole: {from: open, to: late, by: everyone, do: [{split: lines, where: item.here == 0}]}
  join:  {from: open, to: late, by: everyone, do: [{merge: {form: order, where: "customer == this.customer and status == 'open'"}, lines: [lines], run: drop}]}
  eat:   {from: open, to: late, by: everyone, do: [{merge: {form: order, where: "customer == this.customer"}, where: "item.note == 'eat'"}]}
  drop:  {from: open, to: gone, by: system}
"""
ROLE = """
role: clerk
forms: {order: {create: true, read: true, update: true}}
"""


@pytest.fixture
def office(make_database, tmp_path, clock):
    made = project(FORM, LIFE, ROLE)
    return open_office(made, make_database(made), tmp_path, clock, [Staff(login="ann", roles=("clerk",))])


def order(office, *rows, **values):
    lines = [dict(zip(("product", "qty", "here"), row, strict=True)) for row in rows]
    return office.create("ann", "order", {"customer": "甲", **values}, {"lines": lines})


def rows(office, record):
    with office.look(None) as unit:
        row = rows_of(unit).row("order", record)
        return [] if row is None else [(r.get("product"), r.get("qty")) for r in row.rows("lines")]


def test_what_is_not_here_goes_to_a_new_record(office):
    first = order(office, ("A", 5, 5), ("B", 4, 1), ("C", 2, 0))
    office.do("ann", "order", first, "part")
    assert rows(office, first) == [("A", 5), ("B", 1)]
    assert rows(office, first + 1) == [("B", 3), ("C", 2)]
    assert office.value("order", first + 1, "note") == "rest"
    assert office.value("order", first + 1, "status") == "open"
    assert office.value("order", first, "status") == "late"


def test_where_nothing_goes_nothing_is_made(office):
    first = order(office, ("A", 5, 5))
    office.do("ann", "order", first, "part")
    assert rows(office, first) == [("A", 5)]
    assert rows(office, first + 1) == []


def test_where_everything_would_go_it_is_refused(office):
    first = order(office, ("A", 5, 0))
    with pytest.raises(Refused):
        office.do("ann", "order", first, "whole")
    assert rows(office, first) == [("A", 5)]


def test_others_give_their_rows_and_press_their_button(office):
    first = order(office, ("A", 1, 0))
    second, stranger = order(office, ("A", 2, 0), ("B", 3, 0)), order(office, ("A", 9, 0), customer="乙")
    office.do("ann", "order", first, "join")
    assert rows(office, first) == [("A", 3), ("B", 3)]
    assert rows(office, second) == []
    assert office.value("order", second, "status") == "gone"
    assert rows(office, stranger) == [("A", 9)]


def test_others_that_match_are_deleted_without_one(office):
    first, second = order(office, ("A", 1, 0)), order(office, ("B", 2, 0), note="eat")
    kept = order(office, ("C", 3, 0))
    office.do("ann", "order", first, "eat")
    assert rows(office, first) == [("A", 1), ("B", 2)]
    assert rows(office, second) == []
    assert rows(office, kept) == [("C", 3)]
