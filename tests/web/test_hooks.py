"""Webhooks over HTTP: no session and no token of a form, but a proof of who sends; the answer comes at once."""

import hashlib
import hmac
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from orderkit.engine import jobs
from orderkit.engine.automation import LARGEST_BODY
from orderkit.web.app import create_app
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.support.clock import FakeClock
from tests.support.databases import Databases
from tests.support.office import Office, open_office
from tests.support.projects import project

ENTRY = "form: entry\nfields: {no: {type: text}}\n"
RULE = """
automation: shop
trigger: {webhook: /hooks/shop/orders, verify: {secret: "${SHOP}", scheme: hmac_sha256, header: X-Sign}}
do: [{create: entry, set: {no: =body.no}}]
"""


@pytest.fixture(scope="module")
def office(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    mark = databases.mark()
    made = project(ENTRY, RULE)
    folder = tmp_path_factory.mktemp("office")
    secrets = {"SHOP": "a secret"}
    yield open_office(made, databases.make(made, "sqlite"), folder, FakeClock(), (), environment=secrets)
    databases.clear(mark)


@pytest.fixture(scope="module")
def client(office: Office) -> Iterator[TestClient]:
    settings = Settings(secret_keys=SecretKeys(("a key that is long enough",)))
    with TestClient(create_app(office.runtime, settings), base_url="http://shop") as client:
        yield client


def signed(body: bytes, secret: str = "a secret") -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Sign": digest, "Content-Type": "application/json"}


def waiting(office: Office) -> int:
    with office.look(None) as unit:
        return len(jobs.find_jobs(unit))


def test_a_delivery_is_accepted_once_it_is_kept_and_its_repetition_too(
    client: TestClient, office: Office
) -> None:
    body = b'{"no": "1"}'
    for is_new in (True, False):
        answer = client.post("/hooks/shop/orders", content=body, headers=signed(body))
        assert (answer.status_code, answer.json()) == (202, {"accepted": True, "is_new": is_new})
    assert waiting(office) == 1


def test_who_does_not_prove_who_it_is_is_answered_so(client: TestClient, office: Office) -> None:
    before = waiting(office)
    answer = client.post("/hooks/shop/orders", content=b"{}", headers=signed(b"{}", "another"))
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert waiting(office) == before


def test_a_body_that_is_no_json_is_told_so_in_json(client: TestClient) -> None:
    answer = client.post("/hooks/shop/orders", content=b"no", headers=signed(b"no"))
    assert answer.status_code == 422
    assert "not JSON" in answer.text or "不是 JSON" in answer.text


def test_a_body_that_is_too_large_is_not_read_to_its_end(client: TestClient, office: Office) -> None:
    before = waiting(office)
    body = b'"' + b"x" * LARGEST_BODY + b'"'
    answer = client.post("/hooks/shop/orders", content=body, headers=signed(body))
    assert answer.status_code == 413
    assert waiting(office) == before


def test_only_paths_that_somebody_waits_for_are_there_and_nobody_looks(client: TestClient) -> None:
    assert client.post("/hooks/other", content=b"{}", headers=signed(b"{}")).status_code == 404
    assert client.get("/hooks/shop/orders").status_code == 405
