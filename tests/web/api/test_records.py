"""Records over HTTP: created, read, changed and deleted by the rules, with every mistake named at once."""

from typing import Any

import pytest

from tests.web.api.shop import Caller, order, paths


def test_a_created_record_is_answered_whole_with_its_address(clerk: Caller, customer: int) -> None:
    answer = clerk.call("POST", "/order", order(customer, ("bolt", "2.5", "10.10"), ("nut", "1", "0.90")))
    assert answer.status_code == 201
    created = answer.json()
    assert answer.headers["location"] == f"/api/v1/order/{created['id']}"
    assert answer.headers["etag"] == f'"{created["revision"]}"'
    assert created["number"] == "SO0001"
    assert created["total"] == "26.15"
    assert created["status"] == "draft"
    assert created["person"] == clerk.user_id
    assert created["_titles"]["customer"] == "Acme"
    assert [row["amount"] for row in created["lines"]] == ["25.25", "0.90"]
    assert clerk.get(f"/order/{created['id']}") == created


def test_numbers_are_read_exactly(clerk: Caller, customer: int) -> None:
    body = b'{"customer": %d, "lines": [{"goods": "a", "qty": 0.1, "price": 1e2}, {"goods": "b", "qty": 3, "price": 0.03}]}'
    created = clerk.post("/order", body % customer)
    assert created["total"] == "10.09"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"custmer": 1}, {"custmer": "unknown_field"}),
        ({"discount": "a lot"}, {"discount": "wrong_type"}),
        ({"ordered_on": "2026-02-30"}, {"ordered_on": "wrong_type"}),
        ({"ordered_on": 20260301}, {"ordered_on": "wrong_type"}),
        ({"kind": "cheap"}, {"kind": "wrong_type"}),
        ({"customer": "Acme"}, {"customer": "wrong_type"}),
        ({"urgent": "perhaps"}, {"urgent": "wrong_type"}),
        ({"carrier": ["SF"]}, {"carrier": "wrong_type"}),
        ({"lines": {"goods": "a"}}, {"lines": "wrong_type"}),
        ({"lines": ["a", {"goods": "b", "qty": "x", "colour": 1}]}, {
            "lines.0": "wrong_type",
            "lines.1.qty": "wrong_type",
            "lines.1.colour": "unknown_field",
        }),
        ({"lines": [{"id": "7", "goods": "a"}]}, {"lines.0.id": "wrong_type"}),
        ({"custmer": 1, "kind": 5}, {"custmer": "unknown_field", "kind": "wrong_type"}),
    ],
    ids=lambda value: str(value)[:60],
)  # fmt: skip
def test_every_mistake_of_a_body_is_named_at_its_path(
    clerk: Caller, customer: int, change: dict[str, Any], expected: dict[str, str]
) -> None:
    problem = clerk.refused(422, "POST", "/order", {**order(customer), **change})
    assert problem["type"] == "urn:orderkit:problem:unreadable"
    assert paths(problem) == expected
    assert clerk.get("/order")["items"] == []


def test_an_unknown_field_gets_a_suggestion(clerk: Caller, customer: int) -> None:
    problem = clerk.refused(422, "POST", "/order", {**order(customer), "custmer": 1})
    assert problem["errors"][0]["help"] == "did you mean `customer`?"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"[1]", {}, 400),
        (b"null", {}, 400),
        (b'"text"', {}, 400),
        (b'{"carrier": NaN}', {}, 400),
        (b'{"carrier": "a", "carrier": "b"}', {}, 400),
        (b'{"carrier": "\xff"}', {}, 400),
        (b'{"a":' * 3000 + b"1" + b"}" * 3000, {}, 400),
        (b'{"id": ' + b"9" * 5000 + b"}", {}, 400),
        (b"carrier=SF", {"Content_Type": "application/x-www-form-urlencoded"}, 415),
        (b"<a/>", {"Content_Type": "text/xml"}, 415),
    ],
    ids=["cut off", "a list", "null", "a text", "NaN", "a key twice", "not UTF-8", "too deep", "too long a number", "a form", "XML"],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_refused(
    clerk: Caller, body: bytes, headers: dict[str, str], status: int
) -> None:
    clerk.refused(status, "POST", "/order", body, **headers)


def test_the_rules_of_the_form_hold_and_all_problems_are_told(clerk: Caller, customer: int) -> None:
    body = order(customer, ("bolt", "0", "1"), ("", "1", "1"), discount="2")
    problem = clerk.refused(422, "POST", "/order", body)
    assert problem["type"] == "urn:orderkit:problem:refused"
    assert {"lines.0.qty", "lines.1.goods", "discount"} <= paths(problem).keys()
    assert "The quantity must be greater than 0" in str(problem["errors"])


def test_problems_speak_the_language_asked_for(clerk: Caller, customer: int) -> None:
    body = order(customer, ("bolt", "0", "1"))
    problem = clerk.refused(422, "POST", "/order", body, Accept_Language="zh-CN,zh;q=0.9,en;q=0.5")
    assert problem["detail"] == "数量必须大于 0"


def test_a_change_leaves_the_rest_as_it_is(clerk: Caller, customer: int) -> None:
    created = clerk.post("/order", order(customer, ("bolt", "1", "5"), ("nut", "2", "3")))
    changed = clerk.call("PATCH", f"/order/{created['id']}", {"discount": "0.05"}).json()
    assert changed["discount"] == "0.0500"
    assert changed["lines"] == created["lines"]
    assert changed["revision"] == created["revision"] + 1


def test_a_collection_that_is_given_is_the_new_set(clerk: Caller, customer: int) -> None:
    created = clerk.post("/order", order(customer, ("bolt", "1", "5"), ("nut", "2", "3")))
    bolt, nut = created["lines"]
    rows = [{"id": nut["id"], "qty": "4"}, {"goods": "screw", "qty": "1", "price": "1"}]
    changed = clerk.call("PATCH", f"/order/{created['id']}", {"lines": rows}).json()
    assert [(row["goods"], row["qty"]) for row in changed["lines"]] == [("nut", "4.000"), ("screw", "1.000")]
    assert changed["lines"][0]["id"] == nut["id"]
    assert changed["lines"][1]["id"] not in {bolt["id"], nut["id"]}
    assert changed["total"] == "13.00"


def test_a_record_that_was_read_may_be_sent_back_changed(clerk: Caller, customer: int) -> None:
    created = clerk.post("/order", order(customer))
    answer = clerk.call("PATCH", f"/order/{created['id']}", {**created, "carrier": "SF"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["carrier"] == "SF"


def test_a_line_of_another_order_cannot_be_taken(clerk: Caller, customer: int) -> None:
    first, second = (clerk.post("/order", order(customer)) for _ in range(2))
    # Whole, so that it could pass for a new one.
    taken = {"id": first["lines"][0]["id"], "goods": "nut", "qty": "9", "price": "1.00"}
    problem = clerk.refused(422, "PATCH", f"/order/{second['id']}", {"lines": [taken]})
    assert paths(problem)["lines.0"] == "unknown_line"
    assert clerk.get(f"/order/{first['id']}") == first
    assert clerk.get(f"/order/{second['id']}") == second


def test_if_match_refuses_what_somebody_else_has_changed(clerk: Caller, customer: int) -> None:
    created = clerk.post("/order", order(customer))
    address, etag = f"/order/{created['id']}", f'"{created["revision"]}"'
    assert clerk.call("PATCH", address, {"carrier": "SF"}, If_Match=etag).status_code == 200
    problem = clerk.refused(412, "PATCH", address, {"carrier": "YTO"}, If_Match=etag)
    assert problem["type"] == "urn:orderkit:problem:stale"
    clerk.refused(412, "DELETE", address, If_Match=etag)
    assert clerk.get(address)["carrier"] == "SF"
    assert clerk.call("PATCH", address, {"carrier": "YTO"}, If_Match="*").status_code == 200
    clerk.refused(400, "PATCH", address, {"carrier": "YTO"}, If_Match="latest")


def test_a_deleted_record_is_gone(clerk: Caller, customer: int) -> None:
    created = clerk.post("/order", order(customer))
    answer = clerk.call("DELETE", f"/order/{created['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    clerk.refused(404, "GET", f"/order/{created['id']}")
    clerk.refused(404, "DELETE", f"/order/{created['id']}")


def test_the_history_names_what_changed(clerk: Caller, customer: int) -> None:
    created = clerk.post("/order", order(customer))
    clerk.call("PATCH", f"/order/{created['id']}", {"carrier": "SF"})
    newest = clerk.get(f"/order/{created['id']}/history")["items"][0]
    assert newest["actor_id"] == clerk.user_id
    assert newest["channel"] == "api"
    assert [(each["path"], each["after"]) for each in newest["changes"]] == [("carrier", "SF")]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/ordr", 404),
        ("GET", "/order.lines", 404),
        ("GET", "/order/abc", 404),
        ("GET", "/order/99999999999999999999999", 404),
        ("GET", "/order/²", 404),
        ("GET", "/order/999999", 404),
        ("GET", "/order/1/nothing", 404),
        ("GET", "/", 404),
        ("PUT", "/order/1", 405),
        ("DELETE", "/order", 405),
        ("POST", "/reports/sales", 405),
    ],
)
def test_an_address_that_does_not_exist_says_so(clerk: Caller, method: str, path: str, status: int) -> None:
    clerk.refused(status, method, path)


def test_a_misspelt_form_gets_a_suggestion_and_a_wrong_method_the_right_ones(clerk: Caller) -> None:
    assert "did you mean `order`?" in clerk.refused(404, "GET", "/ordr")["detail"]
    assert clerk.call("PUT", "/order/1").headers["allow"] == "DELETE, GET, PATCH"
