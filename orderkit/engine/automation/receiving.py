"""Webhooks: who sends one proves who it is, and each delivery sets its automation off once.

Nothing is done while the sender waits but to keep the delivery: it becomes a job in the transaction that notes it.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import delivery as deliveries
from orderkit.engine.automation.runs import Run, queue_run
from orderkit.engine.integrations.secrets import Secrets
from orderkit.engine.runtime import SYSTEM, Channel, Runtime
from orderkit.model.errors import ConnectorFailed, Denied, NotFound, Problem, Refused
from orderkit.model.exchange.integrations import Scheme, Verify
from orderkit.model.labels import label
from orderkit.model.workflow.automations import Automation, Webhook

log = structlog.get_logger(__name__)

REPLAY_WINDOW = timedelta(minutes=5)
LARGEST_BODY = 1024 * 1024
_LONGEST_ID = 200
_WEBHOOK_ID, _WEBHOOK_TIME, _SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_IDS = (_WEBHOOK_ID, "idempotency-key", "x-request-id", "x-github-delivery")
_SECRET_PREFIX = "whsec_"  # noqa: S105 - how Standard Webhooks mark a secret, not one
# What proves or carries a secret is not kept.
_PRIVATE = frozenset({"authorization", "cookie", "proxy-authorization", _SIGNATURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a delivery: kept now, or known already."""

    automation: str
    is_new: bool


def find_webhook(runtime: Runtime, path: str) -> Automation:
    """Return the automation that waits for requests to a path. Raises NotFound."""
    for automation in runtime.project.automations:
        if isinstance(automation.trigger, Webhook) and automation.trigger.path == path:
            return automation
    raise NotFound(label(zh="没有这个接收地址", en="nothing is received here"))


def take_delivery(
    runtime: Runtime, automation: Automation, headers: Mapping[str, str], body: bytes
) -> Receipt:
    """Keep a delivery whose sender has proved who it is. `headers` have names in small letters.

    Raises: Denied for a signature that is wrong, missing or too old; Refused for a body that is no JSON;
    ConnectorFailed where the secret is not set.
    """
    trigger = automation.trigger
    assert isinstance(trigger, Webhook)
    _verify(runtime, trigger.verify, headers, body)
    text = _text_of(body)
    key = _key_of(trigger.verify, headers, body)
    with runtime.write(SYSTEM, Channel.AUTOMATION) as unit:
        if key is not None:
            insert_into = postgresql.insert if runtime.database.dialect == "postgresql" else sqlite.insert
            made = unit.connection.execute(
                insert_into(deliveries)
                .values(path=trigger.path, key=key, received_at=unit.now)
                .on_conflict_do_nothing(index_elements=["path", "key"])
                .returning(deliveries.c.key)
            )
            if made.first() is None:
                return Receipt(automation=automation.id, is_new=False)
        hidden = _PRIVATE | {(trigger.verify.header or "").lower()}
        kept = {name: each for name, each in headers.items() if name not in hidden}
        roots = {"body": {"json": text}, "headers": {"json": json.dumps(kept, ensure_ascii=False)}}
        queue_run(unit, Run(automation=automation.id, roots=roots))
    return Receipt(automation=automation.id, is_new=True)


def _text_of(body: bytes) -> str:
    """Return a body as the JSON that it is, with every digit as it was written. Raises Refused for one that is none."""
    try:
        text = body.decode()
        json.loads(text or "null", parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        message = label(zh="正文不是 JSON；请按 JSON 发送", en="the body is not JSON; send JSON")
        raise Refused([Problem(path="", code="invalid_json", message=message)]) from error
    return text or "null"


def _no_constant(text: str) -> object:
    raise ValueError(f"{text} is no JSON")


def _verify(runtime: Runtime, verify: Verify, headers: Mapping[str, str], body: bytes) -> None:
    secret = _secret_of(runtime, verify)
    if not _is_proved(runtime.clock.now(), verify, secret, headers, body):
        log.warning("webhook_refused", action="automation.receive")
        raise Denied(
            label(
                zh="签名不对、缺失或已过期；请核对两边的密钥和时钟",
                en="the signature is wrong, missing or too old; compare the secrets and the clocks of both sides",
            )
        )


def _is_proved(now: datetime, verify: Verify, secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    match verify.scheme:
        case Scheme.STANDARD:
            return _is_standard(now, secret, headers, body)
        case Scheme.HMAC_SHA256:
            given = headers.get((verify.header or "").lower(), "").removeprefix("sha256=").strip()
            signed = hmac.new(secret.encode(), body, hashlib.sha256)
            encoded = base64.b64encode(signed.digest()).decode()
            return _is_same(given.lower(), signed.hexdigest()) or _is_same(given, encoded)
        case Scheme.BEARER:
            given = headers.get((verify.header or "authorization").lower(), "")
            return _is_same(given.removeprefix("Bearer ").strip(), secret)


def _secret_of(runtime: Runtime, verify: Verify) -> str:
    secrets = Secrets(runtime.environment)
    secret = str(secrets.resolved({"secret": verify.secret})["secret"])
    if not secret:
        raise ConnectorFailed(label(zh="接收地址的密钥是空的", en="the secret of this webhook is empty"))
    return secret


def _is_standard(now: datetime, secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Return whether a request is signed as Standard Webhooks says, and not long ago."""
    name, sent = headers.get(_WEBHOOK_ID, ""), headers.get(_WEBHOOK_TIME, "")
    if not name or not sent.isascii() or not sent.isdecimal() or len(sent) > 12:
        return False
    if abs(now - datetime.fromtimestamp(int(sent), UTC)) > REPLAY_WINDOW:
        return False
    signed = hmac.new(_standard_key(secret), f"{name}.{sent}.".encode() + body, hashlib.sha256)
    expected = base64.b64encode(signed.digest()).decode()
    given = [each.partition(",") for each in headers.get(_SIGNATURE, "").split()]
    return any(version == "v1" and _is_same(text, expected) for version, _, text in given)


def _standard_key(secret: str) -> bytes:
    if not secret.startswith(_SECRET_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ConnectorFailed(
            label(zh="接收地址的密钥不是有效的 whsec_…", en="the secret of this webhook is no valid whsec_…")
        ) from error


def _is_same(given: str, expected: str) -> bool:
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def _key_of(verify: Verify, headers: Mapping[str, str], body: bytes) -> str | None:
    """Return what tells a delivery from others: the sender's own id, or else what was signed.

    Who only shows a token may send the same twice and mean it.
    """
    given = next((headers[name] for name in _IDS if headers.get(name)), None)
    if given is not None and verify.scheme is not Scheme.HMAC_SHA256:
        return f"id {given}" if len(given) < _LONGEST_ID // 4 else _digest(given.encode())
    # Only the body is signed: an id beside it could be another one in each repetition.
    return _digest(body) if verify.scheme is Scheme.HMAC_SHA256 else None


def _digest(text: bytes) -> str:
    return f"sha256 {hashlib.sha256(text).hexdigest()}"
