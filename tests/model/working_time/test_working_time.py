"""Working time is counted as people in an office count it, in every zone, over every holiday."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from orderkit.model.calendars import Calendar, Holiday, Workday, WorkingTime
from orderkit.model.labels import label
from orderkit.model.values.durations import time_span
from orderkit.model.working_time import (
    NO_WORK_AHEAD,
    STANDARD_HOURS,
    NoWorkAhead,
    OfficeHours,
    Rest,
    due_after_rests,
    moment_after,
    moment_before,
)
from orderkit.model.working_time.wall_clock import on_the_wall
from tests.support.projects import project

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [SHANGHAI, BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")]
CHINA_FILE = Path(__file__).parents[3] / "examples/order-management/calendars/china.yaml"


@pytest.fixture(scope="module")
def china():
    text = CHINA_FILE.read_text(encoding="utf-8")
    (found,) = project("project: shop\ncalendar: china\n", text).calendars
    return OfficeHours(found, SHANGHAI)


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def shown(moment, zone=SHANGHAI):
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


# Worked 08:30 to 12:00 and 13:30 to 18:00, eight hours a day.
FORWARD = [
    ("an hour within the morning", "2026-03-02 09:00", "1wh", "2026-03-02 10:00"),
    ("an hour over lunch", "2026-03-02 11:30", "1wh", "2026-03-02 14:00"),
    ("until the very end of the day", "2026-03-02 17:00", "1wh", "2026-03-02 18:00"),
    ("eight hours are a day and not one more", "2026-03-02 08:30", "8wh", "2026-03-02 18:00"),
    ("a working day is not 24 working hours", "2026-03-02 10:00", "1wd", "2026-03-03 10:00"),
    ("from Friday to Monday", "2026-03-06 17:00", "2wh", "2026-03-09 09:30"),
    ("begun before work", "2026-03-02 06:00", "1wh", "2026-03-02 09:30"),
    ("begun after work", "2026-03-02 22:00", "1wh", "2026-03-03 09:30"),
    ("begun after work, a day", "2026-03-02 22:00", "1wd", "2026-03-04 08:30"),
    ("begun at lunch, nothing", "2026-03-02 12:30", "0wh", "2026-03-02 13:30"),
    ("begun at the weekend, nothing", "2026-03-07 12:30", "0wd", "2026-03-09 08:30"),
    ("a made-up Saturday counts before Spring Festival", "2026-02-13 17:00", "2wh", "2026-02-14 09:30"),
    ("over Spring Festival of 2026", "2026-02-14 17:00", "2wh", "2026-02-24 09:30"),
    ("days over Spring Festival of 2026", "2026-02-13 10:00", "2wd", "2026-02-24 10:00"),
    ("the made-up Saturday after it", "2026-02-27 10:00", "1wd", "2026-02-28 10:00"),
    ("over Spring Festival of 2025", "2025-01-27 10:00", "1wd", "2025-02-05 10:00"),
    ("the made-up Sunday of 2025", "2025-01-24 10:00", "1wd", "2025-01-26 10:00"),
    ("National Day and Mid-Autumn of 2025", "2025-09-30 16:00", "8wh", "2025-10-09 16:00"),
    ("New Year of 2026", "2025-12-31 16:00", "1wd", "2026-01-04 16:00"),
    ("National Day of 2026 and its Saturday", "2026-09-30 09:00", "3wd", "2026-10-10 09:00"),
    ("a calendar day asks no calendar", "2026-09-30 09:00", "2d", "2026-10-02 09:00"),
    ("a month takes its last day", "2026-01-31 09:00", "1mo", "2026-02-28 09:00"),
    ("minutes", "2026-09-30 23:50", "30min", "2026-10-01 00:20"),
]
BACKWARD = [
    ("within the morning", "2026-03-02 10:00", "1wh", "2026-03-02 09:00"),
    ("over lunch", "2026-03-02 14:00", "1wh", "2026-03-02 11:30"),
    ("from Monday to Friday", "2026-03-09 09:30", "2wh", "2026-03-06 17:00"),
    ("due at midnight, which nobody works", "2026-03-03 00:00", "1wh", "2026-03-02 17:00"),
    ("two days before a holiday ends", "2026-10-08 09:00", "2wd", "2026-09-29 09:00"),
    ("a calendar day", "2026-10-02 09:00", "1d", "2026-10-01 09:00"),
]


@pytest.mark.parametrize(
    ("start", "span", "end"), [each[1:] for each in FORWARD], ids=[each[0] for each in FORWARD]
)
def test_rule_21_a_length_of_working_time_ends_when_an_office_says(china, start, span, end):
    assert shown(moment_after(at(start), time_span(span), china)) == end


@pytest.mark.parametrize(
    ("end", "span", "start"), [each[1:] for each in BACKWARD], ids=[each[0] for each in BACKWARD]
)
def test_rule_21_a_reminder_comes_so_much_working_time_before(china, end, span, start):
    assert shown(moment_before(at(end), time_span(span), china)) == start


@pytest.mark.parametrize("year", [2025, 2026])
def test_each_year_has_the_working_days_that_the_notices_leave(china, year):
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    assert sum(bool(china.stretches(day)) for day in days) == 248


def test_a_time_that_the_last_day_does_not_work_is_the_end_of_its_work():
    half_saturday = Calendar(
        id="shop",
        label=label(en="Shop"),
        week=(
            *(STANDARD_HOURS.week[0] for _ in range(5)),
            (WorkingTime(start_minute=540, end_minute=720),),
            (),
        ),
    )
    hours = OfficeHours(half_saturday, SHANGHAI)
    assert shown(hours.days_after(at("2026-03-06 16:00"), 1)) == "2026-03-07 12:00"


def test_a_night_shift_goes_on_over_midnight_and_over_the_clock_change():
    night = (
        WorkingTime(start_minute=0, end_minute=360),
        WorkingTime(start_minute=22 * 60, end_minute=1440),
    )
    hours = OfficeHours(Calendar(id="n", label=label(en="Night"), week=(night,) * 7), BERLIN)
    # On 29 March 2026 the clock jumps from 02:00 to 03:00: the shift has seven hours of work instead of eight.
    begin = at("2026-03-28 22:00", BERLIN)
    assert shown(hours.after(begin, timedelta(hours=7)), BERLIN) == "2026-03-29 06:00"
    assert hours.between(begin, at("2026-03-29 22:00", BERLIN)) == timedelta(hours=7)
    # On 25 October it is shown from 02:00 to 03:00 twice.
    assert hours.between(at("2026-10-24 22:00", BERLIN), at("2026-10-25 22:00", BERLIN)) == timedelta(hours=9)


def test_a_day_keeps_the_time_on_the_wall_when_the_clocks_change():
    hours = OfficeHours(STANDARD_HOURS, BERLIN)
    friday = at("2026-03-27 17:00", BERLIN)
    for span in ("1wd", "3d"):
        assert shown(moment_after(friday, time_span(span), hours), BERLIN) == "2026-03-30 17:00"
    assert moment_after(friday, time_span("72h"), hours) == friday.astimezone(UTC) + timedelta(hours=72)


def test_a_time_that_the_clock_jumps_over_is_the_moment_of_the_jump():
    left_out = datetime.fromisoformat("2026-03-29 02:30")
    assert on_the_wall(left_out, BERLIN) == datetime(2026, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize("span", ["1wh", "1wd", "999999wd"])
def test_a_calendar_without_work_is_refused_with_a_code_and_never_searched_for_ever(span):
    monday = (WorkingTime(start_minute=540, end_minute=720),)
    free = Holiday(first=date(2026, 1, 1), last=date(2100, 1, 1))
    empty = Calendar(
        id="empty", label=label(zh="空", en="Empty"), week=(monday, *((),) * 6), holidays=(free,)
    )
    with pytest.raises(NoWorkAhead) as refused:
        moment_after(at("2026-03-02 09:00"), time_span(span), OfficeHours(empty, SHANGHAI))
    (problem,) = refused.value.problems
    assert problem.code == NO_WORK_AHEAD
    assert "Empty" in problem.message["en"]
    assert "空" in problem.message["zh"]


def test_a_length_beyond_all_dates_is_the_last_of_them():
    hours = OfficeHours(STANDARD_HOURS, SHANGHAI)
    for span in ("999999mo", "999999d"):
        later = moment_after(at("2026-03-02 09:00"), time_span(span), hours)
        assert later > at("2027-01-01")
        assert moment_before(at("2026-03-02 09:00"), time_span(span), hours) < at("2026-01-01")


@st.composite
def calendars(draw):
    def day():
        edges = sorted(draw(st.lists(st.integers(0, 96), min_size=2, max_size=4, unique=True)))
        pairs = zip(edges[::2], edges[1::2], strict=False)
        return tuple(WorkingTime(start_minute=15 * a, end_minute=15 * b) for a, b in pairs)

    week = (*(day() if draw(st.booleans()) else () for _ in range(6)), day())
    first = draw(st.dates(date(2026, 3, 1), date(2026, 11, 30)))
    last = first + timedelta(days=draw(st.integers(0, 9)))
    made_up = draw(st.dates(date(2026, 3, 1), date(2026, 11, 30)))
    return Calendar(
        id="any",
        label=label(en="Any"),
        week=week,
        holidays=(Holiday(first=first, last=last),),
        workdays=(Workday(day=made_up, times=day()),),
    )


HOURS = st.builds(OfficeHours, calendars(), st.sampled_from(ZONES))
MOMENTS = st.integers(0, 275 * 24 * 60).map(lambda minute: at("2026-03-01", UTC) + timedelta(minutes=minute))
LENGTHS = st.integers(0, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))


def is_worked(hours, moment):
    days = [hours.day_of(moment) + timedelta(days=number) for number in (-1, 0)]
    return any(start <= moment <= end for day in days for start, end in hours.stretches(day))


@given(hours=HOURS, start=MOMENTS, first=LENGTHS, second=LENGTHS)
def test_adding_one_length_and_then_another_is_adding_both(hours, start, first, second):
    assert hours.after(hours.after(start, first), second) == hours.after(start, first + second)
    assert hours.before(hours.before(start, first), second) == hours.before(start, first + second)


@given(hours=HOURS, start=MOMENTS, length=LENGTHS)
def test_what_was_added_lies_between_and_is_worked(hours, start, length):
    later, earlier = hours.after(start, length), hours.before(start, length)
    assert is_worked(hours, later)
    assert is_worked(hours, earlier)
    assert hours.between(start, later) == length
    assert hours.between(earlier, start) == length
    assert hours.between(later, start) == -length


@given(hours=HOURS, start=MOMENTS, length=LENGTHS)
def test_forward_and_back_leaves_no_work_between(hours, start, length):
    back = hours.before(hours.after(start, length), length)
    assert hours.between(start, back) == timedelta()


@given(hours=HOURS, first=MOMENTS, second=MOMENTS, length=LENGTHS, days=st.integers(0, 30))
def test_who_begins_later_is_never_done_earlier(hours, first, second, length, days):
    first, second = sorted((first, second))
    assert hours.after(first, length) <= hours.after(second, length)
    assert hours.before(first, length) <= hours.before(second, length)
    assert hours.days_after(first, days) <= hours.days_after(second, days)
    assert hours.days_before(first, days) <= hours.days_before(second, days)


@given(hours=HOURS, start=MOMENTS, first=st.integers(0, 20), second=st.integers(0, 20))
def test_working_days_are_counted_day_by_day(hours, start, first, second):
    later = hours.days_after(start, first + second)
    assert is_worked(hours, later)
    assert is_worked(hours, hours.days_before(start, first))
    assert hours.day_of(hours.days_after(hours.days_after(start, first), second)) == hours.day_of(later)


@given(moments=st.tuples(MOMENTS, MOMENTS), zone=st.sampled_from(ZONES))
def test_a_later_time_on_the_wall_is_never_an_earlier_instant(moments, zone):
    first, second = sorted(moment.replace(tzinfo=None) for moment in moments)
    assume(first != second)
    assert on_the_wall(first, zone) <= on_the_wall(second, zone)


def test_a_rest_leaves_what_was_left():
    hours = OfficeHours(STANDARD_HOURS, SHANGHAI)
    start, eight = at("2026-03-02 09:00"), time_span("8wh")
    paused = Rest(begin=at("2026-03-02 11:00"), end=at("2026-03-04 11:00"))
    assert shown(due_after_rests(start, eight, [paused], hours)) == "2026-03-04 18:00"
    assert due_after_rests(start, eight, [Rest(begin=at("2026-03-02 11:00"))], hours) is None
    late = Rest(begin=at("2026-03-05 11:00"))
    assert shown(due_after_rests(start, eight, [late], hours)) == "2026-03-02 18:00"
    by_the_clock = due_after_rests(start, time_span("3h"), [paused], hours)
    assert shown(by_the_clock) == "2026-03-04 12:00"


@given(
    hours=HOURS, start=MOMENTS, count=st.integers(1, 60), minutes=st.lists(st.integers(0, 4000), max_size=6)
)
def test_however_often_a_clock_rests_as_much_is_worked_while_it_runs(hours, start, count, minutes):
    moments = [start + timedelta(minutes=sum(minutes[: number + 1])) for number in range(len(minutes))]
    rests = [Rest(begin=a, end=b) for a, b in zip(moments[::2], moments[1::2], strict=False)]
    due = due_after_rests(start, time_span(f"{count}wh"), rests, hours)
    rested = sum(
        (hours.between(min(rest.begin, due), min(rest.end, due)) for rest in rests), start=timedelta()
    )
    assert hours.between(start, due) - rested == timedelta(hours=count)
