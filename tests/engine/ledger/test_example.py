"""The example of stock and credit: it is right as it stands, and its story leaves what it says."""

from decimal import Decimal

import pytest

from orderkit.cli.commands.demo import read_story
from orderkit.engine.importing import seeds
from orderkit.engine.opening import runtime_over
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.language.source.directory import read_directory
from orderkit.testing.playing import play
from tests.support.clock import FakeClock
from tests.support.projects import EXAMPLE, compiled

FOLDER = EXAMPLE.parent / "stock-and-credit"


@pytest.fixture
def runtime(databases, dialect, tmp_path):
    mark = databases.mark()
    made = compiled(dict(read_directory(FOLDER)))
    database = databases.make(made, dialect)
    yield runtime_over(made, database, files_folder=tmp_path, clock=FakeClock())
    databases.clear(mark)


def rows(runtime, name):
    with runtime.database.read() as connection:
        table = runtime.database.tables[name]
        return [row._mapping for row in connection.execute(table.select().order_by(table.c.id))]


def test_the_story_leaves_what_was_shipped_reserved_and_given_back(runtime):
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        seeds.apply(unit)
    play(runtime, read_story(FOLDER / "demo"), FOLDER)
    stock = {(row["product"], row["on_hand"], row["reserved"]) for row in rows(runtime, "stock")}
    # 1000 - 300 shipped, 200 reserved; of the other, 60 were reserved and given back, 20 wait.
    assert {each[1:] for each in stock} == {(Decimal(700), Decimal(200)), (Decimal(80), Decimal(20))}
    credit = {(row["open"], row["granted"]) for row in rows(runtime, "credit")}
    assert credit == {(Decimal("7210.00"), Decimal(20000)), (Decimal(0), Decimal(5000))}
