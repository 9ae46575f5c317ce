"""A request with an Idempotency-Key is done once, however often and however concurrently it arrives."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.web.api.shop import Caller, order


def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(clerk: Caller, customer: int) -> None:
    body = order(customer)
    first = clerk.call("POST", "/order", body, Idempotency_Key="k1")
    again = clerk.call("POST", "/order", body, Idempotency_Key="k1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert len(clerk.get("/order")["items"]) == 1


def test_the_same_key_for_something_else_is_refused(clerk: Caller, customer: int) -> None:
    clerk.post("/order", order(customer), Idempotency_Key="k1")
    problem = clerk.refused(422, "POST", "/order", order(customer, carrier="SF"), Idempotency_Key="k1")
    assert problem["type"] == "urn:orderkit:problem:idempotency_key_reused"
    assert len(clerk.get("/order")["items"]) == 1


def test_keys_of_two_people_do_not_meet(clerk: Caller, other_clerk: Caller, customer: int) -> None:
    first = clerk.post("/order", order(customer), Idempotency_Key="k1")
    second = other_clerk.post("/order", order(customer), Idempotency_Key="k1")
    assert first["id"] != second["id"]


def test_a_refused_request_may_be_repeated_once_it_is_right(clerk: Caller, customer: int) -> None:
    wrong = order(customer, ("bolt", "0", "1"))
    clerk.refused(422, "POST", "/order", wrong, Idempotency_Key="k1")
    clerk.post("/order", order(customer), Idempotency_Key="k1")


def test_changes_and_deletions_take_a_key_too(clerk: Caller, customer: int) -> None:
    address = f"/order/{clerk.post('/order', order(customer))['id']}"
    first = clerk.call("PATCH", address, {"carrier": "SF"}, Idempotency_Key="p")
    clerk.call("PATCH", address, {"carrier": "YTO"})
    assert clerk.call("PATCH", address, {"carrier": "SF"}, Idempotency_Key="p").json() == first.json()
    assert clerk.get(address)["carrier"] == "YTO"
    for _ in range(2):
        assert clerk.call("DELETE", address, Idempotency_Key="d").status_code == 204


@pytest.mark.parametrize("key", ["x" * 201, "schlüssel", "a\tb"])
def test_a_key_that_is_none_is_refused(clerk: Caller, customer: int, key: str) -> None:
    answer = clerk.client.post(
        "/api/v1/order",
        json=order(customer),
        headers={"Authorization": f"Bearer {clerk.token}", "Idempotency-Key": key.encode()},
    )
    assert answer.status_code == 400


def test_many_at_once_are_done_once(clerk: Caller, customer: int) -> None:
    body = order(customer)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: clerk.call("POST", "/order", body, Idempotency_Key="k1"), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(clerk.get("/order")["items"]) == 1
