"""Instants around midnight: in lists, groups and calendars each is on the day that its reader's clock shows.

Zones far apart, with half hours, with days of 23 and 25 hours, and with a day that there was not.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderkit.engine import records
from orderkit.engine.records import Filter, Operator, Query
from orderkit.engine.runtime import Channel
from orderkit.engine.zones import zone_seen
from orderkit.web.calendars.days import day_on, moved_to
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project

FORMS = """
form: visit
title: "{name}"
fields:
  name:  {type: text}
  at:    {type: datetime}
  there: {type: datetime, timezone: America/New_York}
list: {columns: [name, at], calendar: at}
"""
ROLE = """
role: helper
forms: {visit: {read: true}}
"""
ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Europe/Berlin",
    "America/Havana",
    "Pacific/Apia",
)
# Berlin and Havana put the clock forward and back; Samoa left out the 30th of December 2011.
DAYS = (date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1), date(2011, 12, 30))
AROUND = (-1, 0, 1, 1799, 3600, 7200)


def _moments() -> list[datetime]:
    """Return moments at and beside every midnight of these zones around these days."""
    found = set()
    for name in ZONES:
        for day in DAYS:
            for shift in (0, 1):
                start = datetime.combine(
                    day + timedelta(days=shift), datetime.min.time(), tzinfo=ZoneInfo(name)
                )
                found |= {start.astimezone(UTC) + timedelta(seconds=each) for each in AROUND}
    return sorted(found)


MOMENTS = _moments()


@pytest.fixture(scope="module")
def office(databases, dialect, tmp_path_factory):
    """One office for all tests here, which only read. Of each record, `there` is the moment of another."""
    mark = databases.mark()
    model = project(FORMS, ROLE)
    opened = open_office(
        model,
        databases.make(model, dialect),
        tmp_path_factory.mktemp("files"),
        FakeClock(),
        [Staff(login="ann", roles=("helper",))],
    )
    with opened.act(None) as unit:
        made = [
            records.Create(form="visit", values={"name": str(index), "at": at, "there": MOMENTS[-1 - index]})
            for index, at in enumerate(MOMENTS)
        ]
        records.apply(unit, made)
    yield opened
    databases.clear(mark)


def _reading(office, zone: str):
    return office.runtime.read(replace(office.person("ann"), timezone=zone), Channel.PAGE)


def _found(unit, query: Query) -> set[int]:
    names: set[int] = set()
    cursor = None
    while True:
        page = records.page(unit, replace(query, cursor=cursor, limit=200, columns=("name",)))
        names |= {int(str(row.values["name"])) for row in page.rows}
        cursor = page.next
        if cursor is None:
            return names


def _seen_at(field: str, index: int) -> datetime:
    return MOMENTS[index] if field == "at" else MOMENTS[-1 - index]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    zone=st.sampled_from(ZONES),
    field=st.sampled_from(["at", "there"]),
    day=st.builds(lambda day, shift: day + timedelta(days=shift), st.sampled_from(DAYS), st.integers(-1, 1)),
    operator=st.sampled_from([Operator.EQUAL, Operator.AT_LEAST, Operator.AT_MOST, Operator.DURING]),
)
def test_a_day_of_a_filter_is_the_day_on_which_a_calendar_puts_it(office, zone, field, day, operator) -> None:
    given_ = day.isoformat() if operator is Operator.DURING else day
    with _reading(office, zone) as unit:
        of = unit.project.form_by_id["visit"].by_id[field]
        clock = zone_seen(of, unit.project, unit.zone)
        wanted = Filter(field=field, operator=operator, values=(given_,))
        found = _found(unit, Query(form="visit", filters=(wanted,)))
    # What the project says of a field itself holds for everybody.
    assert clock.key == ("America/New_York" if field == "there" else zone)
    holds = {
        Operator.AT_LEAST: lambda shown: shown >= day,
        Operator.AT_MOST: lambda shown: shown <= day,
    }.get(operator, lambda shown: shown == day)
    assert found == {i for i in range(len(MOMENTS)) if holds(day_on(_seen_at(field, i), clock))}


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("field", ["at", "there"])
def test_a_month_of_a_group_holds_what_its_days_do(office, zone, field) -> None:
    with _reading(office, zone) as unit:
        clock = zone_seen(unit.project.form_by_id["visit"].by_id[field], unit.project, unit.zone)
        found = records.groups(unit, Query(form="visit"), field, ())
        assert found is not None
        expected: dict[str, set[int]] = {}
        for index in range(len(MOMENTS)):
            month = f"{_seen_at(field, index).astimezone(clock):%Y-%m}"
            expected.setdefault(month, set()).add(index)
        assert {each.key: each.totals.count for each in found.groups} == {
            month: len(of) for month, of in expected.items()
        }
        for month, of in expected.items():
            during = Filter(field=field, operator=Operator.DURING, values=(month,))
            assert _found(unit, Query(form="visit", within=((field, month),))) == of
            assert _found(unit, Query(form="visit", filters=(during,))) == of


@given(
    zone=st.sampled_from([ZoneInfo(name) for name in ZONES]),
    before=st.sampled_from(MOMENTS),
    day=st.sampled_from([each for each in DAYS if each.year > 2011]),
)
def test_what_is_moved_to_a_day_stands_on_it_at_the_same_time_where_there_is_one(zone, before, day) -> None:
    after = moved_to(before, day, zone)
    assert day_on(after, zone) == day
    local, kept = before.astimezone(zone), after.astimezone(zone)
    # Where the clock leaps over it, it is the hour after.
    assert (kept.hour - local.hour) % 24 in {0, 1}
    assert kept.minute == local.minute
    assert day_on(moved_to(None, day, zone), zone) == day
