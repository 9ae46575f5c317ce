"""Random expressions that are right: text by type, made of the fields of the small world; and random records."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

Texts = st.SearchStrategy[str]

# Characters that programs get wrong: wide, outside the basic plane, with case only outside of ASCII.
_CHARACTERS = "ab Zé'\"\\%_-1甲公司𠮷😀ßİ"
_SHORT_TEXTS = st.text(_CHARACTERS, max_size=5)
# The ends of months and of leap years more often than chance would have them.
_DAYS = st.one_of(
    st.sampled_from(
        [date(2024, 2, 29), date(2026, 1, 31), date(2000, 2, 29), date(1999, 12, 31), date(2026, 2, 28)]
    ),
    st.dates(date(1902, 1, 1), date(2099, 12, 31)),
)
# Midnight in the project's zone is 16:00 in UTC.
_INSTANTS = st.one_of(
    st.builds(
        lambda day, second: datetime(day.year, day.month, day.day, 15, 59, second, tzinfo=UTC),
        _DAYS,
        st.just(59),
    ),
    st.builds(lambda day: datetime(day.year, day.month, day.day, 16, tzinfo=UTC), _DAYS),
    st.datetimes(datetime(1902, 1, 1), datetime(2099, 1, 1)).map(lambda each: each.replace(tzinfo=UTC)),  # noqa: DTZ001 - made aware
)

NUMBERS = [
    "qty", "fine", "total", "price", "rate", "count", "net", "customer.level", "customer.credit", "customer.owed",
    "original.total", "original.customer.level", "0", "1", "-2", "3", "0.5", "1.005", "7.25", "0.0001",
    "len(code)", "count(lines)", "sum(lines.qty)", "sum(repairs.count)", "max(lines.price)", "avg(lines.discount)",
    "workdays_between(ordered_on, need_by)", "convert(qty, 'kg', 'lb')", "convert(count, '斤', 'kg')",
    "count(customer.orders, where=any(lines.qty > 1))", "sum(customer.orders.total, where=total > this.total)",
]  # fmt: skip
DATES = [
    "ordered_on", "need_by", "customer.since", "today()", "date('2024-02-29')", "date(placed_at)", "max(lines.due)",
    "date(datetime(ordered_on))", "date(datetime('2026-03-01T20:00:00Z'))", "date(now())",
]  # fmt: skip
TEXTS = [
    "code", "customer.name", "kind", "'SO-1'", "'o'", "'%'", "'甲'", "first(lines.product)", "me.name",
    "'𠮷😀'", "rmb_upper(total)", "rmb_upper(qty * 1000)", "text(placed_at)", "text(need_by)", "last(customer.orders.code)",
]  # fmt: skip
BOOLEANS = [
    "urgent", "customer.active", "late", "true", "false", "any(lines.qty > 1)", "all(lines.done)",
    "kind == 'repair'", "kind in ['standard', 'custom']", "customer == original.customer", "seller == me",
    "placed_at < now()", "datetime(need_by) <= placed_at", "placed_at == datetime(ordered_on)", "code == '😀'",
]  # fmt: skip


def _written(pattern: str, *parts: Texts) -> Texts:
    """Return texts made of parts: `{}` stands for each in turn."""
    return st.tuples(*parts).map(lambda given: pattern.format(*given))


def _operation(operators: str, left: Texts, right: Texts) -> Texts:
    return _written("({} {} {})", left, st.sampled_from(operators.split()), right)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _numbers(depth: int) -> Texts:
    literals = st.decimals(-1000, 1000, places=3).map(lambda value: format(value, "f"))
    leaf = st.one_of(st.sampled_from(NUMBERS), literals)
    if depth == 0:
        return leaf
    number, day, condition = _numbers(depth - 1), _days(depth - 1), _conditions(depth - 1)
    row = st.sampled_from(
        ["lines.qty", "lines.price", "lines.discount", "lines.qty * lines.price", "(lines.qty - rate)"]
    )
    return st.one_of(
        leaf,
        _operation("+ - / %", number, number),
        _operation("*", st.sampled_from(["qty", "price", "rate", "count", "fine", "-2", "0.0001"]), leaf),
        _written("abs({})", number),
        _written("-{}", number),
        _written("round({}, {})", number, st.integers(0, 4).map(str)),
        _written("least({}, {})", number, number),
        _written("greatest({}, {})", number, number),
        _written("coalesce({}, {})", number, number),
        _written("({} if {} else {})", number, condition, number),
        _written("{}({})", st.sampled_from(["year", "month", "day"]), day),
        _written("days_between({}, {})", day, day),
        _written("workdays_between({}, {})", day, day),
        _written("len({})", _texts(depth - 1)),
        _written(
            "{}(lines.qty + {}, where=lines.price {})",
            st.sampled_from(["sum", "min", "max", "avg"]),
            row,
            st.sampled_from(["> 0", "== 1.25", "!= rate", "<= total"]),
        ),
    )


def _days(depth: int) -> Texts:
    leaf = st.one_of(st.sampled_from(DATES), _DAYS.map(lambda day: f"date('{day}')"))
    if depth == 0:
        return leaf
    day, condition = _days(depth - 1), _conditions(depth - 1)
    few = st.sampled_from(["count % 7", "-3", "30", "len(code)"])
    return st.one_of(
        leaf,
        _written("add_days({}, {})", leaf, few),
        _written("add_months({}, {})", leaf, few),
        _written("least({}, {})", day, day),
        _written("coalesce({}, {})", day, day),
        _written("({} if {} else {})", day, condition, day),
    )


def _texts(depth: int) -> Texts:
    leaf = st.one_of(st.sampled_from(TEXTS), _SHORT_TEXTS.filter(bool).map(_quoted))
    if depth == 0:
        return leaf
    text, condition = _texts(depth - 1), _conditions(depth - 1)
    return st.one_of(
        leaf,
        _written("concat({}, {})", text, text),
        _operation("+", text, text),
        _written("{}({})", st.sampled_from(["lower", "upper", "trim"]), text),
        _written("replace({}, {}, {})", text, leaf, leaf),
        _written("text({})", st.one_of(_numbers(depth - 1), _days(depth - 1), condition)),
        _written("({} if {} else {})", text, condition, text),
    )


def _conditions(depth: int) -> Texts:
    leaf = st.sampled_from(BOOLEANS)
    if depth == 0:
        return leaf
    number, day, text, condition = (
        _numbers(depth - 1),
        _days(depth - 1),
        _texts(depth - 1),
        _conditions(depth - 1),
    )
    return st.one_of(
        leaf,
        _operation("== != < <= > >=", number, number),
        _operation("== != < >=", day, day),
        _operation("and or", condition, condition),
        _written("(not {})", condition),
        _written("{}({}, {})", st.sampled_from(["contains", "starts_with", "ends_with"]), text, text),
        _written("({} {} null)", st.one_of(number, day, text), st.sampled_from(["==", "!="])),
        _written("({} in [{}, {}])", number, number, number),
    )


def expressions(depth: int = 3) -> Texts:
    """Return expressions of every type, nested up to `depth`."""
    return st.one_of(_numbers(depth), _days(depth), _texts(depth), _conditions(depth))


def _decimals(places: int, size: int) -> st.SearchStrategy[Any]:
    # Halves at the last place but one are where rounding shows.
    halves = st.integers(-99, 99).map(lambda units: Decimal(10 * units + 5).scaleb(-places))
    return st.one_of(st.none(), halves, st.decimals(-(10**size), 10**size, places=places))


def orders() -> st.SearchStrategy[dict[str, Any]]:
    """Return the stored values of a random order of the world."""
    return st.fixed_dictionaries(
        {
            "code": st.one_of(st.none(), _SHORT_TEXTS.map(lambda text: text or None)),
            "kind": st.sampled_from([None, "standard", "custom", "repair"]),
            "customer": st.sampled_from([None, 1, 2, 3, 4]),
            "seller": st.sampled_from([None, 1, 2]),
            "ordered_on": st.one_of(st.none(), _DAYS),
            "need_by": st.one_of(st.none(), _DAYS),
            "placed_at": st.one_of(st.none(), _INSTANTS),
            "qty": _decimals(3, 6),
            "fine": _decimals(8, 5),
            "total": _decimals(2, 9),
            "price": _decimals(4, 6),
            "rate": _decimals(4, 1),
            "count": st.one_of(st.none(), st.integers(-(10**6), 10**6)),
            "urgent": st.booleans(),
            "original": st.sampled_from([None, 1, 3, 7]),
        }
    )


def order_lines() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return the stored values of the lines of a random order."""
    line = st.fixed_dictionaries(
        {
            "product": st.one_of(st.none(), st.just("bolt"), _SHORT_TEXTS.map(lambda text: text or None)),
            "qty": _decimals(3, 5),
            "price": _decimals(4, 5),
            "discount": _decimals(4, 1),
            "due": st.one_of(st.none(), _DAYS),
            "done": st.booleans(),
        }
    )
    return st.lists(line, max_size=4)
