"""Where the project has a calendar, lengths are working time: nights, weekends and holidays count for nothing."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.database.schema.column_types import UtcDateTime
from orderkit.engine.workflow import analytics
from orderkit.engine.workflow.analytics.lengths import Lengths, worked_days
from orderkit.model.working_time import OfficeHours
from tests.engine.workflow.analytics.requests import IN_OFFICE_HOURS

CALENDAR = IN_OFFICE_HOURS.calendars[0]


@pytest.mark.parametrize(
    ("wait", "expected"),
    [("2h", 2), ("4h", 3), ("9h", 8), ("24h", 8), ("25h", 9), ("3d", 16), ("6d", 40), ("7d", 40), ("8d", 48)],
    ids=[
        "in the morning",
        "over lunch",
        "the whole day",
        "over night",
        "into the next morning",
        "over a holiday",
        "over a Saturday that is worked",
        "over a Sunday",
        "into the next week",
    ],
)
def test_times_of_states_are_working_time(desk, wait, expected):
    office = desk.under(IN_OFFICE_HOURS)
    office.lead_a_life(f"{wait} drop")
    with office.asked() as asked:
        (found,) = analytics.state_times(asked)
        assert asked.lengths.calendar == "office"
    assert found.spread.total == timedelta(hours=expected)


def test_where_things_are_stuck_is_weighed_by_working_time(desk):
    """Over the weekend of a holiday nothing waits longer than what came in on a working day before it."""
    office = desk.under(IN_OFFICE_HOURS)
    office.lead_a_life("4d submit 3d now")
    with office.asked() as asked:
        (found,) = analytics.standing(asked)
    assert found.waited == timedelta(hours=16)


ZONES = st.sampled_from(["Asia/Shanghai", "Asia/Kolkata", "America/New_York", "Pacific/Kiritimati"])
MOMENTS = st.integers(0, 13 * 86400).map(
    lambda seconds: datetime(2026, 2, 27, tzinfo=UTC) + timedelta(seconds=seconds)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(MOMENTS, min_size=2, max_size=4), ZONES)
def test_the_database_reckons_as_the_calendar_does(shared, moments, zone):
    first, last = min(moments), max(moments)
    hours = OfficeHours(CALENDAR, ZoneInfo(zone))
    with shared.office.look(None) as unit:
        lengths = Lengths(unit.runtime, worked_days(hours, first, last), "office")
        pairs = [(since, until) for since in moments for until in moments]
        rows = sa.union_all(
            *(
                sa.select(
                    sa.literal(number).label("number"),
                    sa.literal(since, UtcDateTime()).label("since"),
                    sa.literal(until, UtcDateTime()).label("until"),
                )
                for number, (since, until) in enumerate(pairs)
            )
        ).subquery("pairs")
        measured = lengths.measured(sa.select(*rows.c))
        found = (
            unit.connection.execute(sa.select(measured.c.seconds).order_by(measured.c.number)).scalars().all()
        )
    assert list(found) == [hours.between(since, until).total_seconds() for since, until in pairs]
