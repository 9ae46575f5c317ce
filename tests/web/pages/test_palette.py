"""The command palette: each person's pages and records, nothing of anybody else, nothing that acts."""

import pytest


def entries(page, group: str) -> dict[str, str]:
    """The entries of a group, as address and label."""
    return {
        each.attributes["href"]: each.attributes["data-label"]
        for each in page.all("a", "palette-option")
        if any(parent.attributes.get("data-palette-group") == group for parent in each.ancestors)
    }


def test_it_offers_every_page_of_the_navigation_and_what_it_has_not(as_) -> None:
    reader = as_("root")
    links = {each.attributes["href"] for each in reader.get("/").all("a", "navigation-link")}
    pages = entries(reader.get("/palette"), "pages")
    assert links - pages.keys() == set()
    assert pages["/forms/order/new"] == "新建销售订单"
    assert {"/account", "/messages", "/imports/online_retail", "/reports/sales"} <= pages.keys()
    assert not any(address.startswith("/forms/order_line") for address in pages)


def test_every_page_that_it_offers_opens(as_) -> None:
    for login in ("root", "zhang", "qian"):
        reader = as_(login)
        pages = entries(reader.get("/palette"), "pages")
        assert {address: reader.get(address).status for address in pages} == dict.fromkeys(pages, 200)


def test_what_a_person_may_not_open_is_not_sent(as_) -> None:
    page = as_("zhao").get("/palette")
    pages = entries(page, "pages")
    assert "/account" in pages
    forbidden = ("/dashboards/overview", "/reports/sales", "/imports", "/forms/user/new")
    assert not any(address.startswith(forbidden) for address in pages)
    assert "online_retail" not in page.html


def test_labels_carry_how_they_read_in_pinyin(as_) -> None:
    page = as_("root").get("/palette")
    new_order = page.one("a", "palette-option", href="/forms/order/new")
    assert {"xjxsdd", "xsdd", "dd"} <= set(new_order.attributes["data-initials"].split())


def test_it_speaks_the_language_of_the_reader(as_) -> None:
    reader = as_("root")
    assert entries(reader.get("/palette"), "pages")["/account"] == "我的账号"
    reader.post("/locale", {"locale": "en", "next": "/"})
    assert entries(reader.get("/palette"), "pages")["/account"] == "My account"


def test_records_are_found_by_those_who_may_read_them(as_, order) -> None:
    address = f"/forms/order/{order}"
    assert address in entries(as_("zhang").get("/palette?q=20260302-0001"), "found")
    for login in ("root", "li", "zhao", "qian", "sun"):
        reader = as_(login)
        found = entries(reader.get("/palette?q=20260302-0001"), "found")
        assert (address in found) is (reader.get(address).status == 200), login


def test_a_search_sends_records_only_and_can_be_anything(as_) -> None:
    reader = as_("root")
    page = reader.get("/palette?q=%E8%AE%A2%E5%8D%95")
    assert not entries(page, "pages")
    for text in ("%25", "%00", "'%20or%201=1--", "%22%3E", "x" * 5000, "%F0%9F%98%80", "%20%20"):
        assert reader.get(f"/palette?q={text}").status == 200


def test_records_seen_lately_are_named_as_they_are_now_in_their_order(as_, order) -> None:
    reader = as_("zhang")
    page = reader.get(f"/palette?recent=order/{order}&recent=customer/1")
    assert list(entries(page, "recent")) == [f"/forms/order/{order}", "/forms/customer/1"]


@pytest.mark.parametrize(
    "key",
    [
        "order/999",
        "nothing/1",
        "order_line/1",
        "order",
        "/",
        "order/-1",
        "order/1e3",
        "order/٣",
        f"order/{'9' * 30}",
    ],
)
def test_what_a_browser_remembers_may_be_forged(as_, key: str) -> None:
    page = as_("zhang").get(f"/palette?recent={key}")
    assert page.status == 200
    assert entries(page, "recent") == {}


def test_a_record_that_may_not_be_read_has_no_name(as_, order) -> None:
    named = {}
    for login in ("zhang", "li", "zhao", "qian", "sun"):
        reader = as_(login)
        named[login] = entries(reader.get(f"/palette?recent=order/{order}"), "recent")
        assert bool(named[login]) is (reader.get(f"/forms/order/{order}").status == 200), login
    assert {bool(each) for each in named.values()} == {True, False}


def test_at_most_eight_records_are_named(as_) -> None:
    keys = "&".join(f"recent=customer/{number}" for number in range(1, 100))
    assert len(entries(as_("root").get(f"/palette?{keys}"), "recent")) <= 8


def test_a_title_is_text_and_never_markup(as_, office) -> None:
    evil = '<script>alert(1)</script>" onmouseover="x'
    made = office.create("root", "customer", {"code": "XSS", "name": evil})
    for address in ("/palette?q=alert", f"/palette?recent=customer/{made}"):
        page = as_("root").get(address)
        option = page.one("a", "palette-option", href=f"/forms/customer/{made}")
        assert evil in option.attributes["data-label"]
        assert "onmouseover" not in option.attributes
        assert "<script" not in page.html


def test_nobody_gets_nothing(nobody) -> None:
    page = nobody.get("/palette?q=1", hx_request="true")
    assert (page.status, page.html) == (204, "")
    assert page.response.headers["hx-redirect"].startswith("/sign-in")


def test_the_actions_of_a_record_are_its_own_buttons(as_, order) -> None:
    page = as_("zhang").get(f"/forms/order/{order}")
    group = page.one("div", "page-actions")
    assert "data-palette-actions" in group.attributes
    assert page.one("dialog", id="palette").attributes["data-person"].isdigit()
