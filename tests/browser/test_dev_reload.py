"""`serve --dev`: a page that is loaded again after a save stands where it stood."""

from playwright.sync_api import Route, expect

from tests.browser.conftest import Shop


def test_a_save_of_the_project_leaves_the_reader_where_they_are(workshop: Shop) -> None:
    page = workshop.visit("admin")
    page.set_viewport_size({"width": 1000, "height": 500})
    builds = iter(["1", *["2"] * 1000])
    asked: list[str] = []
    is_saved = False

    def tell(route: Route) -> None:
        build = next(builds) if is_saved or not asked else "1"
        asked.append(build)
        text = f'retry: 200\ndata: {{"build": "{build}", "findings": ""}}\n\n'
        route.fulfill(content_type="text/event-stream", body=text)

    page.route("**/dev/state", tell)
    questions: list[str] = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    page.goto("/forms/customer/1/edit")
    remark = page.locator("main textarea").first
    remark.fill("half a sen")
    page.evaluate("window.scrollTo(0, 150)")
    page.evaluate("document.documentElement.dataset.before = '1'")
    before = remark.bounding_box()
    # By now the form is kept, too, as after a crash; what is back by itself is not offered besides.
    expect(page.locator("form[data-kept-at]")).to_have_count(1)
    is_saved = True
    expect(page.locator("html[data-before]")).to_have_count(0)
    expect(remark).to_have_value("half a sen")
    expect(remark).to_be_focused()
    expect(page.locator("[data-kept-offer]")).to_be_hidden()
    after = remark.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2
    assert questions == []
    page.unroute_all(behavior="ignoreErrors")
