"""A token does what its user may, and no more than it was made for, at every address; until it ends."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from starlette.routing import Route
from starlette.testclient import TestClient

from orderkit.database.schema.system_tables import audit
from orderkit.database.schema.system_tables import token as token_table
from orderkit.engine.accounts import (
    Reach,
    make_token,
    person_of_token,
    revoke_token,
    tokens_of,
)
from orderkit.engine.bulk import BULK_JOB, BulkHandler
from orderkit.engine.jobs import Job, Performed, Worker
from orderkit.engine.runtime import SYSTEM, Channel, Runtime
from orderkit.engine.scopes import Scope, scope_of_json
from orderkit.model.errors import Denied, Refused
from orderkit.web.api.serving import Address
from tests.web.api.shop import Caller, order

Narrowed = Callable[..., Caller]


@pytest.fixture
def narrowed(client: TestClient, runtime: Runtime) -> Narrowed:
    """Return what makes a narrower token for the user of another caller."""

    def make(of: Caller, reach: Reach = Reach.FULL, *forms: str, days: int | None = None) -> Caller:
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            token = make_token(unit, of.user_id, "narrow", reach=reach, forms=forms, days=days)
        return Caller(client, token, of.user_id)

    return make


def addresses(client: TestClient) -> list[tuple[str, str]]:
    """Return every address of the API that writes: also one that is added tomorrow."""
    return [
        (method, route.path.removeprefix("/api/v1"))
        for route in client.app.routes  # type: ignore[attr-defined]  # an ASGI app to the client, Starlette to us
        if isinstance(route, Route) and isinstance(route.endpoint, Address) and "{path" not in route.path
        for method in route.endpoint.handlers
        if method != "GET"
    ]


@pytest.mark.parametrize("who", ["clerk", "admin"])
def test_a_token_that_reads_writes_nowhere(
    request: pytest.FixtureRequest, narrowed: Narrowed, client: TestClient, customer: int, who: str
) -> None:
    whole: Caller = request.getfixturevalue(who)
    made = whole.post("/order", order(customer))
    reader = narrowed(whole, Reach.READ)
    assert reader.get(f"/order/{made['id']}")["number"] == made["number"]
    assert [each["id"] for each in reader.get("/order")["items"]] == [made["id"]]
    parts = {"form": "order", "id": made["id"], "transition": "place", "target": "order", "verb": "approve",
             "comment": 1, "field": "contract", "report": "sales"}  # fmt: skip
    found = addresses(client)
    assert len(found) > 15
    for method, path in found:
        files = {"file": ("a.txt", b"a")} if "/files" in path else None
        if files is None:
            answer = reader.call(method, path.format_map(parts), b"{}")
        else:
            answer = client.post(
                f"/api/v1{path.format_map(parts)}",
                files=files,
                headers={"Authorization": f"Bearer {reader.token}"},
            )
        assert answer.status_code in {403, 404, 422}, (method, path, answer.text)
        assert answer.status_code != 422 or "/files" not in path, (method, path, answer.text)
    assert whole.get(f"/order/{made['id']}") == made
    assert whole.get(f"/order/{made['id']}/comments")["items"] == []
    assert reader.refused(403, "POST", "/order", order(customer))["detail"].startswith(
        "This token only reads"
    )


def test_a_token_that_writes_records_presses_no_button(
    clerk: Caller, admin: Caller, narrowed: Narrowed, customer: int
) -> None:
    for whole in (clerk, admin):
        writer = narrowed(whole, Reach.WRITE)
        made = writer.post("/order", order(customer))
        address = f"/order/{made['id']}"
        assert writer.call("PATCH", address, {"carrier": "SF"}).status_code == 200
        buttons = writer.get(f"{address}/do")["items"]
        assert buttons
        assert not any(each["allowed"] for each in buttons)
        for each in buttons:
            problem = writer.refused(403, "POST", f"{address}/do/{each['transition']}", {})
            assert "scope" in problem["detail"]
        assert whole.get(address)["status"] == made["status"]


def test_a_token_of_one_form_finds_no_other(
    clerk: Caller, admin: Caller, narrowed: Narrowed, customer: int
) -> None:
    made = clerk.post("/order", order(customer))
    for whole in (clerk, admin):
        of_orders = narrowed(whole, Reach.FULL, "order")
        assert of_orders.get(f"/order/{made['id']}")["lines"]
        of_orders.refused(403, "GET", "/customer")
        of_orders.refused(404, "GET", f"/customer/{customer}")
        of_orders.refused(404, "PATCH", f"/customer/{customer}", {"name": "x"})
        of_orders.refused(404, "GET", f"/customer/{customer}/history")
        of_orders.refused(403, "POST", "/customer", {"code": "C7", "name": "x"})
        of_customers = narrowed(whole, Reach.FULL, "customer")
        of_customers.refused(404, "GET", f"/order/{made['id']}")
        of_customers.refused(404, "GET", f"/order/{made['id']}/do")
        assert of_customers.get("/tasks")["items"] == []
        assert of_customers.get("/reports")["items"] == []
        of_customers.refused(403, "GET", "/reports/sales?measures=revenue")


def test_a_narrow_token_is_granted_nothing_that_its_user_is_not(
    nobody: Caller, boss: Caller, narrowed: Narrowed, customer: int
) -> None:
    narrowed(nobody, Reach.FULL, "order").refused(403, "GET", "/order")
    narrowed(boss, Reach.WRITE).refused(403, "POST", "/order", order(customer))


def test_an_administrators_narrow_token_sees_every_row_of_its_forms(
    clerk: Caller, other_clerk: Caller, admin: Caller, narrowed: Narrowed, customer: int
) -> None:
    for each in (clerk, other_clerk):
        each.post("/order", order(customer))
    assert len(narrowed(admin, Reach.READ, "order").get("/order")["items"]) == 2


def test_a_token_opens_nothing_after_its_end(clerk: Caller, narrowed: Narrowed, clock) -> None:
    short, usual = narrowed(clerk, days=1), narrowed(clerk)
    for each in (short, usual):
        each.get("/order")
    clock.advance(days=1)
    assert "over" in short.refused(401, "GET", "/order")["detail"]
    usual.get("/order")
    clock.advance(days=89)
    usual.refused(401, "GET", "/order")


def test_what_was_answered_to_a_wide_token_is_not_told_to_a_narrow_one(
    clerk: Caller, narrowed: Narrowed, customer: int
) -> None:
    clerk.post("/order", order(customer), Idempotency_Key="k")
    narrow = narrowed(clerk, Reach.FULL, "customer")
    problem = narrow.refused(422, "POST", "/order", order(customer), Idempotency_Key="k")
    assert problem["type"].endswith("idempotency_key_reused")


def test_a_revoked_token_is_not_replayed(clerk: Caller, narrowed: Narrowed, customer: int, runtime) -> None:
    narrow = narrowed(clerk)
    narrow.post("/order", order(customer), Idempotency_Key="k")
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        newest = tokens_of(unit, clerk.user_id)[0]
        revoke_token(unit, newest.id, user_id=clerk.user_id)
    narrow.refused(401, "POST", "/order", order(customer), Idempotency_Key="k")
    narrow.refused(401, "GET", "/order")


def test_a_scope_of_a_newer_program_opens_nothing(clerk: Caller, runtime: Runtime) -> None:
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        unit.connection.execute(token_table.update().values(scope="tomorrow"))
    clerk.refused(403, "GET", "/order")


@pytest.mark.parametrize(
    ("given", "said"),
    [({"forms": ["nothing"]}, "nothing"), ({"forms": ["order.lines"]}, "order.lines"), ({"days": 0}, "365"),
     ({"days": 366}, "365"), ({"days": 10**9}, "365")],
)  # fmt: skip
def test_what_no_token_can_be_is_refused(clerk: Caller, runtime: Runtime, given: dict, said: str) -> None:
    with pytest.raises(Refused) as refused, runtime.write(SYSTEM, Channel.COMMAND) as unit:
        make_token(unit, clerk.user_id, "x", **given)
    assert said in str(refused.value.problems[0].message)


def test_making_and_revoking_is_in_the_audit_and_the_token_is_not(clerk: Caller, runtime: Runtime) -> None:
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        token = make_token(unit, clerk.user_id, "x", reach=Reach.WRITE, forms=["order"], days=7)
        newest = tokens_of(unit, clerk.user_id)[0]
        revoke_token(unit, newest.id, user_id=clerk.user_id)
        noted = unit.connection.execute(
            select(audit).where(audit.c.form == "ok_account", audit.c.record_id == clerk.user_id)
        ).all()
    verbs = [row.verb for row in noted]
    assert verbs[-2:] == ["token_made", "token_revoked"]
    assert all(word in repr(noted[-2]) for word in ("write", "order", "7"))
    assert token not in repr(noted)


def test_nothing_is_written_in_the_name_of_a_reader(clerk: Caller, narrowed: Narrowed, runtime) -> None:
    person = person_of_token(runtime, narrowed(clerk, Reach.READ).token)
    assert person is not None
    with pytest.raises(Denied), runtime.write(person, Channel.API):
        pass


def test_a_run_of_many_goes_as_far_as_the_token_that_began_it(
    clerk: Caller, admin: Caller, narrowed: Narrowed, runtime: Runtime, customer: int
) -> None:
    """More than a request does at once goes to a worker, which must not act for the user but for the token."""
    made = clerk.post("/order", order(customer))["id"]
    many = [made, *range(10_000, 10_030)]
    for whole in (clerk, admin):
        writer = narrowed(whole, Reach.WRITE)
        writer.refused(403, "POST", "/order/bulk/do/place", {"ids": many})
        elsewhere = narrowed(whole, Reach.FULL, "customer")
        elsewhere.refused(403, "POST", "/order/bulk/delete", {"ids": many})
        elsewhere.refused(403, "POST", "/order/bulk/do/place", {"ids": many})
    writer = narrowed(clerk, Reach.WRITE)
    run = writer.call("POST", "/order/bulk/edit", {"ids": many, "values": {"carrier": "SF"}}).json()
    seen: list[Scope | None] = []

    class Watching(BulkHandler):
        def perform(self, runtime: Runtime, job: Job) -> Performed:
            seen.append(scope_of_json(job.payload["scope"]))
            return super().perform(runtime, job)

    Worker(runtime, {BULK_JOB: Watching()}).run_once()
    assert seen == [Scope(reach=Reach.WRITE)]
    assert clerk.get(f"/order/{made}")["carrier"] == "SF"
    assert clerk.get(f"/order/{made}")["status"] == "draft"
    assert clerk.get(f"/order/bulk/{run['id']}")["counts"]["done"] == 1


def test_a_run_of_a_form_that_a_token_does_not_reach_is_not_there(
    clerk: Caller, narrowed: Narrowed, customer: int
) -> None:
    made = clerk.post("/order", order(customer))["id"]
    run = clerk.post("/order/bulk/edit", {"ids": [made], "values": {"carrier": "SF"}})
    elsewhere = narrowed(clerk, Reach.FULL, "customer")
    for method, path in (("GET", ""), ("GET", "/results"), ("POST", "/stop")):
        elsewhere.refused(404, method, f"/order/bulk/{run['id']}{path}")
    assert clerk.get(f"/order/bulk/{run['id']}/results")["items"]


def test_a_label_that_no_column_holds_is_refused(clerk: Caller, runtime: Runtime) -> None:
    with pytest.raises(Refused) as caught, runtime.write(SYSTEM, Channel.COMMAND) as unit:
        make_token(unit, clerk.user_id, "x" * 101)
    assert [each.path for each in caught.value.problems] == ["label"]
