"""Under which columns of a table of rows there is a sum."""

from orderkit.web.editing.sums import sums_of
from tests.support.projects import example


def test_amounts_and_quantities_are_summed_and_prices_and_rates_are_not() -> None:
    form = example().form_by_id["order.lines"]
    columns = [form.by_id[name] for name in ("product", "spec", "qty", "price", "discount", "amount", "cost")]
    assert sums_of(form, columns) == (None, None, 0, None, None, 2, 2)
