"""Days and instants are the same in every zone and evaluator, at the hours when clocks are put forward or back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from orderkit.model.expressions.evaluation import evaluate
from tests.support import world
from tests.support.node import BrowserEvaluator, page_of_tables
from tests.support.progress import Progress
from tests.support.world import MemoryRow, MemoryStore, expression

# Half hours, midnights that a clock leaves out (São Paulo, Beirut), days that it leaves out (Apia).
ZONES = [
    "UTC",
    "Asia/Shanghai",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
]
QUESTIONS = """
datetime(code)
datetime(ordered_on)
date(placed_at)
text(placed_at)
date(datetime(ordered_on))
day(placed_at)
placed_at < datetime(code)
today() == date(placed_at)
""".strip().splitlines()
# Whole minutes: a text has no smaller parts, and years whose offsets have no seconds.
MINUTES = st.integers(0, 66 * 365 * 24 * 60).map(
    lambda count: datetime.fromisoformat("1971-01-01") + timedelta(minutes=count)
)
LAW = settings(
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
LONG = settings(LAW, max_examples=2000)
Answers = Callable[..., dict[int, Any]]


def _turning_points(zone: str) -> list[datetime]:
    """Return the times on the clock around which the offset of a zone changes, in some years."""
    found = []
    at = datetime(1986, 1, 1, tzinfo=UTC)
    while at.year < 2027:
        following = at + timedelta(hours=12)
        if at.astimezone(ZoneInfo(zone)).utcoffset() != following.astimezone(ZoneInfo(zone)).utcoffset():
            found.append(at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, minute=0))
        at = following
    return found


TURNING = {zone: _turning_points(zone) for zone in ZONES}


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, datetime]:
    """Return a zone and a time on its clock, more often than not near a change of its offset."""
    zone = draw(st.sampled_from(ZONES))
    if not TURNING[zone] or draw(st.integers(0, 2)) == 0:
        return zone, draw(MINUTES)
    near = draw(st.sampled_from(TURNING[zone]))
    return zone, near + timedelta(minutes=30 * draw(st.integers(-48, 48)))


def assert_same_everywhere(
    zone: str, clock: datetime, in_sql: Answers, browser_evaluator: BrowserEvaluator
) -> None:
    order = {
        **dict.fromkeys(world.tables()["order"][3]),
        "id": 1000,
        "revision": 1,
        "created_at": world.NOW,
        "updated_at": world.NOW,
        "urgent": False,
        "code": clock.isoformat(sep=" ", timespec="minutes"),
        "ordered_on": clock.date(),
        "placed_at": clock.replace(tzinfo=UTC),
    }
    store = MemoryStore({**world.tables(), "order": {1000: order}})
    environment = replace(store.environment(MemoryRow(store, "order", 1000)), timezone=ZoneInfo(zone))
    page = page_of_tables(
        {"order": {1000: order}}, {}, environment, {"record": {"form": "order", "id": 1000}}
    )
    for text in QUESTIONS:
        tree = expression(text)
        wanted = evaluate(tree, environment)
        assert browser_evaluator.evaluate(tree, page) == wanted, (text, zone, clock)
        answers = in_sql(tree, more={"order": {1000: order}}, constants=environment, only=1000)
        assert answers == {1000: wanted}, (text, zone, clock)


@given(moment=moments())
@settings(LAW, max_examples=40)
def test_every_zone(
    moment: tuple[str, datetime], in_sql: Answers, browser_evaluator: BrowserEvaluator
) -> None:
    assert_same_everywhere(*moment, in_sql, browser_evaluator)


@pytest.mark.soak
@given(moment=moments())
@LONG
def test_every_zone_for_long(
    moment: tuple[str, datetime], in_sql: Answers, browser_evaluator: BrowserEvaluator, progress: Progress
) -> None:
    assert_same_everywhere(*moment, in_sql, browser_evaluator)
    progress.step(of=LONG.max_examples)


@pytest.mark.parametrize(
    ("zone", "clock", "instant"),
    [
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:30"),
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"),
        ("America/Sao_Paulo", "2018-11-04 00:00", "2018-11-04 03:00"),
        ("Asia/Shanghai", "1988-04-17 02:30", "1988-04-16 18:30"),
    ],
)
def test_a_clock_put_forward_or_back(
    zone: str, clock: str, instant: str, in_sql: Answers, browser_evaluator: BrowserEvaluator
) -> None:
    at = datetime.fromisoformat(clock)
    assert_same_everywhere(zone, at, in_sql, browser_evaluator)
    environment = replace(
        world.store().environment(), timezone=ZoneInfo(zone), roots={"record": {"code": clock}}
    )
    found = evaluate(expression("datetime(code)"), environment)
    assert found == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_a_day_is_a_day_of_the_zone() -> None:
    assert date(2026, 3, 31) == world.NOW.date()
    assert world.store().environment().today == date(2026, 4, 1)
