"""What happens around a record on its page: comments, following, the timeline a page at a time."""

import pytest

from orderkit.engine import comments

EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7*7 }} @王雪 \u202e'


def test_a_comment_is_sent_and_shown_without_scripts(as_, office, order) -> None:
    reader = as_("zhang")
    page = reader.get(f"/forms/order/{order}")
    assert page.form(f"/forms/order/{order}/comments")["text"] == [""]
    files = [("file", ("报价.txt", b"some words", "text/plain"))]
    page = reader.post(f"/forms/order/{order}/comments", {"text": "请 @王雪 看一下"}, files=files)
    assert page.url.endswith(f"/forms/order/{order}#timeline")
    assert page.texts("span", "mention") == ["@王雪"]
    chip = page.one("a", "file-chip")
    assert chip.text.startswith("报价.txt")
    assert as_("li").client.get(chip.attributes["href"]).content == b"some words"
    assert as_("qian").client.get(chip.attributes["href"]).status_code == 404
    page = as_("wang").get("/messages")
    assert "张敏 在 SO20260302-0001 杭州恒力机电有限公司 提到了您" in page.text


def test_a_comment_says_what_was_written_and_never_runs(as_, order) -> None:
    page = as_("zhang").post(f"/forms/order/{order}/comments", {"text": EVIL})
    assert not page.all("img", src="x")
    assert not [each for each in page.all("script") if "alert" in each.text]
    assert (
        '"><img src=x onerror=alert(1)><script>alert(2)</script>{{ 7*7 }} @王雪'
        in page.one(cls="is-said").text
    )
    assert not as_("wang").get("/messages").all("img", src="x")


def test_parts_answer_htmx_and_stale_ones_are_refused(as_, order) -> None:
    reader = as_("zhang")
    reader.get(f"/forms/order/{order}")
    part = reader.htmx(f"/forms/order/{order}/comments", {"text": "好"})
    assert part.one("section", id="timeline")
    own = next(
        each.attributes["href"] for each in part.all("a", "event-act") if "edit" in each.attributes["href"]
    )
    assert reader.get(own).one("textarea").text == "好"
    assert "已编辑" in reader.post(own, {"text": "很好"}).text
    gone = own.replace("/edit", "/remove")
    assert "删除了一条评论" in reader.post(gone).text
    assert reader.post(own, {"text": "again"}).status == 404
    assert reader.post(f"/forms/order/{order}/comments", {"text": "x", "csrf_token": "no"}).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "comments",
        "follow",
        "comments/1/edit",
        "comments/1/remove",
        "timeline",
        "people?q=w",
        "comments/1/edit?",
    ],
)
def test_one_who_may_not_see_the_record_learns_nothing(as_, office, order, path) -> None:
    with office.act("zhang") as unit:
        comments.add(unit, "order", order, "inner words")
    reader = as_("qian")
    reader.get("/")
    pages = [reader.post(f"/forms/order/{order}/{path}", {"text": "let me in"})]
    if path.startswith(("timeline", "people", "comments/1")):
        pages.append(reader.get(f"/forms/order/{order}/{path}"))
    assert {page.status for page in pages} <= {404, 405}
    assert not any("inner words" in page.html or "王雪" in page.html for page in pages)


def test_nothing_but_the_text_is_taken_from_a_form(as_, office, order) -> None:
    reader = as_("zhang")
    reader.get(f"/forms/order/{order}")
    smuggled = {
        "text": "mine",
        "author_id": "1",
        "created_at": "2020-01-01",
        "mentions": "5",
        "id": "99",
        "files": "1",
    }
    reader.post(f"/forms/order/{order}/comments", smuggled)
    with office.look("zhang") as unit:
        (one,) = comments.comments(unit, "order", order)
    assert (one.author, one.mentions, one.files) == ("张敏", (), ())
    assert one.id != 99


def test_people_are_found_by_name_and_initials_if_they_may_see_the_record(as_, order) -> None:
    answer = as_("zhang").client.get(f"/forms/order/{order}/people", params={"q": "wx"}).json()
    assert [each["name"] for each in answer["people"]] == ["王雪"]
    assert as_("zhang").client.get(f"/forms/order/{order}/people", params={"q": "钱"}).json() == {
        "people": []
    }


def test_a_record_is_followed_and_left(as_, order) -> None:
    reader = as_("li")
    page = reader.get(f"/forms/order/{order}")
    assert "已关注" not in page.text
    assert "已关注" in reader.post(f"/forms/order/{order}/follow").text
    assert "已关注" not in reader.post(f"/forms/order/{order}/follow", {"leave": "1"}).text


def test_the_timeline_goes_back_page_by_page_and_tears_nothing_apart(as_, office, order, clock) -> None:
    for number in range(45):
        clock.advance(minutes=1)
        with office.act("zhang") as unit:
            comments.add(unit, "order", order, f"no {number}")
    reader = as_("zhang")
    page = reader.get(f"/forms/order/{order}")
    seen = page.texts("div", "is-said")
    while page.all("li", "event-earlier"):
        (link,) = [
            each for each in page.all("a", "btn") if "timeline?before" in each.attributes.get("hx-get", "")
        ]
        whole = reader.get(link.attributes["href"].partition("#")[0])
        page = reader.get(link.attributes["hx-get"])
        assert page.texts("div", "is-said") == whole.texts("div", "is-said")
        assert not whole.all("textarea", name="text")
        seen += page.texts("div", "is-said")
    assert seen == [f"no {number}" for number in reversed(range(45))]
    assert reader.get(f"/forms/order/{order}?before=yesterday").status == 200


def test_what_was_deleted_is_looked_at_and_restored(as_, office, order) -> None:
    reader = as_("root")
    reader.get(f"/forms/order/{order}")
    assert "30 天内可以恢复" in reader.get(f"/forms/order/{order}/delete").html
    reader.post(f"/forms/order/{order}/delete")
    page = reader.get("/forms/order/bin")
    assert "SO20260302-0001 杭州恒力机电有限公司" in page.text
    assert "30 天" in page.texts("span", role="cell")
    page = reader.get(f"/forms/order/bin/{order}")
    assert "60,000.00" in page.text
    page = reader.post(f"/forms/order/bin/{order}/restore")
    assert page.path == f"/forms/order/{order}"
    assert "已恢复" in page.one(cls="notice").text
    assert "回收站是空的" in reader.get("/forms/order/bin").text


def test_only_an_administrator_removes_for_good_and_others_do_not_see_the_bin(as_, office, order) -> None:
    reader = as_("root")
    reader.get("/")
    reader.post(f"/forms/order/{order}/delete")
    assert "不能恢复" in reader.get(f"/forms/order/bin/{order}/purge").html
    for login in ("qian", "sun"):
        other = as_(login)
        other.get("/")
        assert other.get("/forms/order/bin").status == 404
        for path in ("", "/restore", "/purge"):
            answer = other.post(f"/forms/order/bin/{order}{path}")
            assert answer.status in {403, 404, 405}
            assert "恒力" not in answer.html
    reader = as_("root")
    reader.get("/")
    assert "已彻底删除" in reader.post(f"/forms/order/bin/{order}/purge").one(cls="notice").text
    assert reader.post(f"/forms/order/bin/{order}/restore").status == 404


def test_a_shared_link_opens_after_sign_in_and_only_for_who_may_see_it(as_, nobody, order) -> None:
    shared = as_("zhang").get(f"/forms/order/{order}").one("button", data_share=f"/forms/order/{order}")
    assert shared.attributes["data-title"] == "SO20260302-0001 杭州恒力机电有限公司"
    nobody.client.cookies.clear()
    page = nobody.get(f"/forms/order/{order}")
    assert page.path == "/sign-in"
    places = {each.attributes["value"] for each in page.all("input", name="next")}
    assert f"/forms/order/{order}" in places
    assert as_("qian").get(f"/forms/order/{order}").status == 404
