"""What no engine carries out yet is left alone: nothing of it is run, and nothing breaks on it."""

import pytest

from orderkit.engine import report
from orderkit.model.errors import NotFound, Refused
from tests.support.clock import FakeClock
from tests.support.office import open_office
from tests.support.projects import project

PART = "form: part\nfields: {name: {type: text, unique: true}}\n"
STOCK = """
ledger: stock
keys: {part: text}
measures: {on_hand: integer}
never: ["on_hand < 0"]
postings: {receive: {on_hand: +qty}}
"""
PIECE = """
form: piece
fields:
  part: {type: text, required: true}
  memo: {type: text}
  stock: {type: integer, virtual: "balance(stock.on_hand, part=part)"}
"""
VALUE = """
report: pieces
from: stock
measures: {pieces: {agg: sum, expr: on_hand}}
"""
LIFE = """
workflow: life
for: piece
state: status
initial: draft
states: {draft: {}, made: {}, gone: {final: cancelled}}
transitions:
  make: {from: draft, to: made, by: everyone, do: [{post: stock.receive, qty: 1}, {set: {memo: made}}]}
  sell: {from: made, to: gone, by: everyone, guard: [{that: "balance(stock.on_hand, part=part) > 0", error: 没有库存}]}
  drop: {from: made, to: gone, by: everyone, do: [{undo: make}]}
"""


@pytest.fixture(scope="module")
def office(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    made = project(PART, STOCK, PIECE, LIFE, VALUE)
    yield open_office(made, databases.make(made, dialect), tmp_path_factory.mktemp("office"), FakeClock(), ())
    databases.clear(mark)


@pytest.fixture
def piece(office):
    return office.create(None, "piece", {"part": "轴"})


def test_the_actions_beside_a_posting_happen_and_the_posting_does_not(office, piece):
    office.do(None, "piece", piece, "make")
    assert office.value("piece", piece, "memo") == "made"


def test_an_undo_moves_on_without_taking_anything_back(office, piece):
    office.do(None, "piece", piece, "make")
    office.do(None, "piece", piece, "drop")
    assert (office.value("piece", piece, "status"), office.value("piece", piece, "memo")) == ("gone", "made")


def test_a_guard_over_a_balance_refuses_as_long_as_there_is_no_engine(office, piece):
    office.do(None, "piece", piece, "make")
    with pytest.raises(Refused, match="没有库存"):
        office.do(None, "piece", piece, "sell")


def test_a_balance_that_is_read_is_empty(office, piece):
    assert office.value("piece", piece, "stock") is None


def test_a_report_over_a_ledger_is_not_there_yet(office):
    with office.look(None) as unit, pytest.raises(NotFound):
        report.run(unit, "pieces", measures=["pieces"])
