"""Calendars: what stands on which day, how days are marked, and putting a record on another day."""

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from orderkit.model.errors import NotFound
from orderkit.web.calendars.days import day_on, mark_of, month_of, moved_to, read_span, week_of
from tests.support.projects import project
from tests.web.conftest import enter_order

HERE = "/forms/order/calendar"


def _events(page) -> dict[str, list[str]]:
    """Return the titles on each day that has any."""
    found: dict[str, list[str]] = {}
    for link in page.all("a", "days-link"):
        (day,) = [each.attributes["data-day"] for each in link.ancestors if "data-day" in each.attributes]
        found.setdefault(day, []).append(link.text.split()[0])
    return found


def test_records_stand_on_their_days_by_month_and_by_week(as_, order) -> None:
    reader = as_("zhang")
    assert _events(reader.get(HERE)) == {"2026-03-22": ["SO20260302-0001"]}
    assert _events(reader.get(f"{HERE}/2026-03-18")) == {"2026-03-22": ["SO20260302-0001"]}
    assert _events(reader.get(f"{HERE}/2026-04")) == {}
    assert _events(reader.get(f"{HERE}?f.status=quoted")) == {}
    assert _events(reader.get(f"{HERE}?q=0001")) == {"2026-03-22": ["SO20260302-0001"]}
    assert _events(as_("sun").get(HERE)) == {}


@pytest.mark.parametrize("at", ["x", "2026-13", "2026-02-30", "0001-01", "9999-12", "2026-1", "2026-03-01x"])
def test_what_is_no_month_and_no_day_is_not_found(as_, order, at: str) -> None:
    assert as_("zhang").get(f"{HERE}/{at}").status == 404


def test_a_full_day_leads_to_the_table(as_, office, monkeypatch) -> None:
    from orderkit.web.pages import calendar

    monkeypatch.setattr(calendar, "OF_A_DAY", 1)
    enter_order(office), enter_order(office)
    page = as_("zhang").get(HERE)
    (more,) = page.all("a", "days-more")
    assert more.text == "还有 1 条"
    assert len(as_("zhang").get(more.attributes["href"]).all("a", "row-link")) == 2


def test_a_record_is_put_on_another_day_under_the_rules_of_an_edit(as_, office, order) -> None:
    path = f"{HERE}/{order}/day"
    reader = as_("zhang")
    assert "2026-03-22" in reader.get(path).html
    assert reader.htmx(path, {"to": "2026-03-25", "revision": "1"}).status == 200
    assert office.value("order", order, "need_by") == date(2026, 3, 25)
    assert reader.htmx(path, {"to": "2026-03-26", "revision": "1"}).status == 409
    refused = reader.htmx(path, {"to": "2026-03-01"})
    assert (refused.status, "不能早于下单日期" in refused.html) == (422, True)
    assert reader.htmx(path, {"to": "soon"}).status == 422
    assert as_("sun").htmx(path, {"to": "2026-03-27"}).status == 404
    assert office.value("order", order, "need_by") == date(2026, 3, 25)


def test_a_form_without_a_calendar_has_none(as_) -> None:
    assert as_("root").get("/forms/customer/calendar").status == 404


def test_holidays_and_days_worked_in_their_stead_are_marked() -> None:
    shop = project(
        """
calendar: factory
label: {zh: 工厂, en: Factory}
week: {mon-fri: ["08:00-17:00"]}
holidays: [{days: 2026-10-01..2026-10-07, label: {zh: 国庆, en: National Day}}]
workdays: [{day: 2026-10-10, label: {zh: 调休, en: made up}}]
""",
        orderkit="""
project: shop
label: Shop
version: 1.0.0
locale: zh-CN
timezone: Asia/Shanghai
currency: CNY
calendar: factory
""",
    )

    def marked(day: int) -> tuple[bool, bool, str]:
        mark = mark_of(shop, date(2026, 10, day), "zh-CN")
        return mark.is_free, mark.is_swapped, mark.label

    assert [marked(day) for day in (1, 3, 9, 10, 11)] == [
        (True, True, "国庆"),
        (True, False, "国庆"),
        (False, False, ""),
        (False, True, "调休"),
        (True, False, ""),
    ]


def test_a_month_is_whole_weeks_and_goes_on_without_a_gap() -> None:
    month = month_of(date(2026, 2, 14))
    for _ in range(14):
        days = [day for week in month.weeks for day in week]
        assert all(week[0].isoweekday() == 1 and len(week) == 7 for week in month.weeks)
        _, length = monthrange(month.anchor.year, month.anchor.month)
        assert [day.day for day in days if month.holds(day)] == list(range(1, length + 1))
        assert month.moved(1).moved(-1) == month
        month = month.moved(1)
    assert month.name == "2027-04"
    week = week_of(date(2026, 3, 1))
    assert (week.name, [each.name for each in (week.moved(1), week.moved(-1))]) == (
        "2026-02-23",
        ["2026-03-02", "2026-02-16"],
    )
    assert read_span("2026-03-01", date(2026, 1, 1)) == week
    with pytest.raises(NotFound):
        read_span("3000-01", date(2026, 1, 1))


def test_an_instant_stands_on_its_day_by_the_clock_of_a_zone_and_keeps_its_time() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    # Past midnight in Shanghai, still the day before in UTC.
    early = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    assert day_on(early, zone) == date(2026, 3, 2)
    assert moved_to(early, date(2026, 3, 9), zone) == datetime(2026, 3, 8, 16, 30, tzinfo=UTC)
    assert day_on(None, zone) is None


def test_a_calendar_its_filters_and_the_table_behind_a_day_go_by_the_clock_of_the_reader(
    as_, office, monkeypatch
) -> None:
    from orderkit.web.pages import calendar

    monkeypatch.setattr(calendar, "OF_A_DAY", 0)
    shop = office.runtime.project
    order = shop.form_by_id["order"]
    by_entry = replace(order, list=replace(order.list, calendar="created_at"))
    monkeypatch.setattr(calendar, "form_of", lambda unit, name: by_entry)
    # Nine on Monday the 2nd in Shanghai is Sunday evening in New York.
    enter_order(office)

    def days(reader) -> dict[str, str]:
        found = {}
        for more in reader.get(f"{HERE}/2026-03").all("a", "days-more"):
            (day,) = [each.attributes["data-day"] for each in more.ancestors if "data-day" in each.attributes]
            found[day] = more.attributes["href"]
        return found

    reader = as_("zhang")
    for zone, day in (("Asia/Shanghai", "2026-03-02"), ("America/New_York", "2026-03-01")):
        reader.get("/account")
        reader.post("/account/preferences", {"timezone": zone, "locale": "zh-CN"})
        reader = as_("zhang")
        (only,) = days(reader).items()
        assert only[0] == day
        assert len(reader.get(only[1]).all("a", "row-link")) == 1
        filtered = reader.get(f"{HERE}/2026-03?f.created_at.from={day}&f.created_at.to={day}")
        assert len(filtered.all("a", "days-more")) == 1
        assert not reader.get(f"{HERE}/2026-03?f.created_at.from=2026-03-03").all("a", "days-more")


@pytest.mark.parametrize(
    ("zone", "hours", "day"), [("Asia/Shanghai", 16, "0001-01-01"), ("America/New_York", 0, "9999-12-31")]
)
def test_a_day_that_lies_in_no_year_of_another_zone_is_refused_as_no_day(
    as_, office, clock, monkeypatch, *, zone: str, hours: int, day: str
) -> None:
    from orderkit.web.pages import calendar

    form = office.runtime.project.form_by_id["order"]
    by_entry = replace(form, list=replace(form.list, calendar="created_at"))
    monkeypatch.setattr(calendar, "form_of", lambda unit, name: by_entry)
    # One at night in Shanghai, and eight in the evening in New York, are another day where instants are kept.
    clock.advance(hours=hours)
    order = enter_order(office)
    reader = as_("zhang")
    reader.get("/account")
    reader.post("/account/preferences", {"timezone": zone, "locale": "zh-CN"})
    refused = as_("zhang").htmx(f"{HERE}/{order}/day", {"to": day})
    assert (refused.status, "这不是日期" in refused.html) == (422, True)
