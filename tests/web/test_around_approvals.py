"""Over real HTTP: nobody walks around an approval, by the API, by the pages, or by an Excel file."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project
from tests.web.approved_shop import Shop, serving, yaml

STAFF = (
    Staff(login="ann"),
    Staff(login="lee", roles=("lead",)),
    Staff(login="kim", roles=("board",)),
    Staff(login="root", roles=("admin",)),
)
EVERYBODY = ["ann", "root"]
HEADINGS = ["编号", "付款", "备注"]


@contextmanager
def opened(databases, folder, **words: str) -> Iterator[Shop]:
    mark = databases.mark()
    model = project(*yaml(**words))
    office = open_office(model, databases.make(model, "sqlite", threads=6), folder, FakeClock(), STAFF)
    with serving(office) as url:
        yield Shop(office, url)
    databases.clear(mark)


@pytest.fixture(scope="module")
def shop(databases, tmp_path_factory) -> Iterator[Shop]:
    with opened(databases, tmp_path_factory.mktemp("shop")) as found:
        yield found


@pytest.fixture(scope="module")
def asking_again(databases, tmp_path_factory) -> Iterator[Shop]:
    with opened(databases, tmp_path_factory.mktemp("again"), more="reapprove: true") as found:
        yield found


@pytest.fixture(scope="module")
def watching_total(databases, tmp_path_factory) -> Iterator[Shop]:
    with opened(databases, tmp_path_factory.mktemp("total"), protects="total") as found:
        yield found


@pytest.mark.parametrize("login", EVERYBODY)
def test_the_api_lets_nobody_write_a_state(shop: Shop, login: str) -> None:
    made = shop.api(login, "POST", "/order", {"code": f"S-{login}", "status": "open"})
    assert made.status_code == 422
    assert [(each["path"], each["code"]) for each in made.json()["errors"]] == [("status", "state")]
    order = shop.order()
    for state in ("open", "done", "review"):
        changed = shop.api(login, "PATCH", f"/order/{order}", {"status": state})
        assert changed.status_code == 422, changed.text
    assert shop.press(order, "place", {"status": "open"}) == 422
    assert shop.read(order)["status"] == "draft"


@pytest.mark.parametrize("login", EVERYBODY)
def test_a_page_lets_nobody_write_a_state(shop: Shop, login: str) -> None:
    order = shop.order()
    sent = {"code": f"P-{login}", "term": "cash", "status": "open", "lines.rows": "1"}
    shop.page(login, f"/forms/order/{order}", {**sent, "revision": "1"})
    assert shop.read(order)["status"] == "draft"
    shop.page(login, "/forms/order/new", {**sent, "code": f"N-{login}"})
    found = shop.api(login, "GET", "/order?limit=100").json()["items"]
    assert {each["status"] for each in found if each["code"] == f"N-{login}"} <= {"draft"}


@pytest.mark.parametrize("login", EVERYBODY)
def test_an_excel_file_lets_nobody_write_a_state(shop: Shop, login: str) -> None:
    order = shop.order()
    code = shop.read(order)["code"]
    shop.imported(login, [*HEADINGS, "status", "状态"], [code, "cash", "n", "open", "open"])
    assert (shop.read(order)["status"], shop.read(order)["note"]) == ("draft", "n")


@pytest.mark.parametrize("login", EVERYBODY)
def test_what_is_approved_is_changed_by_no_channel(shop: Shop, login: str) -> None:
    order = shop.approved()
    before = shop.read(order)
    line = before["lines"][0]
    for body in (
        {"term": "credit"},
        {"lines": [{**line, "price": "900000.00"}]},
        {"lines": [line, {"goods": "gold", "price": "900000.00"}]},
        {"lines": []},
    ):
        answer = shop.api(login, "PATCH", f"/order/{order}", body)
        assert answer.status_code in {403, 422}, answer.text
        assert "approv" in answer.text
    sent = {"code": before["code"], "term": "credit", "revision": str(before["revision"])}
    shop.page(login, f"/forms/order/{order}", sent)
    told = shop.imported(login, HEADINGS, [before["code"], "credit", "x"])
    assert "没有导入" in told
    assert shop.press(order, "finish", {"term": "credit"}) == 422
    assert shop.press(order, "cheat") == 422
    after = shop.read(order)
    assert (after["term"], after["total"], after["status"]) == ("cash", "100.00", "open")


def test_what_is_not_protected_may_still_be_changed(shop: Shop) -> None:
    order = shop.approved()
    assert (
        shop.api("ann", "PATCH", f"/order/{order}", {"note": "call first", "term": "cash"}).status_code == 200
    )
    assert "导入完成" in shop.imported("ann", HEADINGS, [shop.read(order)["code"], "cash", "by sheet"])
    assert shop.read(order)["note"] == "by sheet"
    assert shop.press(order, "finish", {"term": "cash"}) == 200


def test_between_two_approvers_nothing_that_the_first_approved_changes(shop: Shop) -> None:
    order = shop.order()
    shop.press(order, "place")
    assert shop.api("ann", "PATCH", f"/order/{order}", {"term": "credit"}).status_code == 200
    shop.approve("lee")
    assert shop.api("ann", "PATCH", f"/order/{order}", {"term": "cash"}).status_code == 422
    shop.approve("kim")
    assert shop.read(order)["term"] == "credit"
    assert shop.press(order, "cheat") == 200


def test_an_order_taken_back_may_be_changed_and_is_approved_anew(shop: Shop) -> None:
    order = shop.approved()
    assert shop.press(order, "amend", {"term": "credit"}) == 200
    assert shop.api("ann", "PATCH", f"/order/{order}", {"lines": []}).status_code == 200
    assert shop.press(order, "finish", {"term": "credit"}) in {409, 422}
    assert shop.press(order, "place") == 200
    assert shop.read(order)["status"] == "review"


def test_nobody_comes_behind_an_approval_but_by_the_approvers(shop: Shop) -> None:
    order = shop.order()
    for login in EVERYBODY:
        for transition in ("finish", "amend", "check", "approved"):
            assert shop.api(login, "POST", f"/order/{order}/do/{transition}").status_code >= 400
    shop.press(order, "place")
    task = shop.api("lee", "GET", "/tasks").json()["items"][0]
    for login in ("ann", "kim", "root"):
        assert shop.api(login, "POST", f"/tasks/{task['id']}/approve").status_code in {403, 404}
        assert shop.api(login, "POST", f"/order/{order}/do/finish").status_code >= 400
    shop.approve("lee")
    assert shop.read(order)["status"] == "review"


def test_what_is_computed_from_a_change_is_protected_too(watching_total: Shop) -> None:
    order = watching_total.approved()
    line = watching_total.read(order)["lines"][0]
    dearer = watching_total.api("ann", "PATCH", f"/order/{order}", {"lines": [{**line, "price": "5.00"}]})
    assert [(each["path"], each["code"]) for each in dearer.json()["errors"]] == [("total", "approved")]
    renamed = watching_total.api("ann", "PATCH", f"/order/{order}", {"lines": [{**line, "goods": "nut"}]})
    assert renamed.status_code == 200
    assert watching_total.read(order)["total"] == "100.00"


def test_with_reapprove_a_change_is_asked_again(asking_again: Shop) -> None:
    order = asking_again.approved()
    assert asking_again.api("ann", "PATCH", f"/order/{order}", {"note": "x"}).status_code == 200
    assert asking_again.read(order)["status"] == "open"
    assert asking_again.api("ann", "PATCH", f"/order/{order}", {"term": "credit"}).status_code == 200
    assert (asking_again.read(order)["status"], asking_again.read(order)["term"]) == ("review", "credit")
    asking_again.approve("lee", "kim")
    assert asking_again.read(order)["status"] == "open"
    assert asking_again.press(asking_again.approved(), "cheat") == 422
    assert ("reapprove", "SYSTEM") in {
        (step[0], step[1].upper()) for step in asking_again.office.timeline("order", order)
    }
