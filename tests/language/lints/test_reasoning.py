"""Laws of the reasoning about conditions: it agrees with the evaluator on every record."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.language.compile.lints.reasoning.choices import Choices
from orderkit.language.compile.lints.reasoning.conditions import (
    NARROWEST,
    WIDEST,
    domain_in,
    every_value,
)
from orderkit.language.compile.lints.reasoning.regions import (
    EVERYWHERE,
    Region,
    TooManyBoxesError,
    names_in,
)
from orderkit.language.compile.lints.reasoning.tiers import tiers_of
from orderkit.language.expressions import FieldScope, FormScope, Scope, check_expression
from orderkit.model.expressions.evaluation import Environment, NoRecords, holds
from orderkit.model.expressions.nodes import Expression, Get, Root, Scalar
from orderkit.model.expressions.types import Boolean, Choice, Date, Number, Record

RECORD = Root("record", Record("order"))
FIELDS = {
    "qty": Number(),
    "total": Number(scale=2),
    "kind": Choice(("a", "b", "c")),
    "urgent": Boolean(),
    "day": Date(),
}
SCOPE = Scope(
    forms={"order": FormScope(fields={name: FieldScope(kind) for name, kind in FIELDS.items()})},
    implicit=RECORD,
)
_OPERATORS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
_ATOMS = st.one_of(
    st.builds("qty {} {}".format, _OPERATORS, st.sampled_from(["0", "1", "2", "1.5"])),
    st.builds("total {} {}".format, _OPERATORS, st.sampled_from(["0", "0.5", "1.005", "1"])),
    st.builds("coalesce(total, 0) {} {}".format, _OPERATORS, st.sampled_from(["0", "0.5", "1"])),
    st.builds("day {} date('2026-03-0{}')".format, _OPERATORS, st.integers(1, 3)),
    st.sampled_from(
        [
            "kind == 'a'",
            "kind != 'b'",
            "kind in ['a', 'c']",
            "kind not in ['a']",
            "kind == null",
            "qty != null",
            "urgent",
            "true",
            "qty < total",
            "total >= qty",
        ]
    ),
)
_CONDITIONS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=5,
)
_RECORDS = st.fixed_dictionaries(
    {
        "qty": st.one_of(st.none(), st.integers(-1, 3)),
        "total": st.one_of(st.none(), st.integers(-50, 150).map(lambda cents: Decimal(cents) / 100)),
        "kind": st.sampled_from([None, "a", "b", "c"]),
        "urgent": st.booleans(),
        "day": st.one_of(st.none(), st.dates(date(2026, 2, 28), date(2026, 3, 4))),
    }
)


class _Row:
    form, id = "order", 1

    def __init__(self, values: Mapping[str, Scalar]) -> None:
        self.values = values

    def get(self, field: str) -> Scalar:
        return self.values[field]

    def rows(self, collection: str) -> list["_Row"]:
        raise AssertionError(collection)


def _condition(text: str) -> Expression:
    found = check_expression(text, SCOPE, Boolean()).expression
    assert found is not None, text
    return found


def _holds(condition: Expression, values: Mapping[str, Scalar]) -> bool:
    environment = Environment(
        roots={"record": _Row(values)},
        store=NoRecords(),
        now=datetime(2026, 3, 1, tzinfo=UTC),
        timezone="UTC",
    )
    return holds(condition, environment)


def _is_in(region: Region, values: Mapping[str, Scalar]) -> bool:
    return any(
        all(_tick(name, values) in allowed for name, allowed in box.sides.items()) for box in region.boxes
    )


def _tick(name: Expression, values: Mapping[str, Scalar]) -> int | None:
    if isinstance(name, Get):
        tick = domain_in(name).tick(values[name.field])
        return None if tick is None else int(tick)
    first, second = (values[side.field] for side in (name.left, name.right))  # type: ignore[union-attr] # two fields
    if first is None or second is None:
        return None
    return (first > second) - (first < second)  # type: ignore[operator] # both are numbers


@given(_CONDITIONS, _RECORDS)
def test_a_condition_holds_exactly_where_its_region_says(text: str, values: dict[str, Scalar]) -> None:
    condition = _condition(text)
    try:
        widest, narrowest = WIDEST.region(condition), NARROWEST.region(condition)
    except TooManyBoxesError:
        return
    held = _holds(condition, values)
    assert _is_in(widest, values) is held
    assert _is_in(narrowest, values) is held


@given(_CONDITIONS, _RECORDS)
def test_what_is_outside_a_region_is_where_the_condition_does_not_hold(
    text: str, values: dict[str, Scalar]
) -> None:
    try:
        region = WIDEST.region(_condition(text))
        outside = EVERYWHERE.minus(region, every_value(names_in([region]), with_empty=True))
    except TooManyBoxesError:
        return
    assert _is_in(outside, values) is not _is_in(region, values)


@given(_CONDITIONS, _CONDITIONS)
def test_the_example_of_a_hole_makes_no_condition_hold(first: str, second: str) -> None:
    conditions = [_condition(first), _condition(second)]
    tiers = tiers_of([[each] for each in conditions])
    try:
        holes = [] if tiers is None else list(tiers.holes())
    except TooManyBoxesError:
        return
    for hole in holes:
        if any(not isinstance(name, Get) for name in hole.point):
            continue
        values = _values(hole.point)
        assert not any(_holds(each, values) for each in conditions), (first, second, values)


@given(_CONDITIONS, _CONDITIONS, _CONDITIONS)
def test_an_option_left_out_makes_no_condition_hold_and_a_shared_one_makes_two(
    first: str, second: str, third: str
) -> None:
    conditions = [_condition(each) for each in (first, second, third)]
    choices = Choices([[each] for each in conditions])
    try:
        left_out = choices.left_out(counts=lambda _: True)
        shared = list(choices.shared())
    except TooManyBoxesError:
        return
    for point in left_out:
        values = _values(point)
        assert not any(_holds(each, values) for each in conditions), (first, second, third, values)
    for point, one, two in shared:
        values = _values(point)
        assert _holds(conditions[one], values), (conditions[one], values)
        assert _holds(conditions[two], values), (conditions[two], values)


@pytest.mark.parametrize(
    ("conditions", "left_out"),
    [
        (["kind == 'a'", "kind == 'b'"], [{"kind": 2}]),
        (["kind == 'a'", "kind != 'a'"], []),
        (["kind == 'a' and qty > 5", "kind == 'b' and urgent"], [{"kind": 2}]),
        (["kind == 'a'", "kind == 'b'", "qty > 5"], []),
        (["kind == 'a'", "kind == 'a'"], []),
        (["kind == 'a' or qty > 5", "kind == 'b'"], []),
        (["urgent and kind == 'a'", "not urgent and kind == 'a'"], []),
    ],
)
def test_options_left_out(conditions: list[str], left_out: list[dict[str, int]]) -> None:
    found = Choices([[_condition(each)] for each in conditions]).left_out(counts=lambda _: True)
    named = [{n.field: t for n, t in point.items() if isinstance(n, Get)} for point in found]
    assert named == left_out


def _values(point: Mapping[Expression, int | None]) -> dict[str, Scalar]:
    """Return a record at a point; what the point does not name has any value, so the first of its kind."""
    values: dict[str, Scalar] = {
        "qty": 1,
        "total": Decimal(1),
        "kind": "a",
        "urgent": False,
        "day": date(2026, 3, 1),
    }
    for name, tick in point.items():
        assert isinstance(name, Get)
        assert tick is not None
        match FIELDS[name.field]:
            case Number(scale=scale):
                values[name.field] = Decimal(tick).scaleb(-scale)
            case Choice(options=options):
                values[name.field] = options[tick]
            case Date():
                values[name.field] = date.fromordinal(tick)
            case _:
                values[name.field] = bool(tick)
    return values


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("qty < 5", "qty > 5", [5]),
        ("qty < 5", "qty > 4", []),
        ("total <= 5", "total >= 5.01", []),
        ("total <= 5", "total > 5.01", [501]),
        ("qty > 5", "qty > 10", []),
        ("kind == 'a'", "kind == 'c'", []),
        ("qty < 5 and contains('x', 'y')", "qty > 5", [5]),
    ],
)
def test_holes(first: str, second: str, shown: list[int]) -> None:
    tiers = tiers_of([[_condition(first)], [_condition(second)]])
    found = [] if tiers is None else [next(iter(hole.point.values())) for hole in tiers.holes()]
    assert found == shown
