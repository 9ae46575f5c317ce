"""Tokens on the account page: made as narrow as one likes, shown once, listed with their ends, revoked."""

import pytest

from orderkit.engine.accounts import Reach, longest_days, person_of_token, usual_days
from tests.support.projects import project
from tests.web.conftest import SignIn


def test_a_token_is_made_as_narrow_as_one_likes_and_shown_once(as_: SignIn, office) -> None:
    reader = as_("zhang")
    page = reader.get("/account")
    empty = page.form("/account/tokens")
    assert (empty["reach"], empty["days"]) == (["read"], ["90"])
    sent = {**empty, "label": "报表脚本", "reach": "write", "forms": ["order", "customer"], "days": "30"}
    page = reader.post("/account/tokens", sent)
    token = page.one("code", id="fresh-secret").text
    person = person_of_token(office.runtime, token)
    assert person is not None
    assert person.scope is not None
    assert (person.scope.reach, person.scope.forms) == (Reach.WRITE, frozenset({"order", "customer"}))
    listed = reader.get("/account")
    assert token not in listed.html
    (row,) = [each.text for each in listed.all(cls="task") if "报表脚本" in each.text]
    for word in ("读写", "只限：", "销售订单", "上次使用", "有效至"):
        assert word in row
    (address,) = [
        each.attributes["action"]
        for each in listed.all("form")
        if each.attributes.get("action", "").endswith("/revoke")
    ]
    assert "已停用" in reader.post(address).text
    assert person_of_token(office.runtime, token) is None


def test_who_sends_no_reach_gets_the_least(as_: SignIn, office) -> None:
    page = as_("zhang").post("/account/tokens", {"label": "x", "reach": "everything"})
    person = person_of_token(office.runtime, page.one("code", id="fresh-secret").text)
    assert person is not None
    assert person.scope is not None
    assert not person.scope.may_write


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"days": "366"}, "1 到 365 天"),
        ({"days": "0"}, "1 到 365 天"),
        ({"days": "1e3"}, "1 到 365 天"),
        ({"forms": "nothing"}, "没有表单 nothing"),
        ({"forms": "order.lines"}, "没有表单 order.lines"),
    ],
)
def test_what_no_token_can_be_is_said_at_the_form_which_stays_as_it_was(
    as_: SignIn, sent: dict[str, object], said: str
) -> None:
    reader = as_("zhang")
    page = reader.post("/account/tokens", {"label": "夜间同步", "reach": "full", "days": "30", **sent})
    assert page.status == 422
    assert said in page.one(role="alert").text
    kept = page.form("/account/tokens")
    assert (kept["label"], kept["reach"]) == (["夜间同步"], ["full"])
    assert "夜间同步" not in reader.get("/account").text


def test_an_end_that_has_come_is_said(as_: SignIn, clock) -> None:
    as_("zhang").post("/account/tokens", {"label": "kurz", "days": "1"})
    clock.advance(days=2)
    page = as_("zhang").get("/account")
    (row,) = [each for each in page.all(cls="task") if "kurz" in each.text]
    assert "已过期" in row.text
    assert not [each for each in page.all("form") if each.attributes.get("action", "").endswith("/revoke")]
    page = as_("root").get("/account")
    assert "kurz" not in page.text


def test_a_project_says_how_long_a_token_holds_at_most() -> None:

    model = project("project: shop\nsign_in: {token_longest: 30d}\n")
    assert (longest_days(model), usual_days(model)) == (30, 30)
    model = project("project: shop\n")
    assert (longest_days(model), usual_days(model)) == (365, 90)
