"""A simulation asks the people of the database and says why, and leaves the database as it was, byte for byte."""

import hashlib
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.engine.opening import runtime_over
from orderkit.engine.records import Create, LineChange, apply
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import NotFound, Refused
from orderkit.model.labels import text_of
from orderkit.model.values.durations import time_span
from orderkit.testing.simulating.simulating import Wish, simulate
from orderkit.testing.stage import Somebody, Stage
from tests.support.clock import FakeClock
from tests.testing.scenarios.office import project_of

PEOPLE = (
    Somebody(login="boss", name="Boss", roles=("lead",)),
    Somebody(login="seller", name="Seller", roles=("sales",), manager="boss"),
    Somebody(login="other", name="Other", roles=("sales", "lead")),
)
MODEL = project_of()


@pytest.fixture
def runtime(databases, dialect, tmp_path):
    mark = databases.mark()
    runtime = runtime_over(
        MODEL, databases.make(MODEL, dialect), files_folder=tmp_path, clock=FakeClock(), catalog=built_in()
    )
    Stage(runtime).make_people(PEOPLE)
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        apply(unit, [Create(form="customer", values={"code": "C1"})])
    yield runtime
    databases.clear(mark)


def walked(runtime, **wish):
    span = time_span(wish.pop("pace", "1wh"))
    assert span is not None
    wish = {"values": {}, **wish}
    return simulate(runtime, Wish(workflow=MODEL.workflow_by_id["life"], pace=span, **wish))


def told(walk):
    return [(step.who, step.state, step.target) for step in walk.steps]


def test_each_step_has_who_takes_it_and_why(runtime):
    (walk,) = walked(runtime, login="seller")
    assert told(walk) == [
        ("seller", "draft", "review"),
        ("boss", "review", "planned"),
        ("seller", "planned", "done"),
    ]
    assert walk.steps[1].why == {"zh": "负责人的上级", "en": "the manager of the owner"}
    assert (walk.ends, walk.is_final, walk.stopped) == ("done", True, None)


def test_a_computed_value_may_be_supposed(runtime):
    """`total` is computed from lines: the walk goes as if it were another number."""
    (walk,) = walked(runtime, login="seller", values={"total": "60000"})
    assert [(step.who, text_of(step.what, "en")) for step in walk.steps[1:4]] == [
        ("boss", "approves: 主管"),
        (None, "passes big by itself (auto:duplicate)"),
        ("other", "approves: 大额"),
    ]
    (condition,) = walk.steps[3].conditions
    assert (condition.text, condition.holds) == ("coalesce(total, 0) > 1000", True)
    assert [value["en"] for _, value in condition.values] == ["60,000.00"]
    assert walk.forced == ("total",)


def test_a_value_that_people_give_is_given(runtime):
    (walk,) = walked(runtime, login="seller", values={"term": "credit", "customer": "C1"})
    assert "passes credit by itself (auto:duplicate)" in [text_of(step.what, "en") for step in walk.steps]
    assert walk.forced == ()


def test_everybody_takes_their_time_by_the_working_hours(runtime):
    (walk,) = walked(runtime, login="seller", pace="8wh")
    zone = runtime.timezone
    assert [f"{step.at.astimezone(zone):%a %H:%M}" for step in walk.steps] == [
        "Mon 09:00",
        "Mon 18:00",
        "Tue 18:00",
    ]


def test_records_that_are_there_go_on_from_where_they_are(runtime):
    stage = Stage(runtime)
    with stage.acting("seller") as unit:
        lines = {"lines": [LineChange(values={"qty": 1, "price": Decimal(5)})]}
        stage.create(unit, "order", {"customer": 1}, lines, name="a")
        stage.create(unit, "order", {"customer": 1}, lines, name="b")
    with stage.acting("seller") as unit:
        stage.press(unit, "b", "place", {})
    second, first = walked(runtime, is_about_existing=True)
    assert (first.begins, second.begins) == ("draft", "review")
    assert told(second) == [("boss", "review", "planned"), ("seller", "planned", "done")]


def test_records_of_a_file_are_made_as_they_are_written(runtime):
    given = [
        {"customer": "C1", "lines": [{"qty": "2", "price": "700"}]},
        {"customer": "C1", "term": "credit"},
    ]
    big, credit = walked(runtime, login="seller", given=given)
    assert [step.who for step in big.steps] == ["seller", "boss", None, "other", "seller"]
    assert "passes credit by itself (auto:duplicate)" in [text_of(step.what, "en") for step in credit.steps]


def test_where_nobody_can_go_on_it_says_why(runtime):
    (walk,) = walked(runtime, login="seller", values={"total": "0"})
    assert (walk.ends, walk.is_final) == ("draft", False)
    assert walk.stopped == {"zh": "提交：没有金额", "en": "提交: 没有金额"}


@pytest.mark.parametrize(
    ("wish", "error", "part"),
    [
        ({"login": "nobody"}, NotFound, "there is no user `nobody`"),
        ({"values": {"totl": "1"}}, NotFound, "has no field `totl`"),
        ({"values": {"total": "much"}}, Refused, "total: `much`"),
        ({"values": {"customer": "C9"}}, NotFound, "there is no customer `C9`"),
        ({"login": "boss"}, Refused, ""),
    ],
)
def test_what_cannot_be_simulated_is_refused(runtime, wish, error, part):
    with pytest.raises(error) as refused:
        walked(runtime, **wish)
    assert part in refused.value.explain["en"]
    assert set(refused.value.explain) >= {"zh", "en"}


@contextmanager
def unchanged(runtime):
    """See to it that the block leaves the database as it was: on SQLite the very bytes of its file."""
    before = _content(runtime)
    yield
    assert _content(runtime) == before


def _content(runtime):
    import sqlalchemy as sa

    database = runtime.database
    metadata = sa.MetaData()
    metadata.reflect(database.engine)
    with database.read() as connection:
        rows = {
            name: sorted(map(repr, connection.execute(table.select()).all()))
            for name, table in metadata.tables.items()
        }
    if database.dialect != "sqlite":
        return rows, ""
    database.engine.dispose()
    content = Path(database.engine.url.database).read_bytes()
    return rows, hashlib.sha256(content).hexdigest()


def test_the_database_is_byte_for_byte_as_it_was(runtime):
    with unchanged(runtime):
        for values in ({}, {"total": "60000"}, {"term": "credit"}):
            (walk,) = walked(runtime, login="seller", values=values)
            assert walk.is_final
