"""Sent twice, from a page that has gone stale, by the back button, or after signing out in another tab."""

from tests.support.office import Office
from tests.web.conftest import SignIn


def _orders(office: Office) -> int:
    with office.look(None) as unit:
        table = office.runtime.database.tables["order"]
        return len(unit.connection.execute(table.select()).all())


def test_a_form_that_arrives_twice_makes_one_record(as_: SignIn, office: Office, order: int) -> None:
    reader = as_("zhang")
    sent: dict[str, object] = dict(reader.get(f"/forms/order/new?copy={order}").form("/forms/order/new"))
    sent |= {"need_by": "2026-04-01", "touched": "need_by lines.c0.product lines.c0.qty", "drafted": "1"}
    before = _orders(office)
    first, second = (reader.post("/forms/order/new", sent, follow=False) for _ in range(2))
    assert (first.status, second.status) == (303, 303)
    assert first.response.headers["location"] == second.response.headers["location"]
    assert _orders(office) == before + 1
    # A form that is opened anew has a mark of its own, and makes a record of its own.
    anew = dict(reader.get(f"/forms/order/new?copy={order}").form("/forms/order/new"))
    assert anew["kept"] != sent["kept"]
    reader.post("/forms/order/new", {**sent, "kept": anew["kept"]})
    assert _orders(office) == before + 2


def test_a_button_pressed_twice_acts_once(as_: SignIn, office: Office, order: int) -> None:
    reader, path = as_("zhang"), f"/forms/order/{order}/do/order_life/quote"
    sent = reader.get(path).form(path)
    assert reader.post(path, dict(sent), follow=False).status == 303
    page = reader.post(path, dict(sent), follow=False)
    # The second is told that the order has moved on.
    assert page.status == 404
    assert "刷新" in page.text
    assert office.value("order", order, "status") == "quoted"


def test_a_decision_from_a_stale_page_is_refused(as_: SignIn, office: Office, order: int) -> None:
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    reader = as_("li")
    asked = [each.attributes.get("hx-get", "") for each in reader.get("/inbox").all("button")]
    (link,) = [each for each in asked if each.endswith("/approve")]
    sent = reader.get(link).form(link)
    assert reader.post(link, dict(sent), follow=False).status == 303
    state = office.value("order", order, "status")
    assert reader.post(link, dict(sent), follow=False).status in {303, 404, 409, 422}
    assert office.value("order", order, "status") == state


def test_a_page_of_a_deleted_record_says_so_and_keeps_nothing(
    as_: SignIn, office: Office, order: int
) -> None:
    reader, path = as_("zhang"), f"/forms/order/{order}"
    sent = reader.get(f"{path}/edit").form(path)
    as_("root").post(f"{path}/delete", {"revision": "1"})
    assert _orders(office) == 0
    reader = as_("zhang")
    page = reader.post(
        path, {**sent, "csrf_token": reader.csrf, "note": "x", "touched": "note", "drafted": "1"}
    )
    assert page.status == 404
    assert _orders(office) == 0


def test_a_tab_left_open_after_signing_out_changes_nothing(as_: SignIn, office: Office, order: int) -> None:
    reader, path = as_("zhang"), f"/forms/order/{order}"
    sent = {**reader.get(f"{path}/edit").form(path), "note": "x", "touched": "note", "drafted": "1"}
    reader.post("/sign-out")
    page = reader.post(path, dict(sent), follow=False)
    assert page.status in {303, 403}
    assert office.value("order", order, "note") is None
    # Somebody else at the same browser: the token of the old page is not theirs.
    as_("li")
    reader.csrf = ""
    assert reader.post(path, dict(sent), follow=False).status == 403
    assert office.value("order", order, "note") is None


def test_a_right_taken_away_is_gone_at_the_next_request(as_: SignIn, office: Office, order: int) -> None:
    reader, path = as_("zhang"), f"/forms/order/{order}"
    sent = {**reader.get(f"{path}/edit").form(path), "note": "x", "touched": "note", "drafted": "1"}
    kept = dict(reader.client.cookies.items())
    assert as_("root").post(f"/users/{office.ids['zhang']}/roles", {"roles": []}).status == 200
    reader.client.cookies.clear()
    for name, value in kept.items():
        reader.client.cookies.set(name, value, domain="shop.test")
    # The session that began with the right is over, and a fresh one is granted nothing by the old page.
    assert reader.post(path, dict(sent), follow=False).status in {303, 403}
    reader = as_("zhang")
    assert reader.get("/inbox").status == 200
    assert reader.post(path, {**sent, "csrf_token": reader.csrf}, follow=False).status in {403, 404}
    kept = dict(reader.client.cookies.items())
    assert as_("root").post(f"/users/{office.ids['zhang']}/deactivate").status == 200
    reader.client.cookies.clear()
    for name, value in kept.items():
        reader.client.cookies.set(name, value, domain="shop.test")
    assert reader.get(path, follow=False).response.headers["location"].startswith("/sign-in")
    assert office.value("order", order, "note") is None
