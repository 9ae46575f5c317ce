"""Doing a request once, however often it arrives: the `Idempotency-Key` header.

The key is claimed and the answer kept in the transaction that makes the change, so either both are
there or neither. A refused request changes nothing and keeps nothing: trying it again is judged anew.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import idempotency as kept
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.labels import label
from orderkit.web.api.calls import Answer, Call
from orderkit.web.api.problems import BadRequest

HEADER = "idempotency-key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 200
KEPT_FOR = timedelta(days=7)


def once(runtime: Runtime, call: Call, work: Callable[[Unit], Answer]) -> Answer:
    """Run `work` in one transaction and return its answer, or the first one for a key seen before."""
    key = call.headers.get(HEADER)
    if key is not None and not (1 <= len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise BadRequest(
            "bad_idempotency_key",
            label(
                zh=f"Idempotency-Key 须为 1 到 {LONGEST_KEY} 个可打印 ASCII 字符",
                en=f"Idempotency-Key must be 1 to {LONGEST_KEY} printable ASCII characters",
            ),
        )
    with call.writing(runtime) as unit:
        if key is not None:
            first = _claimed(unit, call, key)
            if first is not None:
                return first
        answer = work(unit)
        if key is not None:
            unit.connection.execute(
                sa.update(kept)
                .where(_row(call, key))
                .values(status=answer.status, headers=dict(answer.headers), body=answer.body.decode())
            )
    return answer


def _claimed(unit: Unit, call: Call, key: str) -> Answer | None:
    """Claim the key, waiting for another request that holds it; return its answer if there is one."""
    unit.connection.execute(
        sa.delete(kept).where(kept.c.user_id == call.person.id, kept.c.created_at < unit.now - KEPT_FOR)
    )
    insert = postgresql.insert if unit.runtime.database.dialect == "postgresql" else sqlite.insert
    claim = unit.connection.execute(
        insert(kept)
        .values(
            user_id=call.person.id,
            key=key,
            request_digest=_digest(call),
            status=0,
            headers={},
            body="",
            created_at=unit.now,
        )
        .on_conflict_do_nothing()
        .returning(kept.c.key)
    )
    if claim.first() is not None:
        return None
    row = unit.connection.execute(sa.select(kept).where(_row(call, key))).one()
    if row.request_digest != _digest(call):
        raise BadRequest(
            "idempotency_key_reused",
            label(
                zh="这个 Idempotency-Key 已用于另一个不同的请求，请换一个新的",
                en="this Idempotency-Key was used for a different request; take a new one",
            ),
            status=422,
        )
    return Answer(
        status=row.status,
        body=row.body.encode(),
        media_type=None if row.status == 204 else "application/json",
        headers={**row.headers, REPLAYED: "true"},
    )


def _row(call: Call, key: str) -> sa.ColumnElement[bool]:
    return sa.and_(kept.c.user_id == call.person.id, kept.c.key == key)


def _digest(call: Call) -> str:
    hashed = hashlib.sha256()
    for part in (
        call.method.encode(),
        call.path.encode(),
        call.headers.get("if-match", "").encode(),
        call.body,
    ):
        hashed.update(len(part).to_bytes(8, "big") + part)
    return hashed.hexdigest()
