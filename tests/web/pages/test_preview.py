"""Before a record is handed in: who would decide and why, on the page, and nothing of it happens."""

from orderkit.engine.workflow import tasks

PLACE = "do/order_life/place/preview"


def test_the_menu_leads_to_who_would_decide_and_trying_it_stores_nothing(as_, office, order) -> None:
    office.do("zhang", "order", order, "quote")
    reader = as_("zhang")
    page = reader.get(f"/forms/order/{order}")
    assert f"/forms/order/{order}/{PLACE}" in page.html
    before = office.timeline("order", order)
    shown = reader.get(f"/forms/order/{order}/{PLACE}")
    assert shown.status == 200
    assert "进入“审批中”" in shown.html
    assert "直属主管" in shown.html
    assert "李强" in shown.html
    assert "销售总监" in shown.html
    assert "50,000" in shown.html
    assert office.value("order", order, "status") == "quoted"
    assert office.timeline("order", order) == before
    with office.look("li") as unit:
        assert tasks(unit) == ()


def test_what_would_be_refused_is_said_with_why_and_offers_no_press(as_, office, order) -> None:
    office.do("zhang", "order", order, "quote")
    office.runtime.clock.advance(days=400)
    shown = as_("zhang").get(f"/forms/order/{order}/{PLACE}")
    assert "交货日期已过" in shown.html
    assert not shown.all("button", "btn-primary")


def test_it_is_for_whoever_may_see_the_record_and_for_ways_that_there_are(as_, office, order) -> None:
    office.do("zhang", "order", order, "quote")
    assert as_("sun").get(f"/forms/order/{order}/do/order_life/nothing/preview").status == 404
    assert as_("zhang").get(f"/forms/order/{order}/do/receipt_life/confirm/preview").status == 404
    assert as_("zhang").get(f"/forms/order/{order + 1000}/{PLACE}").status == 404
