"""What no engine carries out yet is left alone: nothing of it is run, and nothing breaks on it."""

import pytest

from orderkit.engine import report
from orderkit.model.errors import NotFound
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
  make: {from: draft, to: made, by: everyone, do: [{post: stock.receive, qty: 1}]}
"""


@pytest.fixture(scope="module")
def office(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    made = project(PART, STOCK, PIECE, LIFE, VALUE)
    yield open_office(made, databases.make(made, dialect), tmp_path_factory.mktemp("office"), FakeClock(), ())
    databases.clear(mark)


def test_a_report_over_a_ledger_is_not_there_yet(office):
    with office.look(None) as unit, pytest.raises(NotFound):
        report.run(unit, "pieces", measures=["pieces"])
