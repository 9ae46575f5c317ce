"""The API inside the whole app: its middleware answers programs in their own form too."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from orderkit.engine.runtime import Runtime
from orderkit.web.app import create_app
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.web.api.shop import Caller

LIMIT = 2048


@pytest.fixture
def client(runtime: Runtime) -> Iterator[TestClient]:
    """The whole app instead of the API alone."""
    settings = Settings(secret_keys=SecretKeys(["a key that is long enough"]), threads=4, largest_body=LIMIT)
    with TestClient(create_app(runtime, settings), raise_server_exceptions=False) as client:
        yield client


def test_a_program_needs_no_cookie_and_gets_none(clerk: Caller) -> None:
    answer = clerk.call("POST", "/customer", {"code": "C1", "name": "Acme"})
    assert answer.status_code == 201
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "no-store"


def test_a_body_that_is_too_large_is_refused_before_it_is_read(clerk: Caller) -> None:
    body = b'{"name": "' + b"x" * LIMIT + b'"}'
    problem = clerk.refused(413, "POST", "/customer", body)
    assert problem["type"] == "urn:orderkit:problem:too_large"

    def pieces() -> Iterator[bytes]:
        yield from (body[start : start + 100] for start in range(0, len(body), 100))

    answer = clerk.client.post(
        "/api/v1/customer",
        content=pieces(),
        headers={"Authorization": f"Bearer {clerk.token}", "Content-Type": "application/json"},
    )
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_session_does_not_sign_a_program_in(clerk: Caller) -> None:
    clerk.client.cookies.set("session", clerk.token)
    clerk.refused(401, "GET", "/order", Authorization="")


def test_other_addresses_below_api_are_answered_as_problems(clerk: Caller, runtime: Runtime) -> None:
    answer = clerk.client.get("/api/v2/order", headers={"Authorization": f"Bearer {clerk.token}"})
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:orderkit:problem:no_such_address"


def test_a_bug_is_answered_with_its_reference_and_nothing_else(clerk: Caller, runtime: Runtime) -> None:
    def rename(old: str, new: str) -> None:
        with runtime.database.write() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    rename("ok_idempotency", "ok_gone")
    try:
        answer = clerk.call("POST", "/customer", {"code": "C1", "name": "Acme"}, Idempotency_Key="k")
    finally:
        rename("ok_gone", "ok_idempotency")
    assert answer.status_code == 500
    problem = answer.json()
    assert problem["type"] == "urn:orderkit:problem:bug"
    assert problem["instance"] == f"urn:orderkit:request:{answer.headers['x-request-id']}"
    assert "ok_idempotency" not in answer.text
    assert clerk.get("/customer")["items"] == []
