"""Making one document from another on the pages: the button, the table, the error at its cell, both ends."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.app import create_app
from orderkit.web.request.cookies import SESSION
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.support.deliveries import Yard, numbers, open_yard, shipping
from tests.web.reader import Page, Reader


@pytest.fixture
def yard(databases, tmp_path, clock) -> Iterator[Yard]:
    mark = databases.mark()
    yield open_yard(databases.make(shipping(), "sqlite"), tmp_path / "files", clock)
    databases.clear(mark)


@pytest.fixture
def client(yard: Yard) -> Iterator[TestClient]:
    settings = Settings(secret_keys=SecretKeys(["a key that is long enough"]), threads=4)
    app = create_app(yard.office.runtime, settings)
    with TestClient(app, base_url="http://shop.test", raise_server_exceptions=False) as made:
        made.headers["accept-language"] = "en"
        yield made


@pytest.fixture
def as_(yard: Yard, client: TestClient):
    def sign_in(login: str) -> Reader:
        with yard.office.runtime.write(SYSTEM, Channel.PAGE) as unit:
            session = start_session(unit, yard.office.ids[login])
        client.cookies.clear()
        client.cookies.set(SESSION, session.token, domain="shop.test")
        reader = Reader(client)
        reader.csrf = session.csrf
        return reader

    return sign_in


def address(*orders: int, target: str = "delivery") -> str:
    return f"/forms/order/make/{target}?ids={','.join(map(str, orders))}"


def test_the_button_leads_to_what_is_open_and_what_is_made_opens(yard, as_):
    order = yard.order(10, 4)
    first, second = yard.row_ids(order)
    wei = as_("wei")
    assert wei.get(f"/forms/order/{order}").one("a", href=address(order)).text == "Ship"

    page = wei.get(address(order))
    sent = page.form(address(order))
    assert sent["row"] == [str(first), str(second)]
    assert (sent[f"rows.{first}.qty"], sent[f"rows.{second}.qty"]) == (["10"], ["4"])

    made = wei.post(address(order), {**sent, "row": [str(first)], f"rows.{first}.qty": "2.5"})
    assert made.path == "/forms/delivery/1"
    assert yard.quantities("delivery", 1) == numbers("2.5")
    assert "Made from" in made.texts("h2")
    assert "SO-001" in made.texts("a", href=f"/forms/order/{order}")

    back = wei.get(f"/forms/order/{order}")
    assert "Made into" in back.texts("h2")
    assert "Quantity 2.5" in back.text


def test_a_problem_stands_at_its_cell_and_what_was_typed_stays(yard, as_):
    order = yard.order(10, 4)
    first, second = yard.row_ids(order)
    wei = as_("wei")
    sent = wei.get(address(order)).form(address(order))
    page = wei.post(address(order), {**sent, "row": [str(first)], f"rows.{first}.qty": "50"})
    assert page.status == 422
    assert "at most 11" in page.one("div", id=f"f-rows-{first}-qty-problem").text
    again = page.form(address(order))
    assert (again["row"], again[f"rows.{first}.qty"]) == ([str(first)], ["50"])
    assert page.one("input", id=f"f-rows-{first}-qty").attributes["aria-invalid"] == "true"

    page = wei.post(address(order), {**sent, "row": [str(second)], f"rows.{second}.qty": "lots"})
    assert page.status == 422
    assert page.one("div", id=f"f-rows-{second}-qty-problem").text
    assert yard.quantities("order", order, "shipped") == numbers(0, 0)


def test_nothing_ticked_makes_nothing(yard, as_):
    order = yard.order(10)
    wei = as_("wei")
    page = wei.post(address(order), {"ids": str(order)})
    assert page.status == 422
    assert "tick at least one line" in page.one("div", cls="banner-bad").text


def test_several_orders_stand_by_the_record_that_they_make(yard, as_):
    orders = [yard.order(1), yard.order(2), yard.order(3, customer=yard.other)]
    wei = as_("wei")
    page = wei.get(address(*orders))
    assert page.texts("h2", cls="card-title") == ["SO-001, SO-002", "SO-003"]
    made = wei.post(address(*orders), page.form(address(*orders)))
    assert made.path == "/forms/delivery"
    assert yard.quantities("delivery", 1) == numbers(1, 2)
    assert yard.quantities("delivery", 2) == numbers(3)


def test_what_needs_no_lines_is_made_at_once(yard, as_):
    order = yard.order(1)
    root = as_("root")
    url = address(order, target="claim")
    made = root.post(url, root.get(f"/forms/order/{order}").form(url))
    assert made.path == "/forms/claim/1"


def test_a_button_that_cannot_be_pressed_says_why(yard, as_):
    order = yard.order(1)
    yard.ship(order, 1)
    page = as_("wei").get(f"/forms/order/{order}")
    (button,) = [each for each in page.all("button") if each.text.startswith("Ship")]
    assert button.attributes["data-why"] == "nothing is left to take"


def test_lines_move_to_a_new_record(yard, as_):
    order = yard.order(10, 4)
    first, second = yard.row_ids(order)
    root = as_("root")
    url = f"/forms/order/{order}/split"
    page = root.get(url)
    assert page.form(url).get("row") is None
    made = root.post(url, {**page.form(url), "row": [str(first)], f"rows.{first}.qty": "3"})
    assert made.path == f"/forms/order/{order + 1}"
    assert yard.quantities("order", order) == numbers(7, 4)
    page = root.post(url, {"row": [str(second)], f"rows.{second}.qty": "5"})
    assert page.status == 422
    assert "between 0" in page.one("div", id=f"f-rows-{second}-qty-problem").text


def test_records_become_one_after_a_question(yard, as_):
    first, second = yard.order(1), yard.order(2)
    root = as_("root")
    asked = root.get(f"/forms/order/merge?ids={first},{second}", hx_request="true")
    assert "SO-002" in asked.texts("li")
    made = root.post("/forms/order/merge", {"ids": f"{first},{second}"})
    assert made.path == f"/forms/order/{first}"
    assert yard.quantities("order", first) == numbers(3)


# Attack: another's records, rows of others, numbers of fields that nobody offers, hidden ones.


def refused(page: Page) -> bool:
    return page.status in {403, 404, 422}


def test_forged_addresses_make_nothing(yard, as_):
    order, hidden = yard.order(10), yard.order(10, ready=False)
    (row,) = yard.row_ids(hidden)
    wei = as_("wei")
    for path in (
        address(hidden),
        address(4711),
        address(),
        "/forms/order/make/delivery?ids=1%3Bdrop",
        "/forms/order/make/delivery?ids=" + "9" * 40,
        address(order, target="user"),
        address(order, target="order.lines"),
        address(order, target="pickup"),
        f"/forms/customer/make/delivery?ids={order}",
    ):
        assert refused(wei.get(path)), path
        assert refused(wei.post(path, {"row": [str(row)]})), path
    assert refused(wei.post(address(order), {"row": [str(row), "x", "9" * 30], f"rows.{row}.qty": "1"}))
    assert refused(wei.get(f"/forms/order/{order}/split"))
    assert refused(wei.post(f"/forms/order/{order}/split", {"row": [str(row)]}))
    assert refused(wei.post("/forms/order/merge", {"ids": f"{order},{hidden}"}))
    with yard.office.look(None) as unit:
        table = unit.runtime.database.tables["delivery"]
        assert unit.connection.execute(table.select()).all() == []


def test_only_quantities_come_from_the_form(yard, as_):
    order = yard.order(10, secret="floor price 80")
    (row,) = yard.row_ids(order)
    wei = as_("wei")
    sent = {
        "row": [str(row)],
        f"rows.{row}.qty": "1",
        f"rows.{row}.cost": "0",
        f"rows.{row}.product": "gold",
        "note": "x",
    }
    page = wei.post(address(order), sent)
    assert page.path == "/forms/delivery/1"
    assert yard.quantities("delivery", 1, "product") == ["A"]
    assert yard.quantities("delivery", 1, "cost") == numbers(1)
    assert yard.office.value("delivery", 1, "note") is None
    assert "floor price" not in page.html


def test_hidden_fields_are_not_on_the_page(yard, as_):
    order = yard.order(10, secret="floor price 80")
    page = as_("wei").get(address(order))
    assert "floor price" not in page.html
    assert "Cost" not in page.texts("th")


def test_without_the_token_nothing_is_made(yard, as_):
    order = yard.order(10)
    wei = as_("wei")
    wei.csrf = "forged"
    assert wei.post(address(order), {"row": [str(yard.row_ids(order)[0])]}).status == 403


def test_a_title_with_markup_stays_text(yard, as_):
    nasty = '"><script>alert(1)</script>'
    yard.customer = yard.office.create(None, "customer", {"name": nasty})
    order = yard.office.create(
        "root", "order", {"customer": yard.customer}, {"lines": [{"product": nasty, "qty": 1}]}
    )
    page = as_("wei").get(address(order))
    assert "<script>alert" not in page.html
    assert nasty in page.texts("td", data_label="Product")[0]


# A press that is sent twice.


def test_what_is_sent_twice_makes_one_record_and_changed_it_is_asked_again(yard, as_):
    order = yard.order(10)
    (row,) = yard.row_ids(order)
    wei = as_("wei")
    sent = {**wei.get(address(order)).form(address(order)), "row": [str(row)], f"rows.{row}.qty": "1"}
    assert wei.post(address(order), sent).path == "/forms/delivery/1"
    assert wei.post(address(order), sent).path == "/forms/delivery/1"
    page = wei.post(address(order), {**sent, f"rows.{row}.qty": "2"})
    assert (page.status, "sent once already" in page.text) == (409, True)
    assert page.form(address(order))[f"rows.{row}.qty"] == ["2"]
    again = {**page.form(address(order)), "row": [str(row)]}
    assert wei.post(address(order), again).path == "/forms/delivery/2"
    assert yard.quantities("order", order, "shipped") == numbers(3)


def test_dividing_and_joining_sent_twice_are_done_once(yard, as_):
    order, other = yard.order(10), yard.order(4)
    (row,) = yard.row_ids(order)
    root = as_("root")
    url = f"/forms/order/{order}/split"
    sent = {**root.get(url).form(url), "row": [str(row)], f"rows.{row}.qty": "3"}
    first = root.post(url, sent).path
    assert root.post(url, sent).path == first
    assert yard.quantities("order", order) == numbers(7)
    url = "/forms/order/merge"
    sent = root.get(f"{url}?ids={order},{other}").form(url)
    for _ in range(2):
        assert root.post(url, sent).path == f"/forms/order/{order}"
    assert yard.quantities("order", order) == numbers(11)
    assert root.post(url, {**sent, "ids": f"{order},{order}"}).status == 409


def test_a_claim_of_several_orders_is_asked_for_and_made_once(yard, as_):
    order = yard.order(1)
    root = as_("root")
    action = address(order, target="claim").partition("?")[0]
    sent = root.get(f"/forms/order/bulk/make/claim?ids={order}").form(action)
    for _ in range(2):
        assert root.post(action, sent).path == "/forms/claim/1"
    assert root.post(action, {**sent, "list": "q=other"}).status == 409
    buttons = [
        each.attributes for each in root.get("/forms/order").all("button") if "formaction" in each.attributes
    ]
    assert {each["formaction"] for each in buttons} >= {
        "/forms/order/make/delivery",
        "/forms/order/bulk/make/claim",
        "/forms/order/merge",
    }
