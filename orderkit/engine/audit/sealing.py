"""Seals entries of the audit in batches, soon after they were committed, whoever committed them.

Any number of processes may seal at once: a seal takes the number after the last one it saw, so of two
that saw the same one alone is stored, and the other looks again. It is one row, there whole or not at all.
It vouches for the chain before it only if its maker could verify the end of that (`ending`).
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from orderkit.database.schema.system_tables import audit, audit_checkpoint, audit_seal
from orderkit.engine.audit import ids
from orderkit.engine.audit.digests import (
    BEGINNING,
    ENTRY_COLUMNS,
    PURPOSE,
    Link,
    SealingKeys,
    digest_of_entries,
    entry_digest,
    marks_of,
    seal_digest,
)
from orderkit.engine.audit.ending import ChainEnd, chain_end
from orderkit.engine.runtime import Runtime
from orderkit.model.errors import Conflict

log = structlog.get_logger(__name__)

MOST_ENTRIES = 1000
# What is believed of a seal that was made by another version.
LARGEST_SEAL = 100_000
# PostgreSQL gives ids before it commits: for so long an entry with a smaller id may still appear.
LATE = timedelta(minutes=15)
LOGGED_EVERY = timedelta(minutes=10)
_LOST_MOST = 20


class Sealer:
    """Seals what is not sealed yet. One for a worker; it remembers where the chain ended."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._keys: SealingKeys | None = None
        self._seen: tuple[int, ...] | None = None
        self._end = BEGINNING
        self._doubted = BEGINNING
        self._logged_at: datetime | None = None

    def __call__(self) -> int:
        """Seal every entry that is committed now, and return how many that were."""
        if self._keys is None:
            self._keys = SealingKeys(self._runtime.keys_for(PURPOSE))
        if not self._keys:
            return 0
        sealed = lost = reached = 0
        while lost < _LOST_MOST:
            made = self._next(self._keys, reached=reached)
            if made is None:
                return sealed
            if not self._store(made):
                lost += 1
                continue
            sealed += int(made["count"])
            reached = made["last_id"]
            self._end = Link(made["number"], made["digest"], made["signature"])
            self._log(made)
        return sealed

    def _next(self, keys: SealingKeys, *, reached: int = 0) -> dict[str, Any] | None:
        """Return the seal to store next; None when there is nothing to seal.

        `reached` is up to where this run has sealed what there was: it looks for what comes after that, and only
        the next run for what appeared before it meanwhile. So a run reads each entry once, however many there are.
        """
        now = self._runtime.clock.now()
        with self._runtime.database.read() as connection:
            end = chain_end(connection, keys)
            self._expect(connection, end.last)
            self._doubt(end)
            after = max(end.settled, reached) if end.is_verified else end.settled
            seen = None if reached else _seen(connection, end)
            if seen is not None and self._seen == seen:
                return None
            known = _sealed_beyond(connection, end, after)
            window = (
                connection.execute(
                    select(audit.c.id)
                    .where(audit.c.id > after)
                    .order_by(audit.c.id)
                    .limit(len(known) + MOST_ENTRIES)
                )
                .scalars()
                .all()
            )
            fresh = [each for each in window if each not in known][:MOST_ENTRIES]
            if not fresh:
                self._seen = seen
                return None
            rows = connection.execute(
                select(*(audit.c[name] for name in ENTRY_COLUMNS))
                .where(audit.c.id.in_(fresh))
                .order_by(audit.c.id)
            ).all()
            known.update(fresh)
            upto = next((each - 1 for each in window if each not in known), window[-1])
            limit = now if self._runtime.database.dialect == "sqlite" else now - LATE
            settled = _settled(connection, end.settled, upto, limit)
        digests = [entry_digest(dict(zip(ENTRY_COLUMNS, row, strict=True))) for row in rows]
        values: dict[str, Any] = {
            "number": end.last.number + 1,
            "sealed_at": now,
            "ids": ids.written(fresh),
            "count": len(fresh),
            "last_id": fresh[-1],
            "settled": settled,
            "marks": marks_of(digests),
            "entries_digest": digest_of_entries(digests),
            "key": keys.current,
        }
        digest = seal_digest(end.hangs_on, values)
        return {**values, "digest": digest, "signature": keys.sign(digest)}

    def _store(self, values: dict[str, Any]) -> bool:
        """Store a seal; return False if another process was faster."""
        try:
            with self._runtime.database.write() as connection:
                connection.execute(insert(audit_seal).values(**values))
        except (IntegrityError, Conflict):
            return False
        return True

    def _expect(self, connection: Connection, end: Link) -> None:
        """Say so if the chain no longer holds where this process saw it end."""
        if not self._end.number or end == self._end:
            return
        kept = select(audit_seal.c.digest).where(audit_seal.c.number == self._end.number)
        passed = select(func.max(audit_checkpoint.c.number))
        if connection.execute(kept).scalar() == self._end.digest:
            return
        if (connection.execute(passed).scalar() or 0) >= self._end.number:
            return
        log.error("audit_chain_cut", action="audit.seal", missing=self._end.number, head=self._end.digest)
        self._end = end

    def _doubt(self, end: ChainEnd) -> None:
        """Say so, once, if the end of the chain does not verify, and the next seal will not vouch for it."""
        if end.is_verified or end.last == self._doubted:
            return
        self._doubted = end.last
        log.error("audit_end_unverified", action="audit.seal", number=end.last.number, verified=end.verified)

    def _log(self, made: dict[str, Any]) -> None:
        """Let the log keep, every few minutes, where the chain stood: it proves that nothing was cut off its end."""
        now = made["sealed_at"]
        if self._logged_at is None or now >= self._logged_at + LOGGED_EVERY:
            self._logged_at = now
            log.info("audit_sealed", action="audit.seal", number=made["number"], head=made["digest"])


def _seen(connection: Connection, end: ChainEnd) -> tuple[int, ...]:
    """Return what differs when there is something new to seal."""
    counted = select(func.count(), func.coalesce(func.max(audit.c.id), 0)).where(audit.c.id > end.settled)
    return end.verified, end.settled, *connection.execute(counted).one()


def _sealed_beyond(connection: Connection, end: ChainEnd, after: int) -> set[int]:
    """Return which entries after an id are sealed by what verifies; the others are sealed anew."""
    beyond = (audit_seal.c.last_id > after, audit_seal.c.number <= end.verified)
    found = connection.execute(select(audit_seal.c.ids).where(*beyond)).scalars()
    known: set[int] = set()
    for text in found:
        # A seal that was spoilt is the business of `verify`; what it covered is sealed anew.
        try:
            known.update(each for each in ids.read(text, most=LARGEST_SEAL) if each > after)
        except ids.WrongIds:
            continue
    return known


def _settled(connection: Connection, settled: int, upto: int, limit: datetime) -> int:
    """Return up to which id no entry can appear any more, where everything is sealed up to `upto`."""
    within = select(audit.c.id).where(audit.c.id > settled, audit.c.id <= upto)
    late = connection.execute(within.where(audit.c.at > limit).order_by(audit.c.id).limit(1)).scalar()
    if late is not None:
        within = within.where(audit.c.id < late)
    return connection.execute(within.order_by(audit.c.id.desc()).limit(1)).scalar() or settled
