"""Doing something once, however often it is asked for: a key is claimed in the transaction that does it.

The first answer is kept under the key in the same transaction, so either both are there or neither. What
was refused changes nothing and keeps nothing: asked again, it is judged anew. Keys of two people never meet.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import idempotency as kept
from orderkit.engine.runtime import Unit
from orderkit.model.errors import OrderkitError

KEPT_FOR = timedelta(days=7)
# What is older is forgotten by one request in sixteen: looking each time would cost more than keeping a few.
SWEEPS = "0"
_CLAIM: Mapping[str, sa.Executable] = {
    "sqlite": sqlite.insert(kept).on_conflict_do_nothing().returning(kept.c.key),
    "postgresql": postgresql.insert(kept).on_conflict_do_nothing().returning(kept.c.key),
}
_IS_MINE = sa.and_(kept.c.user_id == sa.bindparam("asker"), kept.c.key == sa.bindparam("asked"))
_KEEP = sa.update(kept).where(_IS_MINE)


class KeyReused(OrderkitError):
    """The key was used before, for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswer:
    """What was answered when it was done."""

    status: int
    headers: Mapping[str, str]
    body: str


def claimed(unit: Unit, key: str, digest: str) -> FirstAnswer | None:
    """Claim a key, waiting for another transaction that holds it; return the first answer if there is one.

    Raises: KeyReused where `digest` is not that of the first time.
    """
    if digest.startswith(SWEEPS):
        unit.connection.execute(
            sa.delete(kept).where(kept.c.user_id == unit.person.id, kept.c.created_at < unit.now - KEPT_FOR)
        )
    claim = unit.connection.execute(
        _CLAIM[unit.runtime.database.dialect],
        {
            "user_id": unit.person.id,
            "key": key,
            "request_digest": digest,
            "status": 0,
            "headers": {},
            "body": "",
            "created_at": unit.now,
        },
    )
    if claim.first() is not None:
        return None
    row = unit.connection.execute(sa.select(kept).where(_IS_MINE), _mine(unit, key)).one()
    if row.request_digest != digest:
        raise KeyReused
    return FirstAnswer(status=row.status, headers=row.headers, body=row.body)


def keep(unit: Unit, key: str, answer: FirstAnswer) -> None:
    """Keep the answer of a key that this unit has claimed."""
    given = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body}
    unit.connection.execute(_KEEP, {**_mine(unit, key), **given})


def digest_of(parts: Iterable[bytes]) -> str:
    """Return what tells one request from another; where one part ends and the next begins counts."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big") + part)
    return hashed.hexdigest()


def _mine(unit: Unit, key: str) -> dict[str, object]:
    return {"asker": unit.person.id, "asked": key}
