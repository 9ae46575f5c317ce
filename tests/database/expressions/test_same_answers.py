"""SQL gives the answers of Python, on both databases, corner by corner."""

from collections.abc import Callable
from typing import Any

import pytest

from orderkit.model.expressions.evaluation import EvaluationError
from tests.database.expressions.conftest import in_python
from tests.support.world import expression

CORNERS = """
rmb_upper(total)
rmb_upper(count * 1000)
rmb_upper(fine * 1000)
rmb_upper(total / 3)
workdays_between(ordered_on, need_by)
workdays_between(need_by, ordered_on)
workdays_between(need_by, add_days(need_by, count % 40))
convert(qty, 'kg', 't')
convert(qty, 'lb', 'kg')
convert(fine, 'km', 'm')
convert(total, '亩', 'm2')
convert(count, code, 'g')
convert(count, 'g', 'kg' if urgent else 'm')
convert(count, null, 'kg')
round(convert(qty, 'in', 'cm'), 2)
count % 3
count % -3
-count % 3
qty % 0.7
total % 0
count / 3
total / 0
1 / price
total / qty / rate
fine / 3
price * price * price
price * price * fine - fine * 0.1
fine * price * (1 - rate)
fine + qty
fine - fine - fine
fine % 0.3
-fine
abs(fine)
least(fine, qty)
greatest(fine, total, count)
fine > qty
fine >= 0
fine in [0, -1.5, 0.00000001]
concat(customer.name if fine > qty else code, lower('X')) == code
('a' if fine <= price else 'b') == upper('b')
round(fine, 2)
round(fine)
round(total / 3, 1)
round(-0.5)
round(count)
round(qty, 5)
total + price
total - count + price
price * count
total + total + total + total + total + total + total + total + total + total
count * count * count
abs(total)
-total
least(total, price)
greatest(count, qty)
least(ordered_on, need_by)
greatest(need_by, today())
coalesce(total, price, 0)
coalesce(code, kind, '?')
coalesce(need_by, ordered_on)
coalesce(urgent, false)
total if urgent else price
'a' if rate > 0.2 else null
kind if urgent else 'repair'
null if urgent else total
total if rate == null else 0
total == 0
total == 99.99
total > 0.3333
total > 99999999999999999
count < 99999999999999999
count == 7.0
rate != 0
count in [7, -7, null]
kind in ['standard', 'repair']
kind not in ['standard']
code in []
number(code) in data.missing
number(code) in data.sku
kind == 'custom'
kind != 'custom'
code == 'so-1'
code == null
code != null
kind == code
customer == original.customer
customer != null
seller == me
seller != me
seller.department == me.department
customer.active
not customer.active
not urgent
urgent and rate > 0
urgent or rate > 0
rate > 0 and total > 0
rate > 0 or total > 0
not (rate > 0 and total > 0)
urgent == customer.active
true
null
1
'x'
today()
now()
me
me.name
customer
customer.name
original.customer.name
original.original.customer.level
original.original.original.code
len(code)
len(customer.name)
lower(code)
upper(code)
lower(customer.name)
upper('straße ünï')
trim(customer.name)
trim('   ')
contains(code, 'o-')
contains(code, '%')
contains(code, '_')
contains(code, customer.name)
contains(code, null)
starts_with(code, 'SO')
starts_with(code, code)
starts_with(code, 'this is longer than the code')
ends_with(code, '1')
ends_with(code, '_c')
ends_with(code, code)
ends_with(code, 'this is longer than the code')
ends_with('1', code)
replace(code, '-', '')
replace(code, 'SO-1', '')
replace(code, null, 'x')
replace(code, 'o', 'oo')
concat(code, '-', kind)
concat(code, customer.name)
concat(null, null)
concat(code, text(total), text(urgent), text(ordered_on), text(placed_at))
code + '/' + kind
text(count)
text(total)
text(price)
text(fine)
text(rate)
text(urgent)
text(need_by)
text(placed_at)
text(kind)
number('12.345')
number(replace(text(total), '-', ''))
number(text(fine), 8)
number(text(fine), 2)
year(ordered_on)
month(ordered_on)
day(ordered_on)
year(placed_at)
day(placed_at)
day(today())
days_between(ordered_on, need_by)
days_between(need_by, today())
add_days(ordered_on, 30)
add_days(ordered_on, count)
add_days(ordered_on, -60)
add_months(ordered_on, 1)
add_months(ordered_on, -1)
add_months(ordered_on, 12)
add_months(ordered_on, count % 40)
date(placed_at)
date(text(ordered_on))
date('2026-02-28') == ordered_on
datetime(ordered_on)
datetime(text(placed_at))
datetime(text(ordered_on))
datetime('2026-03-31 23:59:59') == placed_at
placed_at < now()
date(placed_at) == today()
ordered_on <= need_by
ordered_on < date('2026-01-31')
total * (1 - rate)
net
net + 1
net > 50
late
weight
customer.owed
sum(lines.qty)
sum(lines.qty * lines.price * (1 - lines.discount))
sum(lines.qty * lines.price, where=lines.done)
sum(lines.qty, where=lines.qty > 0) + 1
sum(lines.qty * rate)
count(lines)
count(lines.qty)
count(lines, where=lines.product == 'bolt')
count(lines, where=lines.product == code)
min(lines.price)
max(lines.qty * lines.price * lines.discount)
min(lines.qty * lines.price * lines.discount)
max(lines.due)
avg(lines.price)
avg(lines.qty * lines.price * lines.discount)
avg(customer.orders.count)
any(lines.qty > 3)
any(lines)
all(lines.qty > -1)
all(lines.done)
all(lines.product != null)
first(lines.product)
last(lines.product)
first(lines.qty, where=lines.product == 'bolt')
last(lines)
first(lines)
first(repairs.code)
last(repairs.total)
count(repairs)
sum(repairs.total)
sum(repairs.customer.level)
sum(repairs.net)
count(customer.orders)
sum(customer.orders.total, where=customer.orders.kind == this.kind)
max(customer.orders.weight)
count(repairs, where=any(lines.product == 'bolt'))
any(repairs.urgent and repairs.customer.active)
code in repairs.code
customer in repairs.customer
find(customer, name == 'Acme Ltd')
find(customer, name == 'Acme Ltd').level
find(customer, name == 'nobody').level
find(customer, level == this.count).name
find(customer, active, by=-level).name
find(customer, true, by=level).name
find(customer, true, by=-credit).name
find(order, original == this, by=total).code
find(order.lines, order == this and qty > 0, by=price).product
find(order, customer == this.customer, by=-ordered_on).customer.name
find(order, true, by=-fine).code
""".strip().splitlines()

ON_LINES = """
order.code
order.customer.name
qty * price * (1 - discount)
qty * price * (1 - discount) > 1000
count(order.lines)
sum(order.lines.qty)
qty == max(order.lines.qty)
find(customer, this.order.customer.id == id, by=id).name
order.late
order.net
position
""".strip().splitlines()


def same(found: dict[int, Any], wanted: dict[int, Any]) -> None:
    assert found == wanted
    for key, value in found.items():
        assert isinstance(value, bool) == isinstance(wanted[key], bool)
        assert isinstance(value, str) == isinstance(wanted[key], str)


@pytest.mark.parametrize("text", [each for each in CORNERS if "find(" not in each])
def test_in_the_browser(text: str, in_browser: Callable[..., dict[int, Any]]) -> None:
    tree = expression(text)
    same(in_browser(tree), in_python(tree))


@pytest.mark.parametrize("text", [each for each in ON_LINES if "find(" not in each])
def test_on_lines_in_the_browser(text: str, in_browser: Callable[..., dict[int, Any]]) -> None:
    tree = expression(text, "order.lines")
    same(in_browser(tree, "order.lines"), in_python(tree, "order.lines"))


@pytest.mark.parametrize("text", CORNERS)
@pytest.mark.parametrize("joins", [True, False], ids=["joined", "alone"])
def test_on_orders(text: str, joins: bool, in_sql: Callable[..., dict[int, Any]]) -> None:
    tree = expression(text)
    same(in_sql(tree, joins=joins), in_python(tree))


@pytest.mark.parametrize("text", ON_LINES)
def test_on_lines(text: str, in_sql: Callable[..., dict[int, Any]]) -> None:
    tree = expression(text, "order.lines")
    same(in_sql(tree, "order.lines"), in_python(tree, "order.lines"))


def test_scales_are_not_confused_when_a_statement_is_reused(in_sql: Callable[..., dict[int, Any]]) -> None:
    for text in ("greatest(7.25, 1)", "greatest(7.5, 1)", "greatest(7.125, 1)"):
        tree = expression(text)
        same(in_sql(tree), in_python(tree))


LONG = [
    " + ".join(["qty * price"] * 58),
    " - ".join(["qty * price", "total"] * 29),
    " + ".join(["total"] * 58),
    " + ".join(["count"] * 40) + " - count + 0.5 - fine",
    " if urgent else ".join(["qty * 1", "total", "count"] * 15),
    " and ".join(["urgent"] * 55),
    " or ".join(["count == 1", "kind == 'repair'"] * 25),
    " + ".join(["code"] * 55),
    "abs(" * 24 + "qty - 1" + ")" * 24,
]


@pytest.mark.parametrize("text", LONG, ids=[text[:30] for text in LONG])
def test_what_is_long_is_no_deeper_for_a_database(text: str, in_sql: Callable[..., dict[int, Any]]) -> None:
    tree = expression(text)
    same(in_sql(tree), in_python(tree))


def test_what_a_database_cannot_read_is_refused_as_such(
    in_sql: Callable[..., dict[int, Any]], dialect: str
) -> None:
    tree = expression("abs(" * 48 + "qty" + ")" * 48)
    if dialect == "postgresql":
        same(in_sql(tree), in_python(tree))
        return
    with pytest.raises(EvaluationError) as refused:
        in_sql(tree)
    assert "nests" in refused.value.explain["en"]


# Doubled 21 times, a letter is too long a text; with 40 it would fill the memory of any machine.
GROWING = "replace(" * 21 + "'o'" + ", 'o', coalesce(code, 'o') if code == null else 'oo')" * 21

REFUSED = (
    """
GROWING
count * 199999999999999999
total + 9999999999999999 + 9999999999999999 + 9999999999999999 + 9999999999999999 + 9999999999999999 + 9999999999999999 + 9999999999999999 + 9999999999999999 + 9999999999999999 + 9999999999999999
sum(customer.orders.count) * 999999999999999999
add_days(need_by, 9999999)
add_months(need_by, 99999)
number(code)
number(code) / 0
number(code) % 0.00
date(code)
datetime(code)
find(customer, level >= this.customer.level)
find(customer, level >= this.customer.level).name
""".strip()
    .replace("GROWING", GROWING)
    .splitlines()
)


@pytest.mark.parametrize("text", REFUSED)
def test_what_python_refuses_sql_refuses(text: str, in_sql: Callable[..., dict[int, Any]]) -> None:
    tree = expression(text)
    with pytest.raises(EvaluationError):
        in_python(tree)
    with pytest.raises(EvaluationError) as refused:
        in_sql(tree)
    assert set(refused.value.explain) == {"zh", "en"}
