"""The story of the example: an order of 60,000 from inquiry to done, and its receipt at the finance system."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from orderkit.connectors.http.fake import FakeEndpoint, serving
from tests.support.office import Staff, open_office
from tests.support.projects import example

TODAY = date(2026, 3, 2)
STAFF = (
    Staff(login="boss", roles=("lead",)),
    Staff(login="dir", roles=("director",)),
    Staff(login="seller", roles=("sales",), manager="boss"),
    Staff(login="planner", roles=("planner",)),
    Staff(login="keeper", roles=("warehouse",)),
    Staff(login="cashier", roles=("finance",)),
    Staff(login="root", roles=("admin",)),
)


@pytest.fixture(scope="module")
def finance():
    fake = FakeEndpoint(authorization="Bearer t0ken")
    with serving(fake) as url:
        yield fake, url


@pytest.fixture
def office(make_database, clock, tmp_path, finance):
    finance[0].requests.clear()
    finance[0].accepted.clear()
    finance[0].script.clear()
    environment = {"FINANCE_URL": finance[1], "FINANCE_TOKEN": "t0ken"}
    database = make_database(example())
    return open_office(example(), database, tmp_path, clock, STAFF, environment=environment)


def an_order(office, qty="600", price="100"):
    customer = office.create("boss", "customer", {"code": "C001", "name": "甲公司"})
    product = office.create("root", "product", {"code": "P001", "name": "支架", "list_price": Decimal(price)})
    return office.create(
        "seller",
        "order",
        {"customer": customer, "need_by": TODAY + timedelta(days=10)},
        {"lines": [{"product": product, "qty": Decimal(qty)}]},
    )


def shipped(office):
    order = an_order(office)
    office.do("seller", "order", order, "quote")
    office.do("seller", "order", order, "place")
    office.decide("boss")
    office.decide("dir")
    office.do("planner", "order", order, "release", plan_start=TODAY, plan_end=TODAY + timedelta(days=5))
    office.do("planner", "order", order, "finish")
    office.do("keeper", "order", order, "ship", carrier="顺丰", tracking_no="SF1")
    return order


def confirmed(office):
    order = shipped(office)
    receipt = office.create("cashier", "receipt", {"order": order, "amount": Decimal(60000)})
    office.do("cashier", "receipt", receipt, "confirm")
    return order, receipt


def test_an_order_goes_all_the_way(office, finance):
    order, receipt = confirmed(office)
    assert office.value("order", order, "status") == "done"
    assert office.value("order", order, "balance") == 0
    assert office.timeline("order", order) == [
        ("start", "seller", "inquiry"),
        ("do", "seller", "quote", "quoted"),
        ("do", "seller", "place", "review"),
        ("approve", "boss", "lead"),
        ("approve", "dir", "director"),
        ("approved", "dir", "planning"),
        ("do", "planner", "release", "producing"),
        ("do", "planner", "finish", "ready"),
        ("do", "keeper", "ship", "shipped"),
        ("do", "system", "settle", "paid"),
        ("do", "system", "close", "done"),
    ]
    assert office.work() == 1
    (request,) = finance[0].requests
    assert request.path == "/receipts"
    assert request.headers["idempotency-key"] == f"receipt:{receipt}"
    number = office.value("receipt", receipt, "number")
    assert request.body == {
        "number": number,
        "date": "2026-03-02",
        "customer": "C001",
        "order": office.value("order", order, "number"),
        "amount": "60000.00",
        "memo": f"收 甲公司 货款 {number}",
    }
    assert office.value("receipt", receipt, "voucher_no") == "V0001"
    assert office.work() == 0
