"""The audit on its page: who may look, what is asked for, how it is told, and that taking it along is noted."""

import csv
import io

from orderkit.engine import audit
from orderkit.engine.accounts.noting import AccountEvent
from orderkit.engine.hooks import WriteKind
from orderkit.engine.jobs import Worker
from orderkit.engine.opening import job_handlers
from orderkit.web.auditing.rows import VERBS
from orderkit.web.pages.admin_audit import PAGE_SIZE


def told(page) -> list[str]:
    return [" ".join(row.text.split()) for row in page.all("tr") if row.attributes.get("id")]


def test_everything_that_is_noted_has_its_word() -> None:
    assert {each.value for each in AccountEvent} | {each.value for each in WriteKind} <= set(VERBS)


def test_an_entry_tells_who_did_what_to_what(as_, office, order: int) -> None:
    office.do("zhang", "order", order, "quote")
    page = as_("root").get(f"/admin/audit?user=zhang&form=order&id={order}")
    newest, *_, first = told(page)
    assert "张敏" in newest
    assert "修改" in newest
    assert "已报价" in newest
    assert "新建" in first
    assert page.one("select", id="audit-form").text
    assert page.all("a", href=f"/forms/order/{order}")
    # What is asked for stays in the form.
    assert page.form("/admin/audit") == {
        "user": ["zhang"],
        "form": ["order"],
        "id": [str(order)],
        "since": [""],
        "until": [""],
    }


def test_refusals_and_sign_ins_are_kinds_of_their_own(as_) -> None:
    as_("li").get("/admin/audit")
    reader = as_("root")
    (refused,) = told(reader.get("/admin/audit?kind=refusals"))
    assert "李强" in refused
    assert "/admin/audit" in refused
    assert not told(reader.get("/admin/audit?kind=exports"))


def test_questions_that_make_no_sense_are_told(as_) -> None:
    reader = as_("root")
    for query, said in (
        ("user=nobody", "nobody"),
        ("id=x", "编号"),
        ("since=2026-13-01", "不是日期"),
        ("until=tomorrow", "不是日期"),
    ):
        page = reader.get(f"/admin/audit?{query}")
        assert (page.status, told(page)) == (200, [])
        assert said in page.one("div", "banner-bad").text
        assert said in reader.get(f"/admin/audit/export?{query}").one("div", "banner-bad").text
    assert told(reader.get("/admin/audit?kind=nonsense&verb=nonsense&form=nonsense&until=9999-12-31"))


def test_later_pages_go_on_where_the_first_ends(as_, office) -> None:
    with office.act("root") as unit:
        for number in range(PAGE_SIZE + 3):
            audit.note(unit, audit.EXPORT, "exported", {"rows": number})
    first = as_("root").get("/admin/audit?kind=exports")
    url = next(a.attributes["href"] for a in first.all("a") if "before=" in a.attributes["href"])
    second = as_("root").get(url)
    assert (len(told(first)), len(told(second))) == (PAGE_SIZE, 3)


def test_the_file_holds_what_was_asked_for_and_taking_it_is_noted(as_, office) -> None:
    with office.act("root") as unit:
        audit.note(unit, audit.REFUSAL, "denied", {"place": "=cmd()"})
    reader = as_("root")
    answer = reader.get("/admin/audit/export?kind=refusals&user=root").response
    assert answer.headers["content-disposition"].startswith("attachment")
    heads, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heads[:3] == ["编号", "时间", "谁"]
    assert row[2] == "管理员"
    assert row[-1] == "地址: =cmd()"
    (noted,) = told(reader.get("/admin/audit?kind=exports"))
    # By what it was narrowed is noted, and not to whom.
    assert "user, kind" in noted
    assert "行数 1" in noted
    assert as_("li").get("/admin/audit/export").status == 403
    assert as_("li").post("/admin/audit/verify").status == 403


def test_the_seal_is_verified_on_demand(as_, office) -> None:
    reader = as_("root")
    assert "还没有核对过" in reader.get("/admin/audit").text
    assert "正在核对" in reader.post("/admin/audit/verify").text
    Worker(office.runtime, job_handlers()).run_once()
    page = reader.get("/admin/audit")
    assert "上次核对：刚刚" in page.text
    # This server was given no key: that is what there is to say first.
    assert "没有密钥" in page.one("span", "pill", class_="pill hue-orange").text
