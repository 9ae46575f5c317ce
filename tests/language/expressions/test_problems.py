"""What a consultant gets wrong is said once, at the very characters, with what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.language.expressions import check_expression, check_template, parse
from orderkit.model.expressions.types import Boolean, Choice, Date, Json, Number, Record, Rows, Text
from tests.support.world import scope

# expression, the characters at fault, the code, a word of the headline
FAULTS = [
    ("", "", "OK3001", "empty"),
    ("1 +", "+", "OK3001", "not finished"),
    ("total * * 2", "*", "OK3001", "cannot stand here"),
    ("total = 1", "=", "OK3001", "cannot stand here"),
    ("urgent && urgent", "&&", "OK3001", "operator `&&`"),
    ("urgent || urgent", "||", "OK3001", "operator `||`"),
    ("!urgent", "!", "OK3001", "operator `!`"),
    ("total <> 1", "<>", "OK3001", "operator `<>`"),
    ("round(total， 1)", "，", "OK3001", "no meaning"),
    ("code == “a”", "“", "OK3001", "no meaning"),
    ("code == 'abc", "'abc", "OK3001", "quote"),
    (r"code == 'a\q'", r"\q", "OK3001", "escape"),
    ("code is null", "is", "OK3001", "cannot stand here"),
    ("code == None", "None", "OK3001", "cannot stand here"),
    ("(total", "total", "OK3001", "not finished"),
    ("total)", ")", "OK3001", "cannot stand here"),
    ("least(a=1, 2)", "2", "OK3001", "must come first"),
    ("sum(lines.qty, where=true, where=true)", "where", "OK3001", "twice"),
    ("1234567890123456789", "1234567890123456789", "OK3001", "18 digits"),
    ("total.", ".", "OK3001", "not finished"),
    ("a" * 4001, "a" * 4001, "OK3002", "4001 characters"),
    ("totl > 3", "totl", "OK3003", "no `totl`"),
    ("row.buyer == customer", "row.buyer == customer", "OK3006", "`==` does not take outside data"),
    ("customer if urgent else row.buyer", "row.buyer", "OK3006", "this is outside data"),
    ("ordered_on in row.days", "ordered_on in row.days", "OK3006", "`in` does not take a date"),
    ("datetime('2026-03-01+08:00')", "'2026-03-01+08:00'", "OK3013", "is not a date and time"),
    ("customer.nme", "nme", "OK3003", "`customer` has no `nme`"),
    ("customer.orders.total > 1", "customer.orders.total", "OK3009", "many rows"),
    ("find(custmer, true)", "custmer", "OK3003", "no form"),
    ("find(customer, nme == 'a')", "nme", "OK3003", "`customer` has no `nme`"),
    ("find(customer, code == name)", "code", "OK3003", "no `code`"),
    ("changed(totl)", "totl", "OK3003", "takes a field"),
    ("today", "today", "OK3003", "no `today`"),
    ("rond(total)", "rond", "OK3004", "no function"),
    ("round()", "round()", "OK3005", "1 to 2 arguments, not 0"),
    ("round(total, 1, 2)", "round(total, 1, 2)", "OK3005", "1 to 2 arguments, not 3"),
    ("round(total, count)", "count", "OK3005", "written as a whole number"),
    ("round(total, 13)", "13", "OK3005", "from 0 to 12"),
    ("sum(lines.qty, whre=true)", "whre", "OK3005", "no argument"),
    ("len(code, x=1)", "x", "OK3005", "no argument"),
    ("max(total, price)", "max(total, price)", "OK3005", "one argument"),
    ("coalesce(total)", "coalesce(total)", "OK3005", "at least 2"),
    ("sum(lines)", "lines", "OK3005", "of what"),
    ("total > 'ten'", "'ten'", "OK3006", "does not take an amount in CNY and a text"),
    ("code < 'b'", "'b'", "OK3006", "does not take"),
    ("total and urgent", "total", "OK3006", "not true or false"),
    ("not code", "code", "OK3006", "not true or false"),
    ("1 if total else 2", "total", "OK3006", "not true or false"),
    ("1 if urgent else 'a'", "'a'", "OK3006", "before it stands a number"),
    ("sum(lines.product)", "lines.product", "OK3006", "does not take a text"),
    ("count(lines.done)", "lines.done", "OK3006", "does not take true or false"),
    ("all(lines.qty)", "lines.qty", "OK3006", "does not take a number"),
    ("need_by + 1", "1", "OK3006", "does not take a date and a number"),
    ("need_by - ordered_on", "need_by - ordered_on", "OK3006", "does not take a date and a date"),
    ("need_by > '2026-01-01'", "'2026-01-01'", "OK3006", "does not take a date and a text"),
    ("add_days(need_by, qty)", "qty", "OK3006", "whole number"),
    ("code + 1", "1", "OK3006", "does not take"),
    ("customer == 'ACME'", "'ACME'", "OK3006", "does not take a record"),
    ("customer == seller", "customer == seller", "OK3006", "does not take a record"),
    ("code in 'abc'", "'abc'", "OK3006", "takes a list"),
    ("total in ['a']", "total in ['a']", "OK3006", "does not take"),
    ("total in lines.product", "total in lines.product", "OK3006", "on the left"),
    ("code.length", "length", "OK3006", "has no `length`"),
    ("need_by.year", "year", "OK3006", "has no `year`"),
    ("len(total)", "total", "OK3006", "not a text"),
    ("text(customer)", "customer", "OK3006", "does not take a record"),
    ("find(customer, true, by=name)", "name", "OK3006", "cannot order"),
    ("row['a'] < row['b']", "row['a'] < row['b']", "OK3006", "does not take outside data"),
    ("kind == 'repare'", "'repare'", "OK3007", "no option"),
    ("kind in ['repair', 'repare']", "'repare'", "OK3007", "no option"),
    ("'repare' == kind", "'repare'", "OK3007", "no option"),
    ("kind == ('x' if urgent else 'repair')", "'x'", "OK3007", "no option"),
    ("sum(total)", "total", "OK3009", "takes a collection"),
    ("sum(lines.qty * repairs.total)", "lines.qty * repairs.total", "OK3009", "several collections"),
    ("balance(stock.available)", "stock", "OK3003", "ledger"),
    ("convert(qty, 'kilo', 'kg')", "'kilo'", "OK3030", "no unit `kilo`"),
    ("convert(qty, code, '箱')", "'箱'", "OK3030", "no unit"),
    ("convert(qty, 'kg', 'm')", "'kg', 'm'", "OK3030", "do not measure the same"),
    ("convert(code, 'kg', 'g')", "code", "OK3006", "not a number"),
    ("rmb_upper(code)", "code", "OK3006", "not a number"),
    ("workdays_between(need_by, 3)", "3", "OK3006", "not a date"),
    ("date('2026-02-30')", "'2026-02-30'", "OK3013", "not a date"),
    ("datetime('soon')", "'soon'", "OK3013", "not a date and time"),
    ("fine * fine * fine * price", "fine * fine * fine * price", "OK3015", "28 decimal places"),
]


@pytest.mark.parametrize(("text", "at", "code", "word"), FAULTS, ids=[text[:60] for text, *_ in FAULTS])
def test_a_fault_is_one_problem_at_its_characters(text, at, code, word):
    problems = check_expression(text, scope()).problems
    assert [(text[p.start : p.end], p.code.id) for p in problems] == [(at, code)]
    assert word in problems[0].headline["en"]
    assert problems[0].headline["zh"]


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("totl", "did you mean `total`?"),
        ("kind == 'repare'", "did you mean `repair`?"),
        ("rond(total)", "did you mean `round`?"),
        ("sum(lines.qty, whre=true)", "did you mean `where`?"),
        ("total = 1", "write `==` to compare"),
        ("code == None", "write `null`"),
        ("need_by + 1", "add days with `add_days(date, n)`"),
        ("need_by - ordered_on", "count days with `days_between(a, b)`"),
        ("need_by > '2026-01-01'", "write a date as `date('2026-03-01')`"),
        ("max(total, price)", "use `greatest(…)` between values"),
        ("today", "a function is written `today(…)`"),
        ("find(customer, code == name)", "write `this.code` for the field of the record outside"),
        ("count(lines.done)", "write the condition as `where=`"),
        (
            "customer == 1",
            "a reference compares with records of its form only; or name a field, such as `.name`",
        ),
        ("total > '1'", "convert text with `number(…)`; a number has no quotes"),
    ],
)
def test_help_says_what_to_write(text, help_):
    (problem,) = check_expression(text, scope()).problems
    assert problem.help is not None
    assert problem.help["en"] == help_
    assert problem.help["zh"]


def test_several_faults_are_all_found():
    text = "totl > 1 and kind == 'x' or rond(need_by) == 1"
    found = [(text[p.start : p.end], p.code.id) for p in check_expression(text, scope()).problems]
    assert found == [("totl", "OK3003"), ("'x'", "OK3007"), ("rond", "OK3004")]


@pytest.mark.parametrize(
    "text", ["need_by < today()", "now() > placed_at", "me.name", "find(customer, active).name"]
)
def test_a_stored_value_uses_neither_clock_nor_person_nor_find(text):
    (problem,) = check_expression(text, scope(is_stored=True)).problems
    assert problem.code.id == "OK3010"


def test_changed_has_a_meaning_only_in_a_change():
    (problem,) = check_expression("changed(code)", scope(has_changes=False)).problems
    assert problem.code.id == "OK3011"


@pytest.mark.parametrize(
    ("text", "expected", "is_right"),
    [
        ("'repair'", Choice(("standard", "repair")), True),
        ("'a' if urgent else 'repair'", Choice(("repair",)), False),
        ("code", Choice(("a",)), True),
        ("null", Date(), True),
        ("total", Number(), True),
        ("total", Number(2, "USD"), False),
        ("1", Number(2, "USD"), True),
        ("code", Number(), False),
        ("row.x", Number(2), True),
        ("row.x", Record("customer"), True),
        ("customer", Record("customer"), True),
        ("customer", Record("user"), False),
        ("lines", Rows("order.lines"), True),
        ("lines", Rows(""), True),
        ("lines", Text(), False),
        ("urgent", Boolean(), True),
        ("row.x", Boolean(), True),
        ("placed_at", Date(), False),
        ("total", Json(), True),
        ("customer", Text(), False),
    ],
)
def test_a_value_must_fit_its_place(text, expected, is_right):
    assert (check_expression(text, scope(), expected).expression is not None) == is_right


def test_currencies_do_not_mix():
    from orderkit.language.expressions import FieldScope, FormScope, Scope
    from orderkit.model.expressions.nodes import Root

    forms = {"x": FormScope(fields={"a": FieldScope(Number(2, "CNY")), "b": FieldScope(Number(2, "USD"))})}
    place = Scope(forms=forms, implicit=Root("record", Record("x")))
    for text in ("a + b", "a > b", "a if a > 0 else b", "coalesce(a, b)", "least(a, b)"):
        (problem,) = check_expression(text, place).problems
        assert problem.code.id == "OK3008", text
    for text in ("a * b", "a / b", "a + 1", "a > 0"):
        assert not check_expression(text, place).problems, text


@pytest.mark.parametrize(
    ("text", "at", "code"),
    [
        ("{totl}", "totl", "OK3003"),
        ("订单 {code} {totl} {customer.nme}", "totl", "OK3003"),
        ("{code", "{", "OK3014"),
        ("code}", "}", "OK3014"),
        ("{total:.2f}", ".2f", "OK3014"),
        ("{need_by:%Q}", "%Q", "OK3014"),
        ("{lines}", "lines", "OK3006"),
        ("{seq:4}", "{seq:4}", "OK3011"),
        ("{}", "", "OK3001"),
        ("{code {kind}}", "{", "OK3014"),
    ],
)
def test_a_fault_in_a_template_is_at_its_characters(text, at, code):
    problem = check_template(text, scope()).problems[0]
    assert (text[problem.start : problem.end], problem.code.id) == (at, code)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1000,
        "not " * 1000 + "urgent",
        "-" * 1000 + "1",
        "(" * 51 + "1" + ")" * 51,
        "+".join(["count"] * 200),
        " or ".join(["urgent"] * 80),
        "1 if urgent else " * 70 + "1",
        "[" + ",".join(["1"] * 501) + "]",
        "a" + ".a" * 500,
    ],
    ids=lambda text: text[:12],
)
def test_what_is_too_deep_or_too_long_is_refused_quickly(text):
    (problem,) = check_expression(text, scope()).problems
    assert problem.code.id in ("OK3001", "OK3002")


@given(st.text(max_size=60))
def test_any_text_gives_a_tree_or_problems_and_never_raises(text):
    parsed = parse(text)
    assert (parsed.syntax is None) == bool(parsed.problems)
    for problem in (*check_expression(text, scope()).problems, *check_template(text, scope()).problems):
        assert 0 <= problem.start <= problem.end <= len(text)


WORDS = [
    "total",
    "code",
    "kind",
    "lines",
    "customer",
    "qty",
    ".",
    ",",
    "(",
    ")",
    "[",
    "]",
    "+",
    "-",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    "and",
    "or",
    "not",
    "in",
    "if",
    "else",
    "null",
    "true",
    "1",
    "'a'",
    "sum(",
    "count(",
    "find(",
    "where=",
    "by=",
    "today()",
    "this",
    "old",
    "me",
    "row",
]


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_any_words_give_a_tree_or_problems_and_never_raise(text):
    checked = check_expression(text, scope())
    assert (checked.expression is None) == bool(checked.problems)
