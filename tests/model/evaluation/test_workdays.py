"""Working days counted by formula are those counted one by one."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orderkit.model.expressions.evaluation.workdays import STANDARD_WEEK, WorkingDays, workdays_between

# 2026: Thursday 1 October to Wednesday 7 October is free, Saturday 10 October is worked instead.
AUTUMN = WorkingDays(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)), workdays=frozenset({date(2026, 10, 10)})
)
DAYS = st.dates(date(2026, 9, 1), date(2026, 11, 30))
CALENDARS = st.builds(
    WorkingDays,
    week=st.frozensets(st.integers(1, 7)),
    holidays=st.frozensets(DAYS, max_size=8),
    workdays=st.frozensets(DAYS, max_size=8),
)


def is_worked(day: date, calendar: WorkingDays) -> bool:
    if day in calendar.workdays:
        return True
    return day.isoweekday() in calendar.week and day not in calendar.holidays


def test_a_week_and_a_holiday() -> None:
    friday, monday = date(2026, 9, 25), date(2026, 9, 28)
    assert workdays_between(friday, monday, STANDARD_WEEK) == 1
    assert workdays_between(monday, friday, STANDARD_WEEK) == -1
    assert workdays_between(date(2026, 9, 30), date(2026, 10, 11), AUTUMN) == 3
    assert workdays_between(date.min, date.max, STANDARD_WEEK) == 2608614


@given(first=DAYS, second=DAYS, calendar=CALENDARS)
def test_counted_one_by_one(first: date, second: date, calendar: WorkingDays) -> None:
    low, high = sorted((first, second))
    days = [low + timedelta(days=number) for number in range(1, (high - low).days + 1)]
    wanted = sum(is_worked(day, calendar) for day in days)
    assert workdays_between(low, high, calendar) == wanted
    assert workdays_between(high, low, calendar) == -wanted
