"""What rows hold decides about a migration: dates that nobody can read, values that a move leaves behind, doubles."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from orderkit.catalog import built_in
from orderkit.database.changes.judging import judge_all
from orderkit.database.connections.database import open_engine
from orderkit.database.connections.urls import database_url as parsed
from orderkit.database.migrating.migrate import migrate
from orderkit.database.migrating.running import Sizes
from orderkit.database.operations.checks.checking import count_left_behind
from orderkit.database.revisions.writing import write_next_revision
from orderkit.model.errors import Refused
from orderkit.model.stored import model_hash
from tests.database.projects import difference, project

STEP_BY_STEP = Sizes(large=-1, batch=2)
ORDER = "form: order\nfields:\n  placed: {type: date}\n  days: {type: integer}\n  memo: {type: text}\n"
YEARS = {
    "filled": '  due: {type: date, backfill: "add_days(placed, days)"}\n',
    "filled by months": '  due: {type: date, backfill: "add_months(placed, days)"}\n',
    "filled backwards": '  due: {type: date, backfill: "add_days(placed, 0 - days)"}\n',
    "computed": '  due: {type: date, compute: "add_days(placed, days)"}\n',
    "a part of a formula": '  due: {type: integer, compute: "year(add_days(placed, days))"}\n',
    "an instant": '  due: {type: datetime, backfill: "datetime(memo)"}\n',
}


def bring(url: str, text: str, folder: Path, *, sizes: Sizes = Sizes()) -> None:  # noqa: B008 - frozen
    model = project(text)
    write_next_revision(model, built_in(), folder)
    migrate(url, model, built_in(), folder, model_hash=model_hash(model), sizes=sizes)


def insert(url: str, table: str, **values: object) -> None:
    engine = open_engine(parsed(url)).execution_options(orderkit_writes=True)
    stamps = {"created_at": "2026-01-01 00:00:00", "updated_at": "2026-01-01 00:00:00", "revision": 1}
    with engine.begin() as connection:
        columns = {each["name"] for each in sa.inspect(connection).get_columns(table)}
        row = values | {name: value for name, value in stamps.items() if name in columns}
        named = ", ".join(f'"{name}"' for name in row)
        shown = ", ".join("NULL" if each is None else repr(each) for each in row.values())
        connection.exec_driver_sql(f'INSERT INTO "{table}" ({named}) VALUES ({shown})')
    engine.dispose()


def refused(url: str, text: str, folder: Path, *, sizes: Sizes = Sizes()) -> Refused:  # noqa: B008 - frozen
    with pytest.raises(Refused) as caught:
        bring(url, text, folder, sizes=sizes)
    return caught.value


@pytest.mark.parametrize("sizes", [Sizes(), STEP_BY_STEP], ids=["at once", "step by step"])
@pytest.mark.parametrize("field", YEARS.values(), ids=YEARS.keys())
def test_a_date_beyond_the_year_9999_names_its_rows(database_url, tmp_path, field, sizes):
    bring(database_url, ORDER, tmp_path)
    insert(database_url, "order", placed="2026-03-02", days=30, memo="2026-03-02 08:00")
    insert(database_url, "order", placed="2026-03-02", days=3_000_000, memo="9999-12-31 23:30-05:00")
    insert(database_url, "order", placed=None, days=1, memo=None)
    error = refused(database_url, ORDER + field, tmp_path, sizes=sizes)
    (problem,) = error.problems
    assert (problem.known_as.id, problem.path) == ("OK6351", "order.due")
    assert problem.message["en"].endswith("for #2")


@pytest.mark.parametrize("sizes", [Sizes(), STEP_BY_STEP], ids=["at once", "step by step"])
def test_a_conversion_to_a_date_beyond_the_year_9999_names_its_rows(database_url, tmp_path, sizes):
    bring(database_url, ORDER, tmp_path)
    insert(database_url, "order", placed="2026-03-02", days=30)
    insert(database_url, "order", placed="2026-03-02", days=3_000_000)
    after = ORDER.replace("{type: integer}", '{type: date, convert: "add_days(placed, value)"}')
    (problem,) = refused(database_url, after, tmp_path, sizes=sizes).problems
    assert (problem.known_as.id, problem.path) == ("OK6351", "order.days")
    assert problem.message["en"].endswith("for #2")


def test_the_last_and_the_first_day_that_there_are_fit(database_url, tmp_path):
    bring(database_url, ORDER, tmp_path)
    insert(database_url, "order", placed="9999-12-30", days=1)
    insert(database_url, "order", placed="0001-01-02", days=-1)
    bring(database_url, ORDER + YEARS["filled"], tmp_path)
    engine = open_engine(parsed(database_url))
    with engine.connect() as connection:
        due = connection.execute(sa.select(sa.column("due", sa.Date())).select_from(sa.table("order")))
        assert sorted(due.scalars()) == [date.min, date.max]
    engine.dispose()


PRICES = "# customer.yaml\nform: customer\nfields: {name: {type: text}}\n# price.yaml\nform: price\nfields:\n  customer: {type: ref, to: customer}\n  price: {type: money}\n"


def test_decimals_of_doubles_are_shown_as_people_write_them(database_url, tmp_path):
    bring(database_url, PRICES, tmp_path)
    is_sqlite = database_url.startswith("sqlite")
    insert(database_url, "customer", name="a")
    for _ in range(2):
        insert(database_url, "price", customer=1, price=1950 if is_sqlite else "19.50")
    (problem,) = refused(database_url, PRICES + "unique: [[customer, price]]\n", tmp_path).problems
    assert "#1 (1, 19.50), #2 (1, 19.50)" in problem.message["en"]


def test_decimals_of_a_move_are_shown_as_people_write_them(database_url, tmp_path):
    bring(database_url, PRICES, tmp_path)
    is_sqlite = database_url.startswith("sqlite")
    insert(database_url, "customer", name="a")
    insert(database_url, "price", customer=1, price=1950 if is_sqlite else "19.50")
    insert(database_url, "price", customer=1, price=200 if is_sqlite else "2.00")
    after = PRICES.replace("  price: {type: money}\n", "").replace(
        "{name: {type: text}}", "{name: {type: text}, price: {type: money, moved_from: price.price}}"
    )
    (problem,) = refused(database_url, after, tmp_path).problems
    assert "#1 (1, 19.50), #2 (1, 2.00)" in problem.message["en"]


UP = (
    "# customer.yaml\nform: customer\nfields: {name: {type: text}}\n"
    "# order.yaml\nform: order\nfields: {customer: {type: ref, to: customer}, memo: {type: text}}\n"
)
UP_AFTER = UP.replace(", memo: {type: text}", "").replace(
    "{name: {type: text}}", "{name: {type: text}, memo: {type: text, moved_from: order.memo}}"
)
DOWN_AFTER = UP.replace(
    "memo: {type: text}", "memo: {type: text}, name: {type: text, moved_from: customer.name}"
)
DOWN_AFTER = DOWN_AFTER.replace("fields: {name: {type: text}}", "fields: {code: {type: text}}")


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (UP_AFTER, "where order.customer is empty, the value goes to the shadow table only"),
        (DOWN_AFTER, "where no order.customer refers to a row, the value goes to the shadow table only"),
    ],
    ids=["up", "down"],
)
def test_values_that_a_move_leaves_behind_are_counted_and_told_in_the_revision(
    database_url, tmp_path, after, words
):
    bring(database_url, UP, tmp_path)
    insert(database_url, "customer", name="a")
    insert(database_url, "customer", name="b")
    insert(database_url, "customer", name=None)
    insert(database_url, "order", customer=1, memo="x")
    insert(database_url, "order", customer=None, memo="y")
    insert(database_url, "order", customer=None, memo=None)
    found = difference(UP, after)
    (left,) = (
        judgement.left_behind
        for _, judgement in judge_all(found.changes, found.before, found.target)
        if judgement.left_behind is not None
    )
    engine = open_engine(parsed(database_url))
    with engine.connect() as connection:
        assert count_left_behind(connection, left) == 1
    engine.dispose()
    written = write_next_revision(project(after), built_in(), tmp_path)
    assert words in written.script.read_text(encoding="utf-8").split('"""')[1]
