"""What leaves for other systems: when, with what, by whom, how fast, and what is kept of the answer."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from orderkit.connectors.http.fake import FakeEndpoint, Scripted, serving
from orderkit.database.schema.system_tables import audit
from orderkit.engine import jobs, messages, records
from orderkit.engine.integrations.secrets import Secrets
from orderkit.engine.jobs import AttemptOutcome, JobState
from orderkit.engine.jobs.payloads import to_json
from orderkit.engine.records import Delete
from orderkit.model.errors import ConnectorFailed
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project

FORM = """
form: order
title: "{code}"
fields:
  code:   {type: text}
  qty:    {type: decimal, scale: 3, default: 0}
  due:    {type: date}
  urgent: {type: boolean}
  answer: {type: text}
  score:  {type: decimal, scale: 2}
  lines:  {type: lines, fields: {sku: {type: text}, n: {type: integer}}}
"""
CONNECTION = """
connection: erp
connector: http
settings: {base_url: "${ERP_URL}", auth: {bearer: "${ERP_TOKEN}"}, allow_private_network: true}
limits: {rate: 2/min, retry: {times: 2, backoff: "1min..2min"}}
"""
CREATED = """
integration: order_made
event: order.created
call: erp.post
key: "made:{code}"
when: "urgent"
with:
  path: "/orders/{code}"
  query: {dry: "no"}
  body:
    qty: =qty
    due: =due
    rows: {each: lines, set: {sku: =item.sku, n: =item.n}}
save: {answer: =result.number, score: =result.score}
run_as: user(bot)
"""
CHANGED = """
integration: qty_changed
event: order.changed(qty)
call: erp.put
key: "qty:{id}:{qty}"
with: {path: "/orders/{code}/qty", body: {qty: =qty}}
"""
STAFF = (Staff(login="bot"), Staff(login="root", roles=("admin",)))


@pytest.fixture(scope="module")
def endpoint():
    fake = FakeEndpoint(authorization="Bearer s3cret")
    with serving(fake) as url:
        yield fake, url


@pytest.fixture(scope="module")
def office(databases, dialect, tmp_path_factory, endpoint):
    mark = databases.mark()
    model = project(FORM, CONNECTION, CREATED, CHANGED)
    environment = {"ERP_URL": endpoint[1], "ERP_TOKEN": "s3cret"}
    folder = tmp_path_factory.mktemp("o")
    yield open_office(
        model, databases.make(model, dialect), folder, FakeClock(), STAFF, environment=environment
    )
    databases.clear(mark)


@pytest.fixture
def erp(endpoint, office):
    """The system with nothing to remember, its rate not used up."""
    for _ in range(6):
        office.runtime.clock.advance(minutes=5)
        office.work()
    for kept in (endpoint[0].requests, endpoint[0].accepted, endpoint[0].script):
        kept.clear()
    return endpoint[0]


def made(office, code, **values):
    rows = [{"sku": "A", "n": 1}, {"sku": "B", "n": None}]
    return office.create("root", "order", {"code": code, "urgent": True, **values}, {"lines": rows})


def job_of(office, order):
    with office.look(None) as unit:
        job = jobs.find_jobs(unit, form="order", record_id=order)[0]
        return job, [attempt.outcome for attempt in jobs.attempts_of(unit, job.id)]


def test_a_call_carries_what_was_true_when_it_was_caused(office, erp):
    order = made(office, "纸-1", qty=Decimal("1.500"), due=date(2026, 4, 1))
    office.update("root", "order", order, due=date(2026, 5, 1))
    office.work()
    (request,) = erp.requests
    assert (request.method, request.path, request.query) == ("POST", "/orders/纸-1", "dry=no")
    assert request.headers["idempotency-key"] == "made:%E7%BA%B8-1"
    assert request.body == {
        "qty": "1.500",
        "due": "2026-04-01",
        "rows": [{"sku": "A", "n": 1}, {"sku": "B", "n": None}],
    }


def test_a_condition_that_does_not_hold_sends_nothing(office, erp):
    order = office.create("root", "order", {"code": "calm"})
    with office.look(None) as unit:
        assert jobs.find_jobs(unit, form="order", record_id=order) == ()


def test_the_answer_is_saved_by_who_it_runs_as(office, erp):
    erp.script.append(Scripted(status=200, body=b'{"number": 1042, "score": 1.10}'))
    order = made(office, "saved")
    office.work()
    assert office.value("order", order, "answer") == "1042"
    assert office.value("order", order, "score") == Decimal("1.10")
    with office.look(None) as unit:
        by = select(audit.c.actor_id, audit.c.channel).where(
            audit.c.form == "order", audit.c.record_id == order, audit.c.verb == "updated"
        )
        assert unit.connection.execute(by).all() == [(office.ids["bot"], "automation")]


def test_an_answer_that_does_not_fit_is_told_to_the_administrators(office, erp):
    erp.script.append(Scripted(status=200, body=b'{"number": "N1", "score": "many"}'))
    order = made(office, "odd")
    office.work()
    job, outcomes = job_of(office, order)
    assert (job.state, outcomes) == (JobState.DEAD, [AttemptOutcome.PERMANENT])
    assert office.value("order", order, "answer") is None
    with office.look("root") as unit:
        note = messages.inbox(unit)[0]
    assert (note.record_id, "order_made" in note.text or "Order made" in note.text) == (order, True)


def test_a_changed_field_is_told_once_for_each_value(office, erp):
    order = office.create("root", "order", {"code": "c"})
    for qty in ("1", "2", "2", "1"):
        office.update("root", "order", order, qty=Decimal(qty))
    for _ in range(3):
        office.work()
        office.runtime.clock.advance(minutes=1)
    assert [request.body for request in erp.requests] == [{"qty": "1.000"}, {"qty": "2.000"}]


def test_the_rate_of_a_connection_is_kept(office, erp):
    orders = [made(office, f"rate{n}") for n in range(3)]
    office.work()
    assert len(erp.requests) == 2
    job, outcomes = job_of(office, orders[2])
    assert (job.state, job.attempts, outcomes) == (JobState.READY, 0, [])
    office.runtime.clock.advance(seconds=30)
    office.work()
    assert len(erp.requests) == 3


def test_a_job_gives_up_after_its_retries(office, erp):
    erp.script.extend([Scripted(status=503)] * 3)
    order = made(office, "down")
    for _ in range(4):
        office.work()
        office.runtime.clock.advance(minutes=5)
    job, outcomes = job_of(office, order)
    assert (job.state, outcomes) == (JobState.DEAD, [AttemptOutcome.RETRY] * 3)


def test_a_record_that_is_gone_stops_nothing(office, erp):
    order = made(office, "gone")
    with office.act("root") as unit:
        records.apply(unit, [Delete(form="order", id=order)])
    office.work()
    assert job_of(office, order)[0].state is JobState.DONE
    assert len(erp.requests) == 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (7, 7),
        ("文", "文"),
        (Decimal("60000.00"), "60000.00"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 3, 2), "2026-03-02"),
        (time(9, 30), "09:30:00"),
        (datetime(2026, 3, 2, 1, tzinfo=UTC), "2026-03-02T01:00:00Z"),
        (timedelta(minutes=2), 120.0),
        ([Decimal("1.0"), {"a": (1, None)}], ["1.0", {"a": [1, None]}]),
        (SimpleNamespace(id=3), 3),
    ],
)
def test_values_leave_as_plain_json(value, expected):
    assert to_json(value) == expected


def test_settings_get_their_secrets_and_accounts_lose_them():
    secrets = Secrets({"URL": "https://erp", "KEY": "k3y-value", "X": "1"}.get)
    given = {"base_url": "${URL}/api", "deep": {"list": ["Bearer ${KEY}", 5]}, "x": "${X}", "plain": True}
    assert secrets.resolved(given) == {
        "base_url": "https://erp/api",
        "deep": {"list": ["Bearer k3y-value", 5]},
        "x": "1",
        "plain": True,
    }
    assert secrets.hidden("POST https://erp/api?k=k3y-value 1") == "POST ***/api?k=*** 1"
    assert "k3y-value" not in repr(secrets)
    with pytest.raises(ConnectorFailed) as failed:
        secrets.resolved({"a": "${MISSING}"})
    assert "MISSING" in str(failed.value)
