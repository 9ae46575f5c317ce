"""The API shows and takes no more than a person's roles allow, and nothing at all without a token."""

import pytest

from orderkit.engine.accounts import deactivate, revoke_token, tokens_of
from orderkit.engine.runtime import SYSTEM, Channel, Runtime
from tests.web.api.shop import Caller, order


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Basic dTpw", "Bearer nonsense", "Bearer ok_" + "x" * 43]
)
def test_nothing_is_told_without_a_token(clerk: Caller, authorization: str) -> None:
    for path in ("/order", "/openapi.json", "/tasks", "/nothing", "/order/1"):
        problem = clerk.refused(401, "GET", path, Authorization=authorization)
        assert problem["type"] == "urn:orderkit:problem:unauthenticated"
    assert (
        clerk.call("GET", "/order", Authorization=authorization)
        .headers["www-authenticate"]
        .startswith("Bearer")
    )


def test_a_revoked_token_holds_no_longer(clerk: Caller, runtime: Runtime) -> None:
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        (token,) = tokens_of(unit, clerk.user_id)
        revoke_token(unit, token.id, user_id=clerk.user_id)
    clerk.refused(401, "GET", "/order")


def test_a_token_of_somebody_who_left_holds_no_longer(clerk: Caller, runtime: Runtime) -> None:
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        deactivate(unit, clerk.user_id)
    clerk.refused(401, "GET", "/order")


def test_a_form_without_a_grant_is_denied(boss: Caller, nobody: Caller, customer: int) -> None:
    nobody.refused(403, "GET", "/order")
    nobody.refused(403, "POST", "/order", order(customer))
    boss.refused(403, "POST", "/order", order(customer))


def test_records_of_others_are_as_if_they_did_not_exist(
    clerk: Caller, other_clerk: Caller, boss: Caller, customer: int
) -> None:
    address = f"/order/{clerk.post('/order', order(customer))['id']}"
    assert other_clerk.get("/order")["items"] == []
    other_clerk.refused(404, "GET", address)
    other_clerk.refused(404, "PATCH", address, {"carrier": "SF"})
    other_clerk.refused(404, "DELETE", address)
    other_clerk.refused(404, "GET", address + "/history")
    assert len(boss.get("/order")["items"]) == 1
    boss.refused(403, "PATCH", address, {"carrier": "SF"})


def test_a_hidden_field_is_absent_and_cannot_be_written_filtered_or_sorted(
    clerk: Caller, admin: Caller, customer: int
) -> None:
    created = admin.post("/order", order(customer, secret="12.50", person=clerk.user_id))
    assert created["secret"] == "12.50"
    address = f"/order/{created['id']}"
    assert "secret" not in clerk.get(address)
    assert "secret" not in clerk.get("/order")["items"][0]
    for query in ("secret.from=10", "secret=12.50", "sort=secret"):
        answer = clerk.call("GET", f"/order?{query}")
        assert answer.status_code >= 400 or answer.json()["items"] == []
    assert clerk.call("PATCH", address, {"secret": "1"}).status_code in {403, 422}
    assert admin.get(address)["secret"] == "12.50"


def test_a_masked_field_says_that_it_is_masked(clerk: Caller, admin: Caller) -> None:
    created = admin.post("/customer", {"code": "C9", "name": "Masked", "phone": "13812345678"})
    seen = clerk.get(f"/customer/{created['id']}")
    assert seen["_masked"] == ["phone"]
    assert seen["phone"] != "13812345678"
    assert "_masked" not in created


def test_who_may_write_but_not_read_is_told_the_id_only(writer: Caller) -> None:
    answer = writer.call("POST", "/customer", {"code": "C1", "name": "New"})
    assert answer.status_code == 201
    assert answer.json().keys() == {"id"}
    writer.refused(403, "GET", "/customer")
