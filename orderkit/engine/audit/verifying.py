"""Finds what was changed in the audit behind orderkit's back: entries, seals, checkpoints, personal values.

One pass over the chain in one snapshot, in constant memory however long it is. What cannot be found: that
the end of the chain was cut off together with its entries, unless the caller names a head that was kept
elsewhere; and what somebody wrote into the table before it was sealed, which looks like any other entry.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select

from orderkit.database.schema.system_tables import audit, audit_checkpoint, audit_personal, audit_seal
from orderkit.engine.audit import ids
from orderkit.engine.audit.digests import (
    BEGINNING,
    MARK,
    Link,
    SealingKeys,
    checkpoint_digest,
    digest_of_entries,
    seal_digest,
)
from orderkit.engine.audit.sealing import LARGEST_SEAL
from orderkit.engine.audit.stored import AT_ONCE, entries_between, instant, rows

MOST_FINDINGS = 1000


class Tampering(StrEnum):
    """What was done to the audit."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_REMOVED = "entry_removed"
    ENTRY_ADDED = "entry_added"
    SEAL_CHANGED = "seal_changed"
    SEAL_REMOVED = "seal_removed"
    CHECKPOINT_CHANGED = "checkpoint_changed"
    PERSONAL_CHANGED = "personal_changed"
    KEY_UNKNOWN = "key_unknown"
    HEAD_MISSING = "head_missing"


_OF_ENTRIES = frozenset({Tampering.ENTRY_CHANGED, Tampering.ENTRY_REMOVED, Tampering.ENTRY_ADDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that is wrong: entries, or else seals, from `first` to `last`; it was right at `since`."""

    kind: Tampering
    first: int
    last: int
    since: datetime | None = None
    detail: str = ""

    @property
    def is_of_entries(self) -> bool:
        """Whether `first` and `last` are ids of entries."""
        return self.kind in _OF_ENTRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Entries that are not sealed yet. A worker seals them within seconds."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a verification came to. `more` is how many findings are not listed."""

    entries: int
    seals: int
    removed: int
    head: str
    sealed_at: datetime | None
    waiting: Waiting
    found: tuple[Found, ...]
    more: int


def verify(connection: Connection, keys: SealingKeys, *, head: str | None = None) -> Verified:
    """Verify the whole audit; `head` is the digest of a seal that was kept outside the database."""
    passing = Passing(connection, keys, head)
    found: list[Found] = []
    more = 0
    for each in passing.findings():
        last = found[-1] if found else None
        if last is not None and not more and _continues(last, each):
            found[-1] = replace(last, last=each.last)
        elif len(found) < MOST_FINDINGS:
            found.append(each)
        else:
            more += 1
    return Verified(
        entries=passing.entries,
        seals=passing.seals,
        removed=passing.removed,
        head=passing.previous.digest,
        sealed_at=passing.sealed_at,
        waiting=_waiting(connection, passing),
        found=tuple(found),
        more=more,
    )


def _continues(last: Found, each: Found) -> bool:
    return each.is_of_entries and last.kind is each.kind and each.first == last.last + 1


class Passing:
    """One pass over the chain, and what it knows by now."""

    def __init__(self, connection: Connection, keys: SealingKeys, head: str | None) -> None:
        self.connection = connection
        self.keys = keys
        self.head = head
        self.previous = BEGINNING
        self.settled = 0
        self.entries = 0
        self.seals = 0
        self.removed = 0
        self.sealed_at: datetime | None = None
        # Sealed entries beyond `settled`, which is as many as one window of late ones holds.
        self.beyond: set[int] = set()
        self._calculated = ""
        self._key: object = None
        self._unvouched: tuple[int, datetime | None] | None = None
        self._has_vouched = False
        # The largest id of an entry that a seal covers and that is there.
        self._largest = 0
        self._has_head = head is None

    def findings(self) -> Iterator[Found]:
        """Yield what is wrong, along the chain."""
        yield from self.begin()
        reached = self.previous.number
        early = audit_seal.c.number <= reached
        for number in self.connection.execute(select(audit_seal.c.number).where(early)).scalars():
            yield Found(
                kind=Tampering.SEAL_CHANGED, first=number, last=number, detail="before the checkpoint"
            )
        while True:
            page = rows(self.connection, audit_seal, audit_seal.c.number, after=reached, limit=AT_ONCE)
            for number, values in page:
                reached = number
                yield from self.follow(number, values)
            if len(page) < AT_ONCE:
                break
        yield from self._tell_unvouched()
        if not self._has_head:
            yield Found(
                kind=Tampering.HEAD_MISSING,
                first=self.previous.number,
                last=self.previous.number,
                since=self.sealed_at,
                detail=self.head or "",
            )
        yield from self._personal()

    def begin(self) -> Iterator[Found]:
        """Begin after the last checkpoint, and yield what is wrong with it."""
        checkpoints = rows(
            self.connection, audit_checkpoint, audit_checkpoint.c.number, after=None, limit=None
        )
        for number, values in checkpoints:
            is_signed = values is not None and self.keys.verifies(
                checkpoint_digest(values), values["signature"], key=values["key"]
            )
            since = None if values is None else instant(values["made_at"])
            if is_signed is None:
                yield Found(kind=Tampering.KEY_UNKNOWN, first=number, last=number, since=since)
            elif not is_signed:
                yield Found(kind=Tampering.CHECKPOINT_CHANGED, first=number, last=number, since=since)
            if values is not None:
                self.previous = Link(number, str(values["seal_digest"]), str(values["seal_signature"]))
                self._calculated = self.previous.digest
                if is_signed:
                    yield from self._before_checkpoint(values["settled"])
                self.removed = values["removed"] if isinstance(values["removed"], int) else 0
                self.sealed_at = since
                self._has_head = self._has_head or self.previous.digest == self.head

    def _before_checkpoint(self, settled: int) -> Iterator[Found]:
        """Look for entries that should have gone with the seals before the checkpoint, and go on after these."""
        left = select(audit.c.id).where(audit.c.id <= settled).order_by(audit.c.id).limit(MOST_FINDINGS)
        for each in self.connection.execute(left).scalars():
            yield Found(kind=Tampering.ENTRY_ADDED, first=each, last=each)
        self.settled = self._largest = settled

    @property
    def is_vouched(self) -> bool:
        """Whether a key in force signed the last seal, and so vouches for what it hangs on."""
        return self._unvouched is None

    def follow(self, number: int, values: Mapping[str, Any] | None) -> Iterator[Found]:
        """Go on to the next seal, and yield what is wrong with it and its entries."""
        self.seals += 1
        is_next = number == self.previous.number + 1
        if not is_next:
            yield Found(
                kind=Tampering.SEAL_REMOVED,
                first=self.previous.number + 1,
                last=number - 1,
                since=self.sealed_at,
            )
        if values is None:
            yield Found(kind=Tampering.SEAL_CHANGED, first=number, last=number, since=self.sealed_at)
            self.previous = Link(number, "", "")
            self._calculated = ""
            return
        sealed_at = instant(values["sealed_at"])
        is_whole, is_hanging = self._is_whole(values, is_next=is_next)
        if not is_whole:
            yield Found(kind=Tampering.SEAL_CHANGED, first=number, last=number, since=sealed_at)
        vouched = self.keys.verifies(str(values["digest"]), values["signature"], key=values["key"])
        if vouched is None:
            self._unvouched = self._unvouched or (number, sealed_at)
        elif vouched:
            # Keys are forgotten from the first on: one between those in force is none of them.
            if self._has_vouched or not is_hanging:
                yield from self._tell_unvouched()
            self._unvouched = None
            self._has_vouched = True
        elif is_whole:
            yield Found(kind=Tampering.SEAL_CHANGED, first=number, last=number, since=sealed_at)
        yield from self._entries(values, sealed_at, is_whole=is_whole)
        # Its successor hangs on what this one ought to say, whatever it was made to say.
        self._calculated = seal_digest(self.previous, values)
        self._key = values["key"]
        self.previous = Link(number, str(values["digest"]), str(values["signature"]))
        self._has_head = self._has_head or self.previous.digest == self.head
        self.sealed_at = sealed_at
        settled = values["settled"]
        if isinstance(settled, int):
            # A forged seal may say that everything to come is sealed.
            settled = min(settled, self._largest)
            if settled > self.settled:
                yield from self._settle(settled)

    def _tell_unvouched(self) -> Iterator[Found]:
        if self._unvouched is not None:
            number, since = self._unvouched
            yield Found(kind=Tampering.KEY_UNKNOWN, first=number, last=self.previous.number, since=since)

    def _is_whole(self, values: Mapping[str, Any], *, is_next: bool) -> tuple[bool, bool]:
        """Return whether a seal is as it was made, and whether it vouches for the one before it."""
        if not is_next:
            # What it hangs on is gone; its own signature and its successor vouch for it.
            return True, False
        before = self.previous
        for digest in {before.digest, self._calculated}:
            for signature in {before.signature, self.keys.signature(digest, key=self._key)}:
                if signature is None:
                    continue
                if values["digest"] == seal_digest(Link(before.number, digest, signature), values):
                    return True, True
        return values["digest"] == seal_digest(before.unvouched, values), False

    def _entries(
        self, values: Mapping[str, Any], sealed_at: datetime | None, *, is_whole: bool
    ) -> Iterator[Found]:
        try:
            wanted = ids.read(values["ids"], most=LARGEST_SEAL)
        except ids.WrongIds:
            return
        found = dict(entries_between(self.connection, wanted))
        self.beyond.update(each for each in wanted if each in found and each > self.settled)
        self.entries += len(found)
        self._largest = max(self._largest, *found, 0)
        marks = values["marks"] if isinstance(values["marks"], str) else ""
        digests = [found.get(each) for each in wanted]
        if digest_of_entries([each or b"" for each in digests]) == values["entries_digest"]:
            return
        is_told = False
        for place, (each, digest) in enumerate(zip(wanted, digests, strict=True)):
            said = marks[place * MARK : (place + 1) * MARK]
            if each not in found:
                is_told = True
                yield Found(kind=Tampering.ENTRY_REMOVED, first=each, last=each, since=sealed_at)
            elif digest is None or digest.hex()[:MARK] != said:
                is_told = True
                yield Found(kind=Tampering.ENTRY_CHANGED, first=each, last=each, since=sealed_at)
        if not is_told and is_whole:
            number = values["number"]
            yield Found(kind=Tampering.SEAL_CHANGED, first=number, last=number, since=sealed_at)

    def _settle(self, settled: int) -> Iterator[Found]:
        """Look for entries up to `settled` that no seal covers."""
        within = (audit.c.id > self.settled, audit.c.id <= settled)
        covered = {each for each in self.beyond if each <= settled}
        count = self.connection.execute(select(func.count()).where(*within)).scalar_one()
        if count != len(covered):
            reached = self.settled
            while True:
                page = (
                    self.connection.execute(
                        select(audit.c.id)
                        .where(audit.c.id > reached, audit.c.id <= settled)
                        .order_by(audit.c.id)
                        .limit(AT_ONCE)
                    )
                    .scalars()
                    .all()
                )
                for each in page:
                    if each not in covered:
                        yield Found(kind=Tampering.ENTRY_ADDED, first=each, last=each, since=self.sealed_at)
                if len(page) < AT_ONCE:
                    break
                reached = page[-1]
        self.beyond -= covered
        self.settled = settled

    def _personal(self) -> Iterator[Found]:
        reached = ""
        table = audit_personal.c
        while True:
            page = self.connection.execute(
                select(table.digest, table.salt, table.value, table.form, table.record_id)
                .where(table.digest > reached)
                .order_by(table.digest)
                .limit(AT_ONCE)
            ).all()
            for row in page:
                if hashlib.sha256(f"{row.salt}:{row.value}".encode()).hexdigest() != row.digest:
                    detail = f"{row.form} {row.record_id}"
                    yield Found(kind=Tampering.PERSONAL_CHANGED, first=0, last=0, detail=detail)
            if len(page) < AT_ONCE:
                return
            reached = page[-1].digest


def _waiting(connection: Connection, passing: Passing) -> Waiting:
    newer = audit.c.id > passing.settled
    count = connection.execute(select(func.count()).where(newer)).scalar_one() - len(passing.beyond)
    if not count:
        return Waiting(count=0, oldest=None)
    oldest: datetime | None = None
    reached = passing.settled
    while oldest is None:
        page = rows(connection, audit, audit.c.id, after=reached, limit=AT_ONCE)
        oldest = next(
            (
                instant(values["at"])
                for each, values in page
                if each not in passing.beyond and values is not None
            ),
            None,
        )
        if len(page) < AT_ONCE:
            break
        reached = page[-1][0]
    return Waiting(count=count, oldest=oldest)
