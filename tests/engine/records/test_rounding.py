"""Calculated numbers are rounded half-up to the field they fill, and found by the value people see."""

from decimal import Decimal

import pytest

from orderkit.engine import records
from orderkit.engine.records import Filter, Operator, Query
from orderkit.engine.runtime import Channel
from tests.support.office import Staff, open_office
from tests.support.projects import project

BOXES = """\
form: box
fields:
  weight: {type: decimal, scale: 3}
  whole: {type: integer, compute: weight * 1}
  short: {type: decimal, scale: 1, virtual: weight * 1}
"""


@pytest.fixture
def office(make_database, tmp_path, clock):
    opened = project(BOXES)
    return open_office(
        opened, make_database(opened), tmp_path, clock, [Staff(login="root", roles=("admin",))]
    )


@pytest.mark.parametrize(("weight", "whole"), [("2.500", 3), ("2.499", 2), ("-2.500", -3)])
def test_a_calculated_integer_is_rounded(office, weight, whole):
    box = office.create("root", "box", {"weight": Decimal(weight)})
    with office.runtime.read(office.person("root"), Channel.PAGE) as unit:
        assert records.get(unit, "box", box).values["whole"] == whole


def test_a_virtual_field_is_filtered_by_what_it_shows(office):
    box = office.create("root", "box", {"weight": Decimal("0.250")})
    office.create("root", "box", {"weight": Decimal("0.240")})
    shown = Filter(field="short", operator=Operator.EQUAL, values=(Decimal("0.3"),))
    with office.runtime.read(office.person("root"), Channel.PAGE) as unit:
        found = records.page(unit, Query(form="box", filters=(shown,)))
        assert [row.id for row in found.rows] == [box]
        assert found.rows[0].values["short"] == Decimal("0.3")
