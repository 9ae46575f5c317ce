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
    insert = postgresql.insert if unit.runtime.database.dialect == "postgresql" else sqlite.insert
    claim = unit.connection.execute(
        insert(kept)
        .values(
            user_id=unit.person.id,
            key=key,
            request_digest=digest,
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
    row = unit.connection.execute(sa.select(kept).where(_row(unit, key))).one()
    if row.request_digest != digest:
        raise KeyReused
    return FirstAnswer(status=row.status, headers=row.headers, body=row.body)


def keep(unit: Unit, key: str, answer: FirstAnswer) -> None:
    """Keep the answer of a key that this unit has claimed."""
    unit.connection.execute(
        sa.update(kept)
        .where(_row(unit, key))
        .values(status=answer.status, headers=dict(answer.headers), body=answer.body)
    )


def digest_of(parts: Iterable[bytes]) -> str:
    """Return what tells one request from another; where one part ends and the next begins counts."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big") + part)
    return hashed.hexdigest()


def _row(unit: Unit, key: str) -> sa.ColumnElement[bool]:
    return sa.and_(kept.c.user_id == unit.person.id, kept.c.key == key)
