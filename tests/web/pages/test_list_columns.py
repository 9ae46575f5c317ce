"""The columns of a list on its page: chosen, ordered, sized, taken back; in the export as on the page."""

from io import BytesIO

from python_calamine import CalamineWorkbook


def test_a_person_chooses_columns_and_every_later_look_has_them(as_, order) -> None:
    reader = as_("zhang")
    sent = {
        "column": ["kind", "number", "total"],
        "width.total": "120",
        "frozen": "2",
        "query": "sort=-total",
    }
    page = reader.post("/forms/order/columns", sent)
    assert page.url.endswith("/forms/order?sort=-total")
    assert page.texts("th") == ["业务类型", "单号", "合计"]
    assert [each.attributes.get("data-width") for each in page.all("col")] == ["150", "150", "120"]
    assert len([each for each in page.all("th") if "is-frozen" in each.classes]) == 2
    sheet = CalamineWorkbook.from_filelike(BytesIO(reader.get("/forms/order/export").response.content))
    assert sheet.get_sheet_by_index(0).to_python()[0] == ["业务类型", "单号", "合计"]
    assert as_("li").get("/forms/order").texts("th")[0] == "单号"
    reader = as_("zhang")
    reader.post("/forms/order/columns", {"reset": "1"})
    assert reader.get("/forms/order").texts("th")[:2] == ["单号", "客户"]


def test_the_list_comes_back_at_once_where_the_page_asks_for_it(as_, order) -> None:
    reader = as_("zhang")
    sent = {"column": ["number"], "query": "f.status=inquiry", "csrf_token": reader.csrf}
    answer = reader.client.post("/forms/order/columns", data=sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.headers["hx-push-url"] == "/forms/order?f.status=inquiry"
    quiet = reader.client.post("/forms/order/columns", data={**sent, "quiet": "1"})
    assert quiet.status_code == 204


def test_the_panel_offers_what_the_reader_may_see_and_nothing_else(as_, order) -> None:
    def offered(login: str) -> set[str]:
        page = as_(login).get("/forms/order")
        return {each.attributes["value"] for each in page.all("input", name="column")}

    assert {"external_no", "created_at", "overdue", "total"} <= offered("zhang")
    assert not {"total", "received", "balance"} & offered("zhao")
    reader = as_("zhao")
    reader.post("/forms/order/columns", {"column": ["total", "number"]})
    chosen = [
        each
        for each in reader.get("/forms/order").all("input", name="column")
        if "checked" in each.attributes
    ]
    assert [each.attributes["value"] for each in chosen] == ["number"]


def test_nonsense_is_no_column_and_no_width(as_, order) -> None:
    reader = as_("zhang")
    sent = {"column": ["number", "<b>", "lines"], "width.number": "1e9", "frozen": "９", "saved": "x" * 40}
    page = reader.post("/forms/order/columns", sent)
    assert page.texts("th") == ["单号"]
    assert not page.all("col")
    assert as_("qian").post("/forms/receipt/columns", {"column": ["memo"], "query": "/\\evil"}).status in {
        303,
        403,
    }
