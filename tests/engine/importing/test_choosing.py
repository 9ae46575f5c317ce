"""Which mapping a file means when only the form is named."""

import pytest

from orderkit.engine.importing.matching.choosing import choose_mapping
from orderkit.model.errors import NotFound, Refused
from tests.engine.importing.test_run import TestHistory
from tests.engine.importing.trading import PROJECT, Shop, row, write_csv, write_xlsx


def test_the_mapping_whose_headings_fit_is_taken(untouched_shop: Shop) -> None:
    orders = untouched_shop.csv(row())
    history = write_xlsx(untouched_shop.folder / "h.xlsx", {"历史": TestHistory.ROWS})
    assert choose_mapping(PROJECT, "order", orders) == "orders"
    assert choose_mapping(PROJECT, "order", history) == "history"


def test_a_mapping_may_be_named_itself(untouched_shop: Shop) -> None:
    assert choose_mapping(PROJECT, "history", untouched_shop.csv(row())) == "history"


def test_a_form_with_one_mapping_has_no_choice(untouched_shop: Shop) -> None:
    assert choose_mapping(PROJECT, "customer", untouched_shop.csv(row())) == "receipts_of_others"


def test_a_form_without_mappings_is_read_by_its_own_headings(untouched_shop: Shop) -> None:
    assert choose_mapping(PROJECT, "product", untouched_shop.csv(row())) == "product"


def test_a_file_that_fits_none_is_refused_with_the_choice(untouched_shop: Shop) -> None:
    path = write_csv(untouched_shop.folder / "x.csv", ("a", "b"), ("1", "2"))
    with pytest.raises(Refused) as caught:
        choose_mapping(PROJECT, "order", path)
    assert "history, notes, orders" in caught.value.problems[0].message["en"]
    with pytest.raises(NotFound):
        choose_mapping(PROJECT, "nothing", path)
