"""What is digested of entries and seals, and the keys that sign them.

A seal's digest covers that of the seal before with its signature, which whoever makes it verifies first. So
one good signature vouches for everything before it, made with whatever key: keys may be replaced and forgotten.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

PURPOSE = "audit"
MARK = 16
"""Hexadecimal digits of an entry's digest that a seal keeps."""

ENTRY_COLUMNS = (
    "id",
    "at",
    "actor_id",
    "on_behalf_of_id",
    "channel",
    "model_hash",
    "form",
    "record_id",
    "verb",
    "changes",
    "request_id",
)
SEAL_COLUMNS = (
    "number",
    "sealed_at",
    "ids",
    "count",
    "last_id",
    "settled",
    "marks",
    "entries_digest",
    "key",
)
CHECKPOINT_COLUMNS = (
    "number",
    "made_at",
    "settled",
    "removed",
    "seal_digest",
    "seal_signature",
    "key",
)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a seal hangs on: the seal before, or the beginning."""

    number: int = 0
    digest: str = ""
    signature: str = ""

    @property
    def unvouched(self) -> "Link":
        """What a seal hangs on whose maker could not verify this: it names the place, and vouches for nothing before."""
        return Link(self.number)


BEGINNING = Link()


@dataclass(frozen=True, slots=True)
class SealingKeys:
    """The keys in force, the one that signs first. They never appear in a log."""

    keys: tuple[bytes, ...] = field(repr=False)

    def __bool__(self) -> bool:
        """Whether anything can be signed."""
        return bool(self.keys)

    @property
    def current(self) -> str:
        """The name of the key that signs, which tells nothing about it."""
        return _name(self.keys[0])

    def sign(self, digest: str) -> str:
        """Return the signature of a digest by the key that signs."""
        return _signature(self.keys[0], digest)

    def verifies(self, digest: str, signature: object, *, key: object) -> bool | None:
        """Return whether the key of this name signed a digest; None if it is none of those in force."""
        expected = self.signature(digest, key=key)
        return None if expected is None else hmac.compare_digest(expected.encode(), str(signature).encode())

    def signature(self, digest: str, *, key: object) -> str | None:
        """Return what the key of this name signs a digest with; None if it is none of those in force."""
        return next((_signature(each, digest) for each in self.keys if _name(each) == key), None)


def entry_digest(values: Mapping[str, Any]) -> bytes:
    """Return the digest of an entry, of everything in it."""
    return hashlib.sha256(_canonical([values[name] for name in ENTRY_COLUMNS])).digest()


def digest_of_entries(digests: Sequence[bytes]) -> str:
    """Return the digest of the digests of entries in their order."""
    return hashlib.sha256(b"".join(digests)).hexdigest()


def marks_of(digests: Sequence[bytes]) -> str:
    """Return what a seal keeps of the digest of each entry."""
    return "".join(each.hex()[:MARK] for each in digests)


def seal_digest(previous: Link, values: Mapping[str, Any]) -> str:
    """Return the digest of a seal that hangs on `previous`."""
    own = [values[name] for name in SEAL_COLUMNS]
    return hashlib.sha256(_canonical(["seal", previous.digest, previous.signature, *own])).hexdigest()


def checkpoint_digest(values: Mapping[str, Any]) -> str:
    """Return the digest of a checkpoint."""
    own = [values[name] for name in CHECKPOINT_COLUMNS]
    return hashlib.sha256(_canonical(["checkpoint", *own])).hexdigest()


def _canonical(values: Sequence[object]) -> bytes:
    """Return JSON that says the same on every database."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_instant)
    return text.encode("utf-8", "surrogatepass")


def _instant(value: object) -> str:
    # Whatever else a column was made to hold differs from what was sealed, and must not stop the search.
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else repr(value)


def _name(key: bytes) -> str:
    return hashlib.sha256(b"name\0" + key).hexdigest()[:16]


def _signature(key: bytes, digest: str) -> str:
    return hmac.new(key, digest.encode(), hashlib.sha256).hexdigest()
