"""The picture of a record's life: lit where it is, with whom it is, and nothing for whom the state is hidden."""

from orderkit.engine.workflow import Verb


def groups(page) -> dict[str, set[str]]:
    """Return the classes of each state of the picture, by what it is called."""
    return {each.text.split()[0]: each.classes for each in page.all("g", "flow-node") if each.text.split()}


def test_the_page_of_a_record_fetches_its_picture_late(as_, order) -> None:
    reader = as_("zhang")
    page = reader.get(f"/forms/order/{order}")
    place = page.one("div", "flow")
    assert place.inside("details")
    assert place.attributes["hx-get"] == f"/forms/order/{order}/life"
    assert place.attributes["hx-trigger"] == "toggle from:closest details once"
    assert not page.all("svg", "flow-picture")
    part = reader.get(place.attributes["hx-get"])
    assert part.one("svg", "flow-picture").attributes["role"] == "img"
    assert not part.all("html"), "a part, not a page"


def test_where_it_is_and_where_it_was_is_lit(as_, office, order) -> None:
    office.do("zhang", "order", order, "quote")
    part = as_("zhang").get(f"/forms/order/{order}/life")
    found = groups(part)
    assert "is-now" in found["已报价"]
    assert "is-walked" in found["询价"]
    assert not found["待发货"] & {"is-now", "is-walked"}
    assert len(part.all("path", "is-walked")) == 4, "two ways, each with its arrow"
    assert [each.text for each in part.all("dd")] == ["已报价", "销售", "刚刚"]


def test_an_approval_is_opened_while_it_runs_and_says_whose_turn_it_is(as_, office, order) -> None:
    office.do("zhang", "order", order, "quote")
    office.do("zhang", "order", order, "place")
    part = as_("zhang").get(f"/forms/order/{order}/life")
    assert "is-now" in groups(part)["直属主管"]
    assert [each.text for each in part.all("dd")][1] == "李强"
    office.decide("li", Verb.APPROVE)
    part = as_("zhang").get(f"/forms/order/{order}/life")
    assert "is-walked" in groups(part)["直属主管"]
    assert "is-now" in groups(part)["销售总监"]
    assert [each.text for each in part.all("dd")][1] == "王雪"


def test_it_speaks_the_language_of_the_reader(as_, office, order) -> None:
    reader = as_("zhang")
    reader.client.headers["accept-language"] = "en"
    part = reader.get(f"/forms/order/{order}/life")
    assert "Inquiry" in part.text or "Inquiry" in part.html
    assert "询价" not in part.html


def test_a_form_without_a_life_offers_no_picture(as_) -> None:
    reader = as_("root")
    assert not reader.get("/forms/customer/1").all("div", "flow")
    assert "没有可以看的流程" in reader.get("/forms/customer/1/life").html


def test_one_who_may_not_see_the_record_learns_nothing(as_, order) -> None:
    assert as_("qian").get(f"/forms/order/{order}/life").status == 404
    assert as_("zhang").get("/forms/order/99999/life").status == 404
