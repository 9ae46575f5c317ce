"""A migration may be killed at any moment: the next one goes on, and ends where an undisturbed one ends."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.database.migrating import story
from tests.support.databases import Databases
from tests.support.killing import Killer


class Shop(NamedTuple):
    """A database before the second revision, and what it is after an undisturbed migration in so many steps."""

    url: str
    folder: Path
    steps: int
    end: Any


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    made = Killer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def started(databases: Databases, dialect: str, tmp_path_factory: Any, killer: Killer) -> Shop:
    folder = tmp_path_factory.mktemp("killed") / "migrations"
    url = databases.fresh_url(dialect, is_whole=True)
    story.begin(url, folder)
    copy = databases.copied_url(url)
    steps = killer.count(copy, folder)
    return Shop(url, folder, steps, story.everything(copy))


@pytest.fixture
def copied(started: Shop, databases: Databases) -> Iterator[Callable[[], str]]:
    mark = databases.mark()
    yield lambda: databases.copied_url(started.url)
    databases.clear(mark)


def goes_on_after(killer: Killer, started: Shop, url: str, points: list[int]) -> None:
    for point in points:
        killer.migrate(url, started.folder, at=point)
    answer = killer.migrate(url, started.folder)
    assert answer.startswith("done"), (points, answer)
    assert story.everything(url) == started.end, points


def spread(started: Shop, count: int) -> list[int]:
    """Return as many points, spread over the whole and each drawn within its part."""
    draw = random.Random(6300)
    part = started.steps / count
    return [1 + min(started.steps - 1, int((place + draw.random()) * part)) for place in range(count)]


def test_the_migration_is_long_enough_to_be_broken_off(started, dialect):
    assert started.steps > (60 if dialect == "sqlite" else 150)
    assert started.end[1]["ok_migration_step"] == []
    assert started.end[1]["ok_project_version"] == [("0002",)]
    assert [row[2] for row in started.end[1]["ok_revision"]][-1] is not None


def test_it_goes_on_after_a_kill(killer, started, copied):
    for point in spread(started, 12):
        goes_on_after(killer, started, copied(), [point])


def test_it_goes_on_after_several_kills(killer, started, copied):
    draw = random.Random(6301)
    for _ in range(2):
        goes_on_after(killer, started, copied(), [draw.randint(1, started.steps) for _ in range(3)])


def test_it_goes_on_after_a_kill_at_any_time(killer, started, copied):
    draw = random.Random(6302)
    for _ in range(3):
        url = copied()
        killer.migrate(url, started.folder, after_seconds=draw.uniform(0.01, 0.3))
        goes_on_after(killer, started, url, [])


def test_what_was_begun_is_finished_before_it_is_undone(killer, started, copied, dialect):
    url = copied()
    assert killer.migrate(url, started.folder, at=started.steps // 2) == "killed"
    before = story.everything(started.url)
    done = story.bring(url, started.folder, target="0001")
    # On SQLite the kill left nothing behind.
    expected = [] if dialect == "sqlite" else [("0002", False), ("0002", True)]
    assert [(step.revision, step.is_undone) for step in done.steps] == expected
    schema, rows = story.everything(url)
    assert schema == before[0]
    for name in ("customer", "order"):
        assert rows[name] == before[1][name]


@pytest.mark.soak
def test_it_goes_on_after_a_kill_at_fifty_points_and_thirty_pairs(killer, started, copied, progress):
    draw = random.Random(6303)
    points = [[point] for point in spread(started, 50)]
    points += [[draw.randint(1, started.steps) for _ in range(2)] for _ in range(30)]
    points += [[draw.randint(1, started.steps) for _ in range(3)] for _ in range(4)]
    for each in points:
        goes_on_after(killer, started, copied(), each)
        progress.step(of=len(points))
