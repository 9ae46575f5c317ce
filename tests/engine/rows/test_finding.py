"""`find` in defaults and copies: the one that fits, none is empty, several are a problem at the field."""

from datetime import date
from decimal import Decimal

import pytest

from orderkit.engine import records
from orderkit.engine.records import Create, LineChange
from orderkit.model.errors import Refused
from tests.support.office import open_office
from tests.support.projects import project

FORMS = (
    "form: customer\ntitle: '{code}'\nfields: {code: {type: text, unique: true, required: true}}",
    """
form: price
title: "{amount}"
fields:
  customer: {type: ref, to: customer}
  product:  {type: text, required: true}
  amount:   {type: money, required: true}
  since:    {type: date}
""",
    """
form: order
title: "{customer}"
fields:
  customer: {type: ref, to: customer, default: WALKIN}
  lines:
    type: lines
    fields:
      product: {type: text}
      special: {type: money, copy: "find(price, product == this.product and customer == order.customer).amount"}
      latest:  {type: money, copy: "find(price, product == this.product, by=-since).amount"}
""",
)


@pytest.fixture
def office(make_database, tmp_path, clock):
    made = project(*FORMS)
    return open_office(made, make_database(made), tmp_path, clock, ())


@pytest.fixture
def customers(office):
    return {code: office.create(None, "customer", {"code": code}) for code in ("WALKIN", "A")}


def price(office, product, amount, customer=None, since=None):
    values = {"product": product, "amount": Decimal(amount), "customer": customer, "since": since}
    office.create(None, "price", values)


def ordered(office, *products, **values):
    lines = {"lines": [LineChange(values={"product": product}) for product in products]}
    with office.act(None) as unit:
        (made,) = records.apply(unit, [Create(form="order", values=values, lines=lines)])
        view = records.get(unit, "order", made.id)
    return view, [(row.values["special"], row.values["latest"]) for row in view.lines["lines"]]


def test_a_record_is_found_by_what_the_line_and_its_parent_say(office, customers):
    price(office, "bolt", 5, customers["A"], date(2026, 1, 1))
    price(office, "bolt", 7, customers["WALKIN"], date(2026, 2, 1))
    price(office, "nut", 1, customers["A"])
    view, found = ordered(office, "bolt", "nut", "screw", None, customer=customers["A"])
    assert found == [
        (Decimal("5.00"), Decimal("7.00")),
        (Decimal("1.00"), Decimal("1.00")),
        (None, None),
        (None, None),
    ]
    view, found = ordered(office, "bolt")
    assert view.titles["customer"] == "WALKIN"
    assert found == [(Decimal("7.00"), Decimal("7.00"))]


def test_several_where_one_is_meant_are_a_problem_at_the_field(office, customers):
    price(office, "bolt", 5, customers["A"])
    price(office, "bolt", 6, customers["A"])
    with pytest.raises(Refused) as caught:
        ordered(office, "bolt", customer=customers["A"])
    assert [(p.path, p.code) for p in caught.value.problems] == [("lines.0.special", "cannot_compute")]
