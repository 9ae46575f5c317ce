"""Webhooks: only who proves who it is is heard, each delivery once, and numbers arrive digit by digit."""

import base64
import hashlib
import hmac
import json
from decimal import Decimal

import pytest
from sqlalchemy import delete, select

from orderkit.database.schema.system_tables import delivery, job
from orderkit.engine import jobs
from orderkit.engine.automation import find_webhook, take_delivery
from orderkit.engine.jobs import Worker
from orderkit.engine.opening import job_handlers
from orderkit.model.errors import ConnectorFailed, Denied, NotFound, Refused
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project

ENTRY = """
form: entry
title: "{no}"
fields: {no: {type: text}, price: {type: decimal, scale: 6}, from: {type: text}}
"""
RULES = (
    (
        'automation: standard\ntrigger: {webhook: /hooks/standard, verify: {secret: "${A}"}}\n'
        "do: [{create: entry, set: {no: =body.no, price: =body.price, from: =headers.x_from}}]\n"
    ),
    (
        'automation: plain\ntrigger: {webhook: /hooks/plain, verify: {secret: "${B}", scheme: hmac_sha256, header: X-Sign}}\n'
        "do: [{create: entry, set: {no: =body.no}}]\n"
    ),
    (
        'automation: bearer\ntrigger: {webhook: /hooks/bearer, verify: {secret: "${C}", scheme: bearer}}\n'
        "foreach: {form: entry, where: \"no == 'all'\"}\ndo: [{set: {from: =body.text}}]\n"
    ),
    'automation: unset\ntrigger: {webhook: /hooks/unset, verify: {secret: "${D}"}}\ndo: [{create: entry, set: {no: x}}]\n',
)
KEY = b"a key of twenty-four byt"
SECRETS = {"A": "whsec_" + base64.b64encode(KEY).decode(), "B": "plain secret", "C": "a long token"}


@pytest.fixture(scope="module")
def office(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    made = project(ENTRY, *RULES)
    folder = tmp_path_factory.mktemp("office")
    staff = (Staff(login="root", roles=("admin",)),)
    yield open_office(made, databases.make(made, dialect), folder, FakeClock(), staff, environment=SECRETS)
    databases.clear(mark)


@pytest.fixture(autouse=True)
def clean(office):
    yield
    with office.act(None) as unit:
        for table in (job, delivery, office.runtime.database.tables["entry"]):
            unit.connection.execute(delete(table))


def body_of(**values):
    return json.dumps(values, ensure_ascii=False).encode()


def standard(office, body, *, name="msg_1", ago=0, key=KEY):
    sent = str(int(office.runtime.clock.now().timestamp()) - ago)
    signed = hmac.new(key, f"{name}.{sent}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": name,
        "webhook-timestamp": sent,
        "webhook-signature": f"v1a,xx v1,{base64.b64encode(signed).decode()}",
        "authorization": "Basic secret",
    }


def plain(body, secret="plain secret"):
    return {"x-sign": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def send(office, path, headers, body):
    automation = find_webhook(office.runtime, f"/hooks/{path}")
    return take_delivery(office.runtime, automation, headers, body).is_new


def entries(office, *names):
    Worker(office.runtime, job_handlers()).run_once()
    table = office.runtime.database.tables["entry"]
    with office.look(None) as unit:
        assert [each.error for each in jobs.find_jobs(unit) if each.error] == []
        query = select(*(table.c[name] for name in names)).order_by(table.c.id)
        return [tuple(row) for row in unit.connection.execute(query)]


def test_a_signed_delivery_sets_off_its_automation_with_every_digit(office):
    body = b'{"no": "\xe5\x8d\x95-1", "price": 123456789012.123457}'
    assert send(office, "standard", standard(office, body), body)
    assert entries(office, "no", "price") == [("单-1", Decimal("123456789012.123457"))]


def test_nothing_is_done_before_the_sender_is_answered(office):
    body = body_of(no="x", price=1)
    send(office, "standard", standard(office, body), body)
    with office.look(None) as unit:
        assert len(jobs.find_jobs(unit)) == 1
        table = office.runtime.database.tables["entry"]
        assert unit.connection.execute(select(table.c.id)).all() == []


def test_a_delivery_that_is_repeated_counts_once(office):
    body = body_of(no="x", price=1)
    assert send(office, "standard", standard(office, body), body)
    assert not send(office, "standard", standard(office, body, ago=60), body)
    assert send(office, "standard", standard(office, body, name="msg_2"), body)
    assert len(entries(office, "no")) == 2


def test_a_captured_body_that_is_sent_again_counts_once_whatever_its_id(office):
    body = body_of(no="x")
    assert send(office, "plain", {**plain(body), "x-request-id": "1"}, body)
    assert not send(office, "plain", {**plain(body), "x-request-id": "2"}, body)


def test_who_shows_a_token_may_say_the_same_twice(office):
    office.create("root", "entry", {"no": "all"})
    office.create("root", "entry", {"no": "other"})
    body = body_of(text="hello")
    for _ in range(2):
        assert send(office, "bearer", {"authorization": "Bearer a long token"}, body)
    assert entries(office, "no", "from") == [("all", "hello"), ("other", None)]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda headers: {**headers, "webhook-signature": "v1,AAAA"}, id="a wrong signature"),
        pytest.param(lambda headers: {}, id="none at all"),
        pytest.param(
            lambda headers: {**headers, "webhook-id": "other"}, id="the signature of another delivery"
        ),
        pytest.param(lambda headers: {**headers, "webhook-timestamp": "nine"}, id="no time"),
        pytest.param(
            lambda headers: {**headers, "webhook-timestamp": "9" * 40}, id="a time that never comes"
        ),
        pytest.param(lambda headers: {**headers, "webhook-signature": "v1,é"}, id="a signature beyond ASCII"),
    ],
)
def test_who_does_not_prove_who_it_is_is_not_heard(office, spoil):
    body = body_of(no="x", price=1)
    with pytest.raises(Denied):
        send(office, "standard", spoil(standard(office, body)), body)
    assert entries(office, "no") == []


@pytest.mark.parametrize("ago", [301, -301])
def test_a_signature_from_long_ago_or_from_the_future_is_not_taken(office, ago):
    body = body_of(no="x", price=1)
    with pytest.raises(Denied):
        send(office, "standard", standard(office, body, ago=ago), body)


def test_a_secret_of_somebody_else_is_not_taken(office):
    body = body_of(no="x")
    with pytest.raises(Denied):
        send(office, "plain", plain(body, "another"), body)
    with pytest.raises(Denied):
        send(office, "bearer", {"authorization": "Bearer "}, body)


@pytest.mark.parametrize("body", [b"no=1", b'{"a": NaN}', b"[" * 100_000, b"\xff"])
def test_a_body_that_is_no_json_is_refused_and_says_so(office, body):
    with pytest.raises(Refused) as refused:
        send(office, "plain", plain(body), body)
    assert refused.value.problems[0].code == "invalid_json"


def test_a_secret_that_is_not_set_takes_nothing(office):
    with pytest.raises(ConnectorFailed, match="is not set"):
        send(office, "unset", {}, b"{}")


def test_what_proves_who_sent_it_is_not_kept(office):
    body = body_of(no="x", price=1)
    send(office, "standard", standard(office, body), body)
    with office.look(None) as unit:
        (waiting,) = jobs.find_jobs(unit)
    kept = json.loads(waiting.payload["roots"]["headers"]["json"])
    assert kept.keys() == {"webhook-id", "webhook-timestamp"}


def test_a_path_that_nobody_waits_for_is_not_there(office):
    with pytest.raises(NotFound):
        find_webhook(office.runtime, "/hooks/else")
