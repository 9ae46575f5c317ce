"""The example is changed again and again while it is full of orders: nothing is lost, and it ends as if made afresh."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from orderkit.cli.commands.demo import read_story
from orderkit.engine import records
from orderkit.engine.importing import seeds
from orderkit.engine.records import Create, LineChange, Update
from orderkit.engine.runtime import SYSTEM, Channel, Runtime
from orderkit.language.source.directory import read_directory
from orderkit.model.stored import model_hash
from orderkit.starters import template_files
from orderkit.testing.playing import play
from tests.properties.walking.documents import Files, documents_of, files_of
from tests.properties.walking.values import text_of_number
from tests.properties.walking.walk import Walk
from tests.properties.walking.workflows import change_workflow
from tests.support.projects import EXAMPLE, compiled, example

WRITTEN = dict(read_directory(EXAMPLE))
TEMPLATES = {path: data for path, data in WRITTEN.items() if not path.endswith(".yaml")}
FILES = files_of(documents_of(WRITTEN), TEMPLATES)
BLANK = {path: text.encode() for path, text in template_files("blank").items()}
STEPS, STEPS_OF_WORKFLOWS, STEPS_OF_A_LONG_WALK = 8, 20, 200


def play_demo(runtime: Runtime) -> None:
    """Let the people of the demo work: orders in every state, approvals half-way, receipts, a contract."""
    story = read_story(EXAMPLE / "demo").model_copy(update={"imports": ()})
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        seeds.apply(unit)
    play(runtime, story, EXAMPLE)
    contract = records.upload(
        runtime, SYSTEM, Channel.PAGE, "order", "contract", name="合同.pdf", chunks=[b"%PDF-1.7\n%%EOF\n"]
    )
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        records.apply(unit, [Update(form="order", id=1, values={"contract": contract.id})], by_rule=True)
        records.apply(unit, [_old_order(number) for number in range(1, 4)])


def _old_order(number: int) -> Create:
    lines = [
        {"row_no": row, "ordered_on": date(2015, 1, row), "amount": Decimal(row * 125) / 1000, "qty": row}
        for row in range(1, number + 1)
    ]
    return Create(
        form="history_order",
        values={"order_no": f"US-{number}", "customer_no": f"A{number}"},
        lines={"lines": [LineChange(values=each) for each in lines]},
    )


@pytest.fixture
def make_walk(databases, dialect, tmp_path) -> Iterator[Callable[..., Walk]]:
    """Begins a walk at the example with the people and orders of its demo, or at other files."""
    mark = databases.mark()

    def make(seed: int, files: Files = FILES, populate: Callable[[Runtime], None] = play_demo) -> Walk:
        walk = Walk(
            url=databases.fresh_url(dialect, is_whole=True),
            folder=tmp_path / str(seed),
            random=Random(seed),
            files=files,
            project=compiled(files),
        )
        walk.begin(populate)
        return walk

    yield make
    databases.clear(mark)


def walked(walk: Walk, steps: int, urls: Sequence[str], on_step: Callable[[], None] = lambda: None) -> None:
    """Take steps, and look at the end."""
    for _ in range(steps):
        walk.step()
        on_step()
    walk.end(*urls)


def test_the_yaml_that_is_edited_is_the_example() -> None:
    assert model_hash(compiled(FILES)) == model_hash(example())


@pytest.mark.parametrize(
    ("number", "text"), [("50000", "50000"), ("1.50", "1.5"), ("0.00", "0"), ("-0.0", "0")]
)
def test_numbers_are_told_at_their_shortest(number, text) -> None:
    assert text_of_number(Decimal(number)) == text


def test_rows_outlive_a_walk(make_walk, databases, dialect) -> None:
    walk = make_walk(1)
    walked(walk, STEPS, [databases.fresh_url(dialect) for _ in range(2)])
    assert walk.counted["landed"] > STEPS / 2, walk.counted


def test_so_do_those_of_a_project_that_has_just_begun(make_walk, databases, dialect) -> None:
    walk = make_walk(4, BLANK, lambda _: None)
    walked(walk, STEPS, [databases.fresh_url(dialect) for _ in range(2)])
    assert walk.counted["landed"] > STEPS / 2, walk.counted


# Every step of this walk takes orders along; the other walks take some of the same steps on PostgreSQL.
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_orders_outlive_the_states_in_which_they_stand(make_walk, databases, dialect) -> None:
    orders_are_led_along(make_walk(8), [databases.fresh_url(dialect) for _ in range(2)])


@pytest.mark.soak
@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_so_they_do_on_a_server(make_walk, databases, dialect, progress) -> None:
    urls = [databases.fresh_url(dialect) for _ in range(2)]
    orders_are_led_along(make_walk(8), urls, lambda: progress.step(of=STEPS_OF_WORKFLOWS))


def orders_are_led_along(walk: Walk, urls: Sequence[str], on_step: Callable[[], None] = lambda: None) -> None:
    walk.steps = (change_workflow,)
    walked(walk, STEPS_OF_WORKFLOWS, urls, on_step)
    met = ("orders led out", "orders without a way out", "orders left in peace")
    assert min(walk.counted[each] for each in met) > 0, walk.counted


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rows_outlive_a_long_walk(make_walk, databases, dialect, seed, progress) -> None:
    walk = make_walk(seed)
    walked(
        walk,
        STEPS_OF_A_LONG_WALK,
        [databases.fresh_url(dialect) for _ in range(2)],
        lambda: progress.step(of=STEPS_OF_A_LONG_WALK),
    )
    assert walk.counted["landed"] > STEPS_OF_A_LONG_WALK / 2, walk.counted
