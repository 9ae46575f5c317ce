"""Whoever sits down at a browser after somebody has left it sees nothing of theirs, by going back or by an address."""

from starlette.routing import Route
from starlette.testclient import TestClient

from orderkit.engine.accounts import make_token
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.api.serving import Address
from orderkit.web.request.cookies import SESSION
from tests.support.office import Office
from tests.web.attacks.conftest import addresses
from tests.web.attacks.test_every_address import PARTS, PUBLIC
from tests.web.conftest import SignIn

# A font is the project's, whoever asks; its address changes with its bytes.
KEPT = {"/print-fonts/{digest}"}
# What may be called is the same for everybody who may read of it.
KEPT_BY_PROGRAMS = {"/api/v1/openapi.json"}


def test_no_page_of_somebody_is_kept_and_none_opens_after_they_left(
    client: TestClient, as_: SignIn, order: int
) -> None:
    reader = as_("root")
    sent = {"file": ("a.pdf", b"%PDF-1.4\n%content\n")}
    reader.get("/")
    held = reader.post("/forms/order/upload/contract", files=sent, accept="application/json")
    seen = [
        f"/files/{held.response.json()['id']}",
        *(
            each.filled(**PARTS, id=str(order))
            for each in addresses(client, "GET")
            if each.path not in PUBLIC | KEPT
        ),
    ]
    shown = 0
    for path in seen:
        answer = client.get(path, follow_redirects=False)
        assert answer.headers["cache-control"] == "no-store", path
        shown += answer.status_code == 200
    assert shown > 30
    kept = client.cookies[SESSION]
    reader.get("/")
    reader.post("/sign-out")
    client.cookies.set(SESSION, kept, domain="shop.test")
    for path in seen:
        answer = client.get(path, follow_redirects=False)
        assert answer.status_code in {303, 404}, path
        assert answer.status_code == 404 or answer.headers["location"].startswith("/sign-in"), path


def test_no_answer_to_a_program_is_kept(client: TestClient, office: Office, order: int) -> None:
    with office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        token = make_token(unit, office.ids["root"], "test")
    shown = 0
    for route in client.app.routes:  # type: ignore[attr-defined]  # an ASGI app to the client, Starlette to us
        if not isinstance(route, Route) or not isinstance(route.endpoint, Address) or "{path" in route.path:
            continue
        if "GET" in route.endpoint.handlers and route.path not in KEPT_BY_PROGRAMS:
            path = route.path.format_map({**PARTS, "id": order, "comment": 1})
            answer = client.get(path, headers={"authorization": f"Bearer {token}"})
            assert "no-store" in answer.headers["cache-control"], path
            shown += answer.status_code == 200
    assert shown > 5
