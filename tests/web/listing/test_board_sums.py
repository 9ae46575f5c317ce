"""The sums of a board's columns, on both databases: each record counts in the column in which it stands."""

from decimal import Decimal

import pytest
from starlette.datastructures import QueryParams

from orderkit.engine import lists
from orderkit.web.boards.columns import NOTHING
from orderkit.web.boards.sums import sums_of
from orderkit.web.listing.address import read_address
from tests.support.office import Staff, open_office
from tests.support.projects import project

FORMS = """
form: deal
title: "{name}"
fields:
  name:  {type: text}
  stage: {type: choice, options: {hot: Hot, cold: Cold}}
  worth: {type: money}
  secret: {type: money}
list: {columns: [name, worth, secret], boards: [stage]}
"""
ROLE = """
role: helper
forms: {deal: {read: true, hide: [secret]}}
"""


@pytest.fixture
def office(make_database, tmp_path, clock):
    shop = project(FORMS, ROLE)
    return open_office(shop, make_database(shop), tmp_path, clock, [Staff(login="ann", roles=("helper",))])


def test_each_column_has_the_sums_of_its_own_records(office) -> None:
    for stage, worth in (("hot", 5), ("hot", 7), ("cold", 1), (None, 100), (None, None)):
        office.create(None, "deal", {"name": "x", "stage": stage, "worth": worth, "secret": 9})
    with office.look("ann") as unit:
        form = unit.project.form_by_id["deal"]
        address = read_address(QueryParams(""), form, unit.runtime.catalog)
        found = sums_of(unit, form, form.by_id["stage"], address, lists.arranged(unit, form))
    assert found is not None
    sums = {each.value: {name: of[0].value for name, of in each.sums.items()} for each in found}
    assert sums == {
        NOTHING: {"worth": Decimal(100)},
        "hot": {"worth": Decimal(12)},
        "cold": {"worth": Decimal(1)},
    }
