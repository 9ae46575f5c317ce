"""What a right expression means: names resolved, types and decimal places worked out."""

import pytest

from orderkit.language.expressions import Scope, check_expression, check_template
from orderkit.model.expressions.nodes import (
    Aggregate,
    AggregateFunction,
    Binary,
    BinaryOperator,
    Call,
    Changed,
    Find,
    Get,
    IsEmpty,
    Literal,
    Root,
    Template,
    TemplatePart,
    Unary,
    UnaryOperator,
)
from orderkit.model.expressions.types import (
    Boolean,
    Choice,
    Date,
    DateTime,
    Json,
    ListOf,
    Nothing,
    Number,
    Record,
    Rows,
    Text,
)
from tests.support.world import expression, project, scope

ORDER = Root("record", Record("order"))
KINDS = Choice(("standard", "custom", "repair"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1", Number(0)),
        ("1.50", Number(2)),
        ("qty + price", Number(4, "CNY")),
        ("qty * price", Number(7, "CNY")),
        ("qty * price * (1 - rate)", Number(11, "CNY")),
        ("total / 3", Number(6, "CNY")),
        ("total / price", Number(6)),
        ("rate - 0.1", Number(4)),
        ("round(total / 3, 2)", Number(2, "CNY")),
        ("sum(lines.qty)", Number(3)),
        ("avg(lines.price)", Number(6, "CNY")),
        ("count(lines)", Number(0)),
        ("coalesce(total, 0)", Number(2, "CNY")),
        ("'a' + code", Text()),
        ("kind + code", Text()),
        ("coalesce(kind, 'repair')", KINDS),
        ("kind if urgent else code", Text()),
        ("customer.name", Text()),
        ("customer.orders", Rows("order")),
        ("first(lines)", Record("order.lines")),
        ("max(lines.due)", Date()),
        ("date(placed_at)", Date()),
        ("datetime(need_by)", DateTime()),
        ("[1, 2.5]", ListOf(Number(1))),
        ("null", Nothing()),
        ("row.a['b'][0]", Json()),
        ("urgent == customer.active", Boolean()),
        ("total if urgent else null", Number(2, "CNY")),
    ],
)
def test_types(text, kind):
    assert expression(text).type == kind


def test_precedence_is_that_of_python():
    samples = {
        "1 + 2 * 3": "1 + (2 * 3)",
        "-count % 3": "(-count) % 3",
        "not urgent and urgent": "(not urgent) and urgent",
        "urgent or urgent and urgent": "urgent or (urgent and urgent)",
        "count - 1 - 1": "(count - 1) - 1",
        "1 if urgent else 2 if urgent else 3": "1 if urgent else (2 if urgent else 3)",
        "not count == 1": "not (count == 1)",
        "count + 1 < 3": "(count + 1) < 3",
        "0 < count < 9": "0 < count and count < 9",
        "count not in [1]": "not (count in [1])",
    }
    for short, long in samples.items():
        assert expression(short) == expression(long), short


def test_a_name_is_a_field_of_the_record_or_a_root():
    assert expression("total") == Get(ORDER, "total", Number(2, "CNY"))
    assert expression("this.total") == expression("total")
    assert expression("old.total") == Get(Root("old", Record("order")), "total", Number(2, "CNY"))
    assert expression("customer.level") == Get(Get(ORDER, "customer", Record("customer")), "level", Number())
    assert expression("row['订单号']") == Get(Root("row", Json()), "订单号", Json())


def test_a_line_names_its_parent_by_the_form():
    line = Root("record", Record("order.lines"))
    assert expression("order.total", "order.lines") == Get(
        Get(line, "order", Record("order")), "total", Number(2, "CNY")
    )


def test_an_aggregate_looks_at_rows_behind_its_prefix():
    found = expression("sum(lines.qty * rate, where=lines.product == code)")
    row = Root("each1", Record("order.lines"))
    assert found == Aggregate(
        AggregateFunction.SUM,
        Get(ORDER, "lines", Rows("order.lines")),
        "each1",
        Binary(
            BinaryOperator.MULTIPLY,
            Get(row, "qty", Number(3)),
            Get(ORDER, "rate", Number(4, is_ratio=True)),
            Number(7),
        ),
        Binary(BinaryOperator.EQUAL, Get(row, "product", Text()), Get(ORDER, "code", Text()), Boolean()),
        Number(7),
    )


def test_aggregates_nest_with_roots_of_their_own():
    found = expression("sum(repairs.total, where=any(repairs.lines.qty > 1))")
    assert isinstance(found, Aggregate)
    assert isinstance(found.where, Aggregate)
    assert (found.row, found.where.row) == ("each1", "each2")
    assert found.where.rows == Get(Root("each1", Record("order")), "lines", Rows("order.lines"))


def test_membership_in_a_field_of_rows_is_an_any():
    assert expression("code in lines.product") == expression("any(code == lines.product)")


def test_find_sees_the_candidate_first_then_this_and_the_parent():
    found = expression(
        "find(order, code == this.product and customer == order.customer, by=-total)", "order.lines"
    )
    line, row = Root("record", Record("order.lines")), Root("each1", Record("order"))
    assert isinstance(found, Find)
    assert (found.form, found.row, found.descending) == ("order", "each1", True)
    assert found.by == Get(row, "total", Number(2, "CNY"))
    assert isinstance(found.where, Binary)
    assert found.where.left == Binary(
        BinaryOperator.EQUAL, Get(row, "code", Text()), Get(line, "product", Text()), Boolean()
    )
    assert found.where.right == Binary(
        BinaryOperator.EQUAL,
        Get(row, "customer", Record("customer")),
        Get(Get(line, "order", Record("order")), "customer", Record("customer")),
        Boolean(),
    )


def test_the_where_of_a_reference_of_a_line_names_the_parent_too():
    base = scope("order.lines")
    place = Scope(
        forms=base.forms,
        implicit=Root("candidate", Record("customer")),
        roots={"this": Root("record", Record("order.lines"))},
    )
    assert not check_expression("name == order.code and level == order.count", place).problems


def test_null_and_the_empty_text_are_tested_for_being_empty():
    empty = IsEmpty(Get(ORDER, "code", Text()))
    assert expression("code == null") == empty
    assert expression("null == code") == empty
    assert expression("code == ''") == empty
    assert expression("code != null") == Unary(UnaryOperator.NOT, empty, Boolean())


def test_texts_are_read_by_the_choice_they_meet():
    assert expression("kind == 'repair'") == Binary(
        BinaryOperator.EQUAL, Get(ORDER, "kind", KINDS), Literal("repair", KINDS), Boolean()
    )
    assert expression("'a' if urgent else 'b'", expected=Choice(("a", "b"))).type == Choice(("a", "b"))


def test_outside_data_is_read_as_what_its_place_takes():
    assert expression("starts_with(row['订单号'], 'C')") == Call(
        "starts_with",
        (Call("json_text", (Get(Root("row", Json()), "订单号", Json()),), Text()), Literal("C", Text())),
        Boolean(),
    )
    assert expression("row.qty * 2").type == Number(6)
    assert expression("row.a == row.b").left.function == "json_text"
    assert expression("row.a if urgent else row.b").type == Json()
    assert expression("(row.a if urgent else row.b) == 'x'").left.function == "json_text"
    assert expression("row.a in row.b").left.function == "json_text"
    assert expression("row.day", expected=Date()) == Call(
        "json_date", (Get(Root("row", Json()), "day", Json()),), Date()
    )


def test_a_date_that_is_written_out_is_a_literal():
    found = expression("date('2026-03-01')")
    assert isinstance(found, Literal)
    assert str(found.value) == "2026-03-01"
    moment = expression("datetime('2026-03-01 08:00')")
    assert isinstance(moment, Literal)
    assert str(moment.value) == "2026-03-01 00:00:00+00:00"


def test_changed_names_a_field_or_a_collection():
    assert expression("changed(total)") == Changed("total")
    assert expression("changed(lines)") == Changed("lines")


@pytest.mark.parametrize(
    ("text", "may_be_empty"),
    [
        ("total", True),
        ("urgent", False),
        ("1", False),
        ("null", True),
        ("coalesce(total, 0)", False),
        ("coalesce(total, qty)", True),
        ("total == null", False),
        ("total > 1", True),
        ("total != null and total > 1", False),
        ("total == null or total > 1", False),
        ("total > 1 and total != null", True),
        ("total if total != null else 0", False),
        ("0 if total == null else total * 2", False),
        ("not (total == null) and total > 1", False),
        ("total > 1 and total < 9", True),
        ("total == null or qty > 1", True),
        ("sum(lines.qty)", False),
        ("count(lines) > 3", False),
        ("max(lines.qty)", True),
        ("any(lines.qty > 1)", False),
        ("1 / 2", False),
        ("1 / 0", True),
        ("1 / count(lines)", True),
        ("customer.active", True),
        ("customer != null and customer.active", False),
        ("this.urgent", False),
        ("me.active", False),
        ("me.department", True),
        ("today() > date('2026-01-01')", False),
        ("find(customer, active).level", True),
        ("changed(total)", False),
        ("concat(code, '-')", False),
        ("row.x", True),
        ("urgent if total > 1 else urgent", False),
        ("kind in ['repair']", True),
        ("kind != null and kind in ['repair']", False),
    ],
)
def test_what_may_be_empty(text, may_be_empty):
    assert check_expression(text, scope()).may_be_empty is may_be_empty


def test_what_is_required_by_then_is_not_empty():
    assert not check_expression("total > 50000", scope(known=frozenset({"total"}))).may_be_empty


def test_templates():
    checked = check_template("SO{ordered_on:%Y%m%d}-{customer.name}{{x}}{seq:4}", scope(has_sequence=True))
    assert checked.expression == Template(
        (
            TemplatePart(text="SO"),
            TemplatePart(expression=Get(ORDER, "ordered_on", Date()), format="%Y%m%d"),
            TemplatePart(text="-"),
            TemplatePart(expression=Get(Get(ORDER, "customer", Record("customer")), "name", Text())),
            TemplatePart(text="{x}"),
            TemplatePart(format="seq:4"),
        )
    )
    quoted = check_template("{concat(code, ':}')}", scope())
    assert not quoted.problems


def test_a_scope_is_built_from_names_and_types_only():
    assert project().form_by_id["order"].by_id["net"].virtual is not None
