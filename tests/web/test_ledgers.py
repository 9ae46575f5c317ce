"""Over real HTTP: what there is of a product is shown, and who asks for more is told what is short."""

from decimal import Decimal

import pytest

from orderkit.engine import ledger
from orderkit.engine.importing import seeds
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.language.source.directory import read_directory
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import EXAMPLE, compiled
from tests.web.approved_shop import Shop, serving

STAFF = (Staff(login="ann", roles=("sales",)), Staff(login="root", roles=("admin",)))
LINKS = "menu: main\nitems: [{form: product}, {ledger: stock}]\n"


@pytest.fixture
def shop(databases, tmp_path):
    mark = databases.mark()
    files = dict(read_directory(EXAMPLE.parent / "stock-and-credit"))
    made = compiled({**files, "menus/main.yaml": LINKS.encode()})
    office = open_office(made, databases.make(made, "sqlite", threads=6), tmp_path, FakeClock(), STAFF)
    with office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        seeds.apply(unit)
        ledger.post_by_hand(unit, "stock.opening", {"product": 1, "warehouse": 1}, {"qty": Decimal(10)})
        ledger.post_by_hand(unit, "credit.grant", {"customer": 1}, {"amount": Decimal(1000)})
    with serving(office) as url:
        yield Shop(office, url)
    databases.clear(mark)


def ordered(shop, qty):
    body = {"customer": 1, "ship_from": 1, "lines": [{"product": 1, "qty": qty}]}
    made = shop.api("ann", "POST", "/order", body)
    assert made.status_code == 201, made.text
    return made.json()["id"]


def test_a_press_that_would_oversell_is_refused_with_what_is_short_by_api_and_page(shop):
    order = ordered(shop, "11")
    refused = shop.api("ann", "POST", f"/order/{order}/do/place")
    assert refused.status_code == 422
    assert "Available would be -1, less than 0; 1 short (row 1)" in refused.text
    with shop._reader("ann") as reader:
        page = reader.post(f"/forms/order/{order}/do/order_life/place", {"revision": "1"}, follow=False)
    assert page.status == 422
    assert "可用会变成 -1" in page.text or "Available would be -1" in page.text
    assert shop.read(order)["status"] == "draft"


def test_balances_are_shown_in_lists_records_and_the_api_and_follow_a_press(shop):
    order = ordered(shop, "4")
    assert shop.api("ann", "POST", f"/order/{order}/do/place").status_code == 200
    product = shop.api("ann", "GET", "/product/1").json()
    assert (product["on_hand"], product["available"]) == ("10.000", "6.000")
    with shop._reader("ann") as reader:
        assert "轴承12.50106" in reader.get("/forms/product").text
        assert reader.get("/forms/product/1").status == 200
        assert reader.get("/forms/product?sort=-available").status == 200


@pytest.mark.parametrize(
    "path", ["/forms/stock", "/forms/stock.entries", "/api/v1/stock", "/api/v1/stock.entries"]
)
def test_a_ledger_is_no_form_that_could_be_read_past_its_postings(shop, path):
    with shop._reader("root") as reader:
        assert reader.get(path).status in {401, 404}
        assert reader.get("/").status == 200
    assert shop.api("root", "GET", path.removeprefix("/api/v1").removeprefix("/forms")).status_code == 404


def test_an_administrator_too_cannot_delete_what_was_posted_about(shop):
    refused = shop.api("root", "DELETE", "/product/1")
    assert refused.status_code == 409
