"""Comments, following and the bin over HTTP: the same rules as on pages."""

import pytest

from tests.web.api.shop import Caller


@pytest.fixture
def order(clerk: Caller, customer: int) -> int:
    return int(
        clerk.post("/order", {"customer": customer, "lines": [{"goods": "a", "qty": "2", "price": "3"}]})[
            "id"
        ]
    )


def test_a_comment_is_written_read_changed_and_taken_back(clerk: Caller, boss: Caller, order: int) -> None:
    made = clerk.post(f"/order/{order}/comments", {"text": "@boss please"})
    assert made["mentions"] == [boss.user_id]
    assert [each["text"] for each in boss.get(f"/order/{order}/comments")["items"]] == ["@boss please"]
    address = f"/order/{order}/comments/{made['id']}"
    assert boss.call("PATCH", address, {"text": "x"}).status_code == 403
    assert clerk.call("PATCH", address, {"text": "@boss now"}).json()["text"] == "@boss now"
    assert clerk.call("DELETE", address).status_code == 204
    assert clerk.call("DELETE", address).status_code == 404
    (gone,) = clerk.get(f"/order/{order}/comments")["items"]
    assert (gone["is_removed"], gone["text"]) == (True, "")


def test_one_key_says_it_once(clerk: Caller, order: int) -> None:
    for _ in range(2):
        answer = clerk.call("POST", f"/order/{order}/comments", {"text": "hi"}, Idempotency_Key="k")
        assert answer.status_code == 201
    assert len(clerk.get(f"/order/{order}/comments")["items"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": 3},
        {"text": "x", "author_id": 1},
        {"text": "x", "mentions": "5"},
        {"text": "x", "files": [True]},
    ],
)
def test_what_is_no_comment_is_refused(clerk: Caller, order: int, body: dict[str, object]) -> None:
    assert clerk.call("POST", f"/order/{order}/comments", body).status_code in {400, 422}
    assert clerk.get(f"/order/{order}/comments")["items"] == []


def test_who_may_not_see_the_record_learns_nothing_of_it(
    clerk: Caller, other_clerk: Caller, nobody: Caller, order: int
) -> None:
    made = clerk.post(f"/order/{order}/comments", {"text": "inner words"})
    for caller in (other_clerk, nobody):
        for method, path in (
            ("GET", f"/order/{order}/comments"),
            ("POST", f"/order/{order}/comments"),
            ("PATCH", f"/order/{order}/comments/{made['id']}"),
            ("DELETE", f"/order/{order}/comments/{made['id']}"),
            ("GET", f"/order/{order}/following"),
            ("POST", f"/order/{order}/following"),
            ("GET", f"/order/bin/{order}"),
            ("POST", f"/order/bin/{order}/restore"),
        ):
            answer = caller.call(method, path, {"text": "x"} if method in {"POST", "PATCH"} else None)
            assert answer.status_code == 404, (method, path)
            assert "inner words" not in answer.text


def test_a_record_is_followed_and_left(boss: Caller, order: int) -> None:
    assert boss.get(f"/order/{order}/following") == {"is_following": False}
    assert boss.post(f"/order/{order}/following", None) == {"is_following": True}
    assert boss.call("DELETE", f"/order/{order}/following").json() == {"is_following": False}


def test_what_was_deleted_is_restored(admin: Caller, clerk: Caller, order: int) -> None:
    before = admin.get(f"/order/{order}")
    assert admin.call("DELETE", f"/order/{order}").status_code == 204
    listed = admin.get("/order/bin")
    assert [(each["id"], each["_title"]) for each in listed["items"]] == [(order, before["_title"])]
    assert listed["next_cursor"] is None
    assert admin.get(f"/order/bin/{order}")["total"] == before["total"]
    assert admin.post(f"/order/bin/{order}/restore", None) == before
    assert admin.call("POST", f"/order/bin/{order}/restore").status_code == 404


def test_history_goes_back_from_an_instant(clerk: Caller, order: int) -> None:
    (first,) = clerk.get(f"/order/{order}/history")["items"]
    at = first["at"].replace("+", "%2B")
    assert clerk.get(f"/order/{order}/history?before={at}") == {"items": []}
    assert clerk.call("GET", f"/order/{order}/history?before=yesterday").status_code == 400
