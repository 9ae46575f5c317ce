"""What happens around a record, in a real browser: turning to a colleague, files, who is told, what it answers."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Shop
from tests.browser.test_order_story import enter_order


def test_a_colleague_is_turned_to_by_initials_and_answers(shop: Shop, tmp_path: Path) -> None:
    seller = shop.visit("zhang")
    enter_order(seller)
    said = seller.get_by_role("textbox", name="写评论")
    said.press_sequentially("价格请 @wx")
    expect(seller.get_by_role("option", name="王雪")).to_be_visible()
    said.press("Enter")
    expect(said).to_have_value("价格请 @王雪 ")
    said.press_sequentially("确认")
    drawing = tmp_path / "图纸.txt"
    drawing.write_text("a drawing")
    seller.locator("input[name=file]").set_input_files(drawing)
    expect(seller.locator("[data-say-files] .file-chip-name")).to_have_text("图纸.txt")
    said.press("Control+Enter")
    timeline = seller.get_by_role("region", name="动态")
    expect(timeline.locator(".mention")).to_have_text("@王雪")
    expect(timeline.locator("a.file-chip")).to_contain_text("图纸.txt")
    expect(seller.get_by_role("textbox", name="写评论")).to_have_value("")

    director = shop.visit("wang")
    director.goto("/messages")
    director.get_by_role("link", name="张敏 在").click()
    director.get_by_role("button", name="关注").click()
    expect(director.get_by_role("button", name="已关注")).to_be_visible()
    director.get_by_role("textbox", name="写评论").fill("可以")
    director.get_by_role("button", name="发送").click()
    expect(director.locator(".is-said").first).to_have_text("可以")
    director.get_by_role("link", name="编辑", exact=True).last.click()
    director.locator("dialog#sheet textarea").fill("可以，照此报价")
    director.locator("dialog#sheet").get_by_role("button", name="保存").click()
    expect(director.locator(".is-said").first).to_have_text("可以，照此报价")
    seller.goto("/messages")
    expect(seller.get_by_role("link", name="王雪 评论了")).to_be_visible()
