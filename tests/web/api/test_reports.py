"""Reports over HTTP: exact numbers, cut to what the caller may see."""

import pytest

from tests.web.api.shop import Caller, order


@pytest.fixture
def sold(clerk: Caller, other_clerk: Caller, customer: int) -> None:
    clerk.post("/order", order(customer, ("bolt", "3", "0.10"), ordered_on="2026-01-15"))
    clerk.post("/order", order(customer, ("bolt", "1", "100.00"), ordered_on="2026-02-15"))
    other_clerk.post("/order", order(customer, ("bolt", "1", "7.00"), ordered_on="2026-02-16"))


@pytest.mark.usefixtures("sold")
def test_numbers_by_month(clerk: Caller, customer: int) -> None:
    table = clerk.get("/reports/sales?measures=revenue,orders&by=month&sort=month")
    assert [column["id"] for column in table["columns"]] == ["month", "revenue", "orders"]
    assert [(row["_texts"]["month"], row["revenue"], row["orders"]) for row in table["rows"]] == [
        ("2026-01", "0.30", 1),
        ("2026-02", "100.00", 1),
    ]
    assert table["totals"]["revenue"] == "100.30"
    (row,) = clerk.get("/reports/sales?by=customer&where=time:2026-02&measures=revenue")["rows"]
    assert (row["customer"], row["_texts"]["customer"], row["revenue"]) == (customer, "Acme", "100.00")


@pytest.mark.usefixtures("sold")
def test_everybody_sums_what_they_may_see(other_clerk: Caller, boss: Caller) -> None:
    (row,) = other_clerk.get("/reports/sales?measures=revenue")["rows"]
    assert row["revenue"] == "7.00"
    boss.refused(403, "GET", "/reports/sales")


def test_the_list_of_reports_says_what_they_may_be_asked_for(clerk: Caller, boss: Caller) -> None:
    (report,) = clerk.get("/reports")["items"]
    assert report["id"] == "sales"
    assert [each["id"] for each in report["measures"]] == ["revenue", "orders"]
    assert boss.get("/reports")["items"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports/sale", 404),
        ("/reports/sales?measures=profit", 422),
        ("/reports/sales?by=moon", 422),
        ("/reports/sales?where=region:East", 422),
        ("/reports/sales?where=time:someday", 422),
        ("/reports/sales?limit=0", 400),
        ("/reports/sales?colour=red", 400),
    ],
)
def test_wrong_questions_are_refused(clerk: Caller, path: str, status: int) -> None:
    clerk.refused(status, "GET", path)
