"""Random expressions that are right: text by type, made of the fields of the small world."""

from hypothesis import strategies as st

Texts = st.SearchStrategy[str]

NUMBERS = [
    "qty", "fine", "total", "price", "rate", "count", "net", "customer.level", "customer.credit", "customer.owed",
    "original.total", "original.customer.level", "0", "1", "-2", "3", "0.5", "1.005", "7.25", "0.0001",
    "len(code)", "count(lines)", "sum(lines.qty)", "sum(repairs.count)", "max(lines.price)", "avg(lines.discount)",
]  # fmt: skip
DATES = [
    "ordered_on", "need_by", "customer.since", "today()", "date('2024-02-29')", "date(placed_at)", "max(lines.due)",
]  # fmt: skip
TEXTS = ["code", "customer.name", "kind", "'SO-1'", "'o'", "'%'", "'甲'", "first(lines.product)", "me.name"]
BOOLEANS = [
    "urgent", "customer.active", "late", "true", "false", "any(lines.qty > 1)", "all(lines.done)",
    "kind == 'repair'", "kind in ['standard', 'custom']", "customer == original.customer", "seller == me",
]  # fmt: skip


def _written(pattern: str, *parts: Texts) -> Texts:
    """Return texts made of parts: `{}` stands for each in turn."""
    return st.tuples(*parts).map(lambda given: pattern.format(*given))


def _operation(operators: str, left: Texts, right: Texts) -> Texts:
    return _written("({} {} {})", left, st.sampled_from(operators.split()), right)


def _numbers(depth: int) -> Texts:
    leaf = st.sampled_from(NUMBERS)
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
        _written(
            "{}(lines.qty + {}, where=lines.price {})",
            st.sampled_from(["sum", "min", "max", "avg"]),
            row,
            st.sampled_from(["> 0", "== 1.25", "!= rate", "<= total"]),
        ),
    )


def _days(depth: int) -> Texts:
    leaf = st.sampled_from(DATES)
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
    leaf = st.sampled_from(TEXTS)
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
