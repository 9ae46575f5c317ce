"""Laws of ledgers, over random days in a shop."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderkit.model.errors import OrderkitError
from tests.engine.ledger.shop import Shop
from tests.engine.ledger.test_balances import balances, summed

_QUANTITIES = st.integers(min_value=0, max_value=4000).map(lambda number: Decimal(number).scaleb(-3))
_STEPS = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=2),
        st.sampled_from(["place", "part", "ship", "back", "cancel", "ask"]),
    ),
    max_size=12,
)


def a_day(shop, quantities, stock, steps):
    """Let people press what they like; what is refused is refused."""
    shop.open(stock)
    shop.grant(8)
    orders = [
        shop.order({"product": shop.product, "qty": quantity, "now": quantity / 2}) for quantity in quantities
    ]
    for place, transition in steps:
        try:
            shop.do(orders[place], transition)
        except OrderkitError:
            continue
    return orders


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_QUANTITIES, min_size=3, max_size=3), _QUANTITIES, _STEPS)
def test_balances_are_the_sum_of_entries_and_never_beyond_a_bound(office, quantities, stock, steps):
    shop = Shop(office)
    a_day(shop, quantities, stock, steps)
    for name in ("stock", "credit"):
        assert summed(shop, name) == balances(shop, name)
    on_hand, reserved = shop.numbers()
    assert 0 <= reserved <= on_hand
    used, limit = shop.numbers("credit")
    assert used <= limit


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_QUANTITIES, _STEPS)
def test_undo_restores_ledgers_and_fields(office, quantity, steps):
    shop = Shop(office)
    shop.open(100)
    shop.grant(100)
    order = shop.order({"product": shop.product, "qty": quantity, "now": quantity / 3})
    before = (shop.numbers(), shop.numbers("credit"))
    fields = [shop.office.value("order", order, name) for name in ("memo", "count")]
    for transition in ("place", *(name for _, name in steps if name in {"part", "ship"})):
        try:
            shop.do(order, transition)
        except OrderkitError:
            continue
    shop.do(order, "back")
    assert (shop.numbers(), shop.numbers("credit")) == before
    assert [shop.office.value("order", order, name) for name in ("memo", "count")] == fields
