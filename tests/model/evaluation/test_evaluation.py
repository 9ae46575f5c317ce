"""What only Python evaluates or refuses: outside data, structures, templates, numbers without end."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from orderkit.language.expressions import check_template
from orderkit.model.expressions.evaluation import Environment, EvaluationError, evaluate, holds
from orderkit.model.expressions.nodes import Each, Entry, Get, Root, Structure
from orderkit.model.expressions.types import Boolean, Date, DateTime, Json, ListOf, Number, Rows, Text
from orderkit.model.values.numbers import EXACT
from tests.support.world import ZONE, expression, scope, store


def on_order(key, text, **roots):
    records = store()
    return evaluate(expression(text), records.environment(records.row("order", key), **roots))


def from_row(value, kind):
    return evaluate(
        expression("row.x", expected=kind), Environment(roots={"row": {"x": value}}, timezone=ZONE)
    )


@pytest.mark.parametrize(
    ("value", "kind", "found"),
    [
        ("12.345", Number(2), Decimal("12.345000")),
        ("1,234", Number(), Decimal("1234.000000")),
        (" -3 ", Number(), Decimal("-3.000000")),
        (0.1, Number(2), Decimal("0.100000")),
        (1e-7, Number(), Decimal("0.000000")),
        (7, Number(), Decimal("7.000000")),
        ("", Number(), None),
        (None, Number(), None),
        (12, Text(), "12"),
        (12.5, Text(), "12.5"),
        (True, Text(), "true"),
        ("", Text(), None),
        (True, Boolean(), True),
        ("FALSE", Boolean(), False),
        (1, Boolean(), True),
        ("2026-03-01", Date(), date(2026, 3, 1)),
        ("2026-03-01 23:30", Date(), date(2026, 3, 1)),
        ("2026-03-01T23:30:00Z", Date(), date(2026, 3, 2)),
        (datetime(2026, 3, 1, 16, tzinfo=UTC), Date(), date(2026, 3, 2)),
        (date(2026, 3, 1), Date(), date(2026, 3, 1)),
        ("2026-03-01 08:00", DateTime(), datetime(2026, 3, 1, 0, 0, tzinfo=UTC)),
        ("2026-03-01T08:00:00Z", DateTime(), datetime(2026, 3, 1, 8, 0, tzinfo=UTC)),
    ],
)
def test_outside_data_is_read_as_its_place_takes_it(value, kind, found):
    assert from_row(value, kind) == found


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("abc", Number()),
        ("1.2.3", Number()),
        (True, Number()),
        ([1], Number()),
        (float("nan"), Number()),
        (float("inf"), Number()),
        ("9" * 30, Number()),
        (10**50, Number()),
        (1e300, Number()),
        ({}, Text()),
        ("maybe", Boolean()),
        ("soon", Date()),
        ("2026-02-30", Date()),
        (20260301, Date()),
        ("08:00", DateTime()),
    ],
)
def test_outside_data_that_cannot_be_read_is_an_error_in_both_languages(value, kind):
    with pytest.raises(EvaluationError) as refused:
        from_row(value, kind)
    assert set(refused.value.explain) == {"zh", "en"}


def test_a_path_into_outside_data_is_empty_where_nothing_stands():
    body = {"items": [{"sku": "a"}, {"sku": "b"}], "buyer": {"phone": "1"}}
    assert on_order(1, "row.buyer.phone + '!'", row=body) == "1!"
    assert on_order(1, "row['items'][1].sku == 'b'", row=body) is True
    assert on_order(1, "row.items[9].sku", row=body) is None
    assert on_order(1, "row.nothing.at.all", row=body) is None
    assert on_order(1, "row.buyer", row=body) == {"phone": "1"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("count * 199999999999999999", None),
        ("12345678901234567 * 100", None),
        ("123456789012345678 + 900000000000000000", None),
        ("0 - 123456789012345678 - 900000000000000000", None),
        ("123456789012 * 1.0000000", Decimal(123456789012)),
        ("1234567890123 * 1.0000000", None),
        ("round(1234567890123, 6)", None),
        ("add_days(ordered_on, 99999999)", None),
        ("add_months(ordered_on, 0 - 99999)", None),
        ("find(customer, true)", None),
        ("number(code)", None),
        ("date(code)", None),
    ],
)
def test_what_has_no_value_is_an_error_and_never_a_wrong_one(text, value):
    if value is not None:
        assert on_order(1, text) == value
        return
    with pytest.raises(EvaluationError) as refused:
        on_order(1, text)
    assert refused.value.explain["en"]


def test_digits_beyond_the_default_of_decimal_are_kept():
    # 28 digits are what Python's decimal keeps unless told otherwise.
    product = on_order(1, "-(1234567890.12345678 * 1.00000001 * 1.00000001)")
    assert product < 0
    scaled = 123456789012345678 * 100000001 * 100000001
    assert int(product.copy_abs().scaleb(24, EXACT)) == scaled


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("SO{ordered_on:%Y%m%d}", "SO20260131"),
        ("{code} {customer}", "SO-1 甲公司"),
        ("{kind}", "标准"),
        ("{total} {price} {rate} {qty} {count}", "99.99 0.3333 15% 1.5 7"),
        ("{total * 2}", "199.98"),
        ("{urgent} {not urgent}", "是 否"),
        ("{need_by} {placed_at} {placed_at:%H点}", "2026-03-31 2026-03-31 23:59 23点"),
        ("{original}{original.code}", None),
        ("{{{code}}}", "{SO-1}"),
        ("{row.x}", "7"),
        ("{me} {first(lines)}", "李 SO-1/甲公司/标准 99.99#nut"),
    ],
)
def test_templates_print_as_people_read(template, text):
    checked = check_template(template, scope())
    assert checked.expression is not None, checked.problems
    records = store()
    environment = records.environment(records.row("order", 1), row={"x": 7})
    assert evaluate(checked.expression, environment) == text


def test_structures_and_lists_of_rows():
    records = store()
    environment = records.environment(records.row("order", 1))
    row = Root("item", Json())
    lines = Get(Root("record", expression("this").type), "lines", Rows("order.lines"))
    product = Get(Root("item", expression("first(lines)").type), "product", Text())
    body = Structure(
        (
            Entry("total", expression("total")),
            Entry(
                "lines", Each(lines, "item", None, Structure((Entry("p", product),), Json()), ListOf(Json()))
            ),
        ),
        Json(),
    )
    assert evaluate(body, environment) == {
        "total": Decimal("99.99"),
        "lines": [{"p": "nut"}, {"p": "bolt"}, {"p": None}],
    }
    from_outside = Each(
        Get(Root("row", Json()), "items", Json()), "item", None, Get(row, "a", Json()), ListOf(Json())
    )
    assert evaluate(from_outside, environment.with_root("row", {"items": [{"a": 1}, {"a": 2}]})) == [1, 2]


def test_a_condition_that_is_empty_does_not_hold():
    records = store()
    environment = records.environment(records.row("order", 3))
    assert evaluate(expression("total > 1"), environment) is None
    assert not holds(expression("total > 1"), environment)
    assert not holds(expression("not (total > 1)"), environment)


def test_old_is_empty_for_a_new_record_and_changed_names_fields():
    records = store()
    environment = records.environment(records.row("order", 1))
    assert evaluate(expression("old.total"), environment) is None
    assert evaluate(expression("changed(total)"), environment) is False
    changing = Environment(roots=environment.roots, changed=frozenset({"total"}))
    assert evaluate(expression("changed(total)"), changing) is True
    assert evaluate(expression("changed(code)"), changing) is False


def test_today_is_the_day_in_the_project_s_zone():
    assert on_order(1, "today()") == date(2026, 4, 1)
    assert on_order(1, "date(now())") == date(2026, 4, 1)
