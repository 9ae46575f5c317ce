"""Random expressions that are right: text by type, made of the fields of the small world; and random records."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from orderkit.model.values.json_texts import canonical_json

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
    "number(took)", "len(tags)", "len(related)", "len(original.watchers)", "sum(lines.data.n * 2)", "data.n + 0",
    "number(data.n)", "number(data.l[0], 3)", "999999999999", "4 * total", "max(lines.data.n + 1)",
]  # fmt: skip
DATES = [
    "ordered_on", "need_by", "customer.since", "today()", "date('2024-02-29')", "date(placed_at)", "max(lines.due)",
    "date(datetime(ordered_on))", "date(datetime('2026-03-01T20:00:00Z'))", "date(now())", "date(data.d)", "date(datetime(data.d))",
]  # fmt: skip
TEXTS = [
    "code", "customer.name", "kind", "'SO-1'", "'o'", "'%'", "'甲'", "first(lines.product)", "me.name",
    "'𠮷😀'", "rmb_upper(total)", "rmb_upper(qty * 1000)", "text(placed_at)", "text(need_by)", "last(customer.orders.code)",
    "ship_to.city", "customer.seat.province", "original.ship_to.street", "text(took)", "text(opens)", "text(data.t)",
    "text(data.o.t)", "text(data['n'])", "text(first(lines.took))", "concat(data.t, '/', data.b)",
]  # fmt: skip
BOOLEANS = [
    "urgent", "customer.active", "late", "true", "false", "any(lines.qty > 1)", "all(lines.done)",
    "kind == 'repair'", "kind in ['standard', 'custom']", "customer == original.customer", "seller == me",
    "placed_at < now()", "datetime(need_by) <= placed_at", "placed_at == datetime(ordered_on)", "code == '😀'",
    "'urgent' in tags", "kind in tags", "code in customer.labels", "me in watchers", "seller in watchers", "customer in []",
    "original in related", "data.b == true", "data.l == null", "data == null", "any('甲' in lines.tags)", "'urgent' in data.l",
    "count in data.l", "code in data.l", "urgent in data.l", "data.t in data.l", "data.t == data.o.t", "data.n == count",
    "data.t == code", "data.n > 2", "data.d == need_by", "data.d >= placed_at", "(data.t if urgent else data.n) == '1'",
    "coalesce(data.t, data.n) == 'a'", "kind == data.t", "qty in data", "data == 'SO-1'", "data.b",
]  # fmt: skip
SPANS = [
    "took",
    "customer.answers_in",
    "original.took",
    "max(lines.took)",
    "min(lines.took)",
    "last(lines.took)",
]
TIMES = ["opens", "original.opens", "max(customer.orders.opens)"]
ADDRESSES = ["ship_to", "customer.seat", "original.ship_to"]
TAGS = ["tags", "customer.labels", "first(lines.tags)", "original.tags"]
RECORDS = ["watchers", "original.watchers"]
DATA = [
    "data", "data.n", "data.t", "data.d", "data.b", "data.l", "data.l[0]", "data.l['1']", "data['-1']", "data.o", "data.o.t",
    "data[0]", "original.data.t", "data.missing",
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
        _written("len({})", st.one_of(_texts(depth - 1), _several(depth - 1))),
        _written("number({})", _spans(depth - 1)),
        _written("number({}, {})", st.sampled_from(DATA), st.integers(0, 8).map(str)),
        _operation("+ - * / %", st.sampled_from(DATA), number),
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
        _written(
            "text({})",
            st.one_of(
                _numbers(depth - 1),
                _days(depth - 1),
                condition,
                _spans(depth - 1),
                _times(depth - 1),
                st.sampled_from(DATA),
            ),
        ),
        _written(
            "{}.{}", st.sampled_from(ADDRESSES), st.sampled_from(["province", "city", "district", "street"])
        ),
        _written("({} if {} else {})", text, condition, text),
    )


def _ordered(leaf: Texts, depth: int) -> Texts:
    """Return values of one type that has an order but no arithmetic."""
    if depth == 0:
        return leaf
    inner = _ordered(leaf, depth - 1)
    return st.one_of(
        leaf,
        _written("{}({}, {})", st.sampled_from(["least", "greatest", "coalesce"]), inner, inner),
        _written("({} if {} else {})", inner, _conditions(depth - 1), inner),
    )


def _spans(depth: int) -> Texts:
    return _ordered(st.sampled_from(SPANS), depth)


def _times(depth: int) -> Texts:
    return _ordered(st.sampled_from(TIMES), depth)


def _kept(leaf: Texts, depth: int) -> Texts:
    """Return values of one type that can only be taken as they are."""
    if depth == 0:
        return leaf
    return st.one_of(
        leaf,
        _written("coalesce({}, {})", leaf, leaf),
        _written("({} if {} else {})", leaf, _conditions(depth - 1), st.one_of(leaf, st.just("null"))),
    )


def _several(depth: int) -> Texts:
    return st.one_of(
        _kept(st.sampled_from(TAGS), depth), _kept(st.sampled_from(RECORDS), depth), st.just("related")
    )


def _addresses(depth: int) -> Texts:
    return _kept(st.sampled_from(ADDRESSES), depth)


def _data(depth: int) -> Texts:
    return _kept(st.sampled_from(DATA), depth)


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
        _written(
            "({} {} null)",
            st.one_of(
                number,
                day,
                text,
                _several(depth - 1),
                _addresses(depth - 1),
                _spans(depth - 1),
                _times(depth - 1),
                _data(depth - 1),
            ),
            st.sampled_from(["==", "!="]),
        ),
        _operation("== != < <= > >=", _spans(depth - 1), _spans(depth - 1)),
        _operation("== != < <= > >=", _times(depth - 1), _times(depth - 1)),
        _operation("== !=", _addresses(depth - 1), _addresses(depth - 1)),
        _operation("== !=", *(_kept(st.sampled_from(TAGS), depth - 1),) * 2),
        _operation("== !=", *(_kept(st.sampled_from(RECORDS), depth - 1),) * 2),
        _operation(
            "in",
            st.one_of(text, st.sampled_from(["'urgent'", "kind"])),
            _kept(st.sampled_from(TAGS), depth - 1),
        ),
        _operation(
            "in",
            st.one_of(text, number, _written("({})", condition), st.sampled_from(DATA)),
            _data(depth - 1),
        ),
        _operation("== !=", _data(depth - 1), st.one_of(text, number, day, _written("({})", condition))),
        _operation("== !=", _data(depth - 1), _data(depth - 1)),
        _operation("< >=", _data(depth - 1), st.one_of(number, day)),
        _written("({} in [{}, {}])", number, number, number),
    )


def expressions(depth: int = 3) -> Texts:
    """Return expressions of every type, nested up to `depth`."""
    return st.one_of(
        _numbers(depth),
        _days(depth),
        _texts(depth),
        _conditions(depth),
        _spans(depth),
        _times(depth),
        _several(depth),
        _addresses(depth),
        _data(depth),
    )


def _decimals(places: int, size: int) -> st.SearchStrategy[Any]:
    # Halves at the last place but one are where rounding shows.
    halves = st.integers(-99, 99).map(lambda units: Decimal(10 * units + 5).scaleb(-places))
    return st.one_of(st.none(), halves, st.decimals(-(10**size), 10**size, places=places))


_TAGS = st.sampled_from(
    [None, ("urgent",), ("fragile", "urgent"), ("fragile", "urgent", "甲"), ("甲",)],
)
_SPANS = st.one_of(
    st.none(),
    st.sampled_from([timedelta(0), timedelta(minutes=20), timedelta(days=36_525)]),
    st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds)),
)
_TIMES = st.one_of(
    st.none(),
    st.sampled_from([time(0), time(8, 30), time(23, 59, 59)]),
    st.times().map(lambda each: each.replace(microsecond=0)),
)
_PART = st.sampled_from(["", "甲", "上海市", "a b", "'", "%"])
_ADDRESSES = st.one_of(st.none(), st.tuples(_PART, _PART, _PART, st.just("1号")).map("|".join))
_SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.integers(-9, 9),
    st.decimals(-1000, 1000, places=7),
    st.sampled_from([1e-7, 1.5e300, 1e16, Decimal("0.5"), Decimal("-2.5")]),
    _SHORT_TEXTS,
    st.sampled_from(
        [
            "urgent",
            "SO-1",
            "1",
            "0",
            "TRUE",
            "\u3000false\n",
            "1,234.5",
            "-0.50",
            "１２",
            "1e3",
            "a|b",
            "\\",
            '"',
        ]
    ),
)
_MOMENT_TEXTS = st.one_of(
    _DAYS.map(str),
    st.sampled_from(
        [
            "2026-03-01T20:00:00Z", "2026-03-01 08:30", " 2026-03-01 ", "2026-03-01+08:00", "2026-02-30", "2026-03-01T24:00",
            "2026-03-01T08:30:60", "2026-03-01T08:30-15:30", "2026-03-01T08:30+20:00", "20260301", "２０２６-03-01",
        ]
    ),
)  # fmt: skip
_NUMERALS = st.one_of(
    st.integers(-999, 999), st.decimals(-99, 99, places=3), st.sampled_from(["12.5", "-3", "1,000"])
)


def data() -> st.SearchStrategy[str | None]:
    """Return JSON as its field keeps it: mostly an object whose members can be read as their names say."""
    texts = st.one_of(st.none(), _SHORT_TEXTS, st.sampled_from(["urgent", "repair", "SO-1"]))
    listed = st.lists(st.one_of(_SCALARS, st.just([1])), max_size=4)
    known = st.fixed_dictionaries(
        {},
        optional={
            "n": st.one_of(st.none(), _NUMERALS, _NUMERALS, _SCALARS),
            "t": texts,
            "d": st.one_of(_DAYS.map(str), _MOMENT_TEXTS),
            "b": st.one_of(st.booleans(), st.sampled_from(["true", "0", 1, None]), _SCALARS),
            "l": st.one_of(listed, listed, _SCALARS),
            "o": st.fixed_dictionaries({"t": texts}),
            "-1": _SCALARS,
            "0": _SCALARS,
        },
    )
    return st.one_of(st.none(), known, known, known, listed, _SCALARS).map(_canonical)


def _canonical(value: Any) -> str | None:
    try:
        return None if value is None else canonical_json(value)
    except ValueError:  # more digits than JSON keeps
        return None


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
            "took": _SPANS,
            "opens": _TIMES,
            "tags": _TAGS,
            "watchers": st.sampled_from([None, (1,), (2, 1), (1, 2)]),
            "related": st.sampled_from([None, (1,), (3, 1, 7)]),
            "ship_to": _ADDRESSES,
            "data": data(),
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
            "took": _SPANS,
            "tags": _TAGS,
            "data": data(),
        }
    )
    return st.lists(line, max_size=4)
