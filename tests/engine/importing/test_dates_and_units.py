"""Dates in any order, serial numbers, days without a year, and units behind numbers: read, or asked about."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.engine.importing.matching.date_orders import DateReading, in_order, of_serial
from orderkit.engine.importing.options import DateOrder, Options
from orderkit.engine.importing.preview import preview
from orderkit.engine.importing.runs import RunState
from tests.engine.importing.trading import HEADINGS, Shop, row, told, write_csv, write_xlsx


def days(
    shop: Shop, *texts: str, dates: DateOrder | None = None
) -> tuple[list[object], list[tuple[str, str, str]]]:
    """Return the days that a column becomes, and what is wrong with it."""
    path = shop.csv(*(row(单号=f"D{number}", 日期=text) for number, text in enumerate(texts)))
    result = shop.load(path, options=Options(dates=dates))
    return [day for (day,) in shop.stored("order", "ordered_on")], told(result.problems)


def test_a_column_that_fits_one_order_is_read_in_it(shop: Shop) -> None:
    assert days(shop, "03/04/2026", "25/12/2026") == ([date(2026, 4, 3), date(2026, 12, 25)], [])


@pytest.mark.parametrize(
    "texts", [("03/04/2026", "01/02/2026"), ("25/04/2026", "04/25/2026")], ids=["any", "none"]
)
def test_a_column_that_fits_several_orders_or_none_is_asked_about(shop: Shop, texts: tuple[str, str]) -> None:
    found, problems = days(shop, *texts)
    assert found == []
    assert [(cell, code) for cell, code, _ in problems] == [
        ("C2", "ambiguous_date"),
        ("C3", "ambiguous_date"),
    ]


def test_the_order_that_somebody_chose_holds(shop: Shop) -> None:
    assert days(shop, "03/04/2026", "1-2-26", dates=DateOrder.MONTH) == (
        [date(2026, 3, 4), date(2026, 1, 2)],
        [],
    )


def test_a_date_that_does_not_fit_the_chosen_order_is_refused(shop: Shop) -> None:
    found, problems = days(shop, "25/04/2026", dates=DateOrder.MONTH)
    assert (found, problems) == ([], [("C2", "invalid", "25/04/2026")])


def test_what_stands_year_first_needs_no_order(shop: Shop) -> None:
    found, problems = days(shop, "2024/3/5", "２０２４年３月６日", "20240307", "2024.3.8 10:30")
    assert (found, problems) == ([date(2024, 3, day) for day in (5, 6, 7, 8)], [])


def test_a_day_without_a_year_is_of_this_year_and_that_is_told(shop: Shop) -> None:
    path = shop.csv(row(日期="4月30"), row(单号="B", 日期="12月1日"))
    result = shop.load(path)
    assert [str(day) for (day,) in shop.stored("order", "ordered_on")] == ["2026-04-30", "2026-12-01"]
    assert [(each.cell, each.code) for each in result.warnings] == [("C1", "no_year")]


def test_serial_numbers_are_days(shop: Shop) -> None:
    path = write_xlsx(shop.folder / "s.xlsx", {"x": [HEADINGS, ("A1", "C1", 46082, "", "", "P1", 1, 1, "")]})
    assert shop.load(path).state is RunState.DONE
    assert shop.load(shop.csv(row(单号="B", 日期="46083"))).state is RunState.DONE
    assert [day for (day,) in shop.stored("order", "ordered_on")] == [date(2026, 3, 1), date(2026, 3, 2)]
    assert told(shop.load(shop.csv(row(单号="C", 日期="123"))).problems) == [("C2", "invalid", "123")]


def test_the_preview_asks_before_anything_is_tried(untouched_shop: Shop) -> None:
    path = untouched_shop.csv(row(日期="03/04/2026"))
    with untouched_shop.office.look(None) as unit:
        assert [each.code for each in preview(unit, "orders", path).problems] == ["ambiguous_date"]
        assert preview(unit, "orders", path, options=Options(dates=DateOrder.DAY)).problems == ()


def test_a_very_long_cell_that_begins_like_a_serial_number_is_named(shop: Shop) -> None:
    text = f"46083.{'1' * 70} und mehr"
    assert days(shop, text) == ([], [("C2", "invalid", text)])
    assert of_serial(Decimal("NaN")) is None


@given(st.lists(st.dates(date(1970, 1, 1), date(2069, 12, 31)), min_size=1), st.sampled_from(["/", "-", "."]))
def test_no_column_is_ever_read_as_another_day(found: list[date], mark: str) -> None:
    """A law: whatever is read without being asked is what was written, day first."""
    texts = [f"{day.day}{mark}{day.month}{mark}{day.year}" for day in found]
    reading = DateReading(chosen=None, year=2026).of_column(texts)
    if reading.order is not None:
        assert [in_order(text, reading.order) for text in texts] == [day.isoformat() for day in found]


@given(st.datetimes(datetime(1960, 1, 1), datetime(2099, 1, 1)))  # noqa: DTZ001 - a sheet has no zone
def test_serials_are_counted_as_excel_does(moment: datetime) -> None:
    number = (moment.date() - date(1899, 12, 30)).days
    assert of_serial(str(number)) == moment.date().isoformat()


@pytest.mark.parametrize(
    ("text", "read"),
    [("12 kg", 12), ("1,200kg", 1200), ("１２ＫＧ", 12), ("3", 3), ("3 g", None), ("kg", None)],
)
def test_the_units_of_a_field_may_stand_behind_its_number(shop: Shop, text: str, read: int | None) -> None:
    result = shop.load(write_csv(shop.folder / "w.csv", ("编码", "品名", "重量"), ("W", "w", text)), "parcel")
    assert (result.state is RunState.DONE) is (read is not None), told(result.problems)
    assert [weight for (weight,) in shop.stored("parcel", "weight")] == ([] if read is None else [read])
