"""Laws: however much is asked for, no more is taken than there is; what is split and merged again is what it was."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderkit.engine import records
from orderkit.engine.records import LineChange, Update
from orderkit.model.errors import Refused
from tests.support.deliveries import Sums, open_yard, shipping

AMOUNTS = st.decimals("0.01", "12", places=2)
LAW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def yard(databases, tmp_path, clock):
    mark = databases.mark()
    yield open_yard(databases.make(shipping(), "sqlite"), tmp_path / "files", clock)
    databases.clear(mark)


@LAW
@given(
    ordered=AMOUNTS,
    steps=st.lists(st.tuples(st.sampled_from(["make", "edit", "cancel", "reduce"]), AMOUNTS), max_size=8),
)
def test_the_sum_taken_never_exceeds_the_limit_and_its_tolerance(yard, ordered, steps):
    order = yard.order(ordered)
    deliveries: list[int] = []
    for step, amount in steps:
        with suppress(Refused):
            _take(yard, step, amount, order=order, deliveries=deliveries)
        (line,) = yard.rows("order", order)
        assert Decimal(str(line["shipped"])) <= Decimal(str(line["qty"])) * Decimal("1.1")
        assert line["open_qty"] == Decimal(str(line["qty"])) - Decimal(str(line["shipped"]))


def _take(yard, step, amount, *, order, deliveries):
    if step == "make":
        deliveries.append(yard.ship(order, amount))
    elif step == "reduce":
        _set_line(yard, "order", order, amount)
    elif deliveries and step == "edit":
        _set_line(yard, "delivery", deliveries[-1], amount)
    elif deliveries:
        yard.office.do("root", "delivery", deliveries.pop(), "cancel")


def _set_line(yard, form, record, amount):
    (line,) = yard.rows(form, record)
    with yard.office.act("root") as unit:
        rows = {"lines": [LineChange(id=line["id"], values={"qty": amount})]}
        records.apply(unit, [Update(form=form, id=record, lines=rows)])


@LAW
@given(data=st.data(), quantities=st.lists(AMOUNTS, min_size=2, max_size=5))
def test_what_is_split_and_merged_again_has_the_same_sums(yard, data, quantities):
    order = yard.order(*quantities)
    before = Sums.of(yard, order)
    rows = yard.row_ids(order)
    chosen = data.draw(st.lists(st.sampled_from(range(len(rows))), min_size=1, unique=True))
    moves = {
        rows[index]: data.draw(st.none() | st.decimals("0.01", quantities[index], places=2))
        for index in chosen
    }
    try:
        with yard.office.act("root") as unit:
            part = records.split(unit, "order", order, moves).id
    except Refused:
        assert len(chosen) == len(rows)
        return
    assert Sums.of(yard, order, part) == before
    with yard.office.act("root") as unit:
        records.merge(unit, "order", [order, part])
    assert Sums.of(yard, order) == before
