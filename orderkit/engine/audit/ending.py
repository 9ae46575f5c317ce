"""Where the chain ends, and how much of it whoever seals may build on.

Whoever can write to the database can hang a seal on the end, but not sign it. The next honest seal must not
vouch for that: where the end does not verify, it hangs on its number alone, and what is sealed begins again
after the last seal that does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from orderkit.database.schema.system_tables import audit_checkpoint, audit_seal
from orderkit.engine.audit.digests import BEGINNING, Link, SealingKeys, checkpoint_digest, seal_digest
from orderkit.engine.audit.stored import rows

_AT_ONCE = 100
_LAST_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainEnd:
    """The last seal as it stands, and the last that verifies.

    Args:
        last: the last seal, or checkpoint, as it stands.
        verified: the number of the last one that verifies; what stands after it vouches for nothing.
        settled: up to which id every entry is sealed, as that one says.
    """

    last: Link
    verified: int
    settled: int

    @property
    def is_verified(self) -> bool:
        """Whether the last seal is one that the next may vouch for."""
        return self.verified == self.last.number

    @property
    def hangs_on(self) -> Link:
        """What the next seal hangs on."""
        return self.last if self.is_verified else self.last.unvouched


def chain_end(connection: Connection, keys: SealingKeys) -> ChainEnd:
    """Return the end of the chain; beyond what is forged it looks for the last seal that is not."""
    checkpoint, is_signed = _checkpoint(connection, keys)
    last: Link | None = None
    for number, values, before in _from_the_last(connection, checkpoint):
        if last is None:
            last = Link(number) if values is None else _link(number, values)
        if values is not None and _verifies(keys, before, values):
            return ChainEnd(last=last, verified=number, settled=values["settled"])
    start = BEGINNING if checkpoint is None else _link_of_checkpoint(checkpoint)
    if checkpoint is None or not is_signed:
        return ChainEnd(last=last or start, verified=0, settled=0)
    return ChainEnd(last=last or start, verified=start.number, settled=checkpoint["settled"])


def _verifies(keys: SealingKeys, before: Link, values: Mapping[str, Any]) -> bool:
    """Return whether a listed key signed a seal, and it hangs where it says."""
    if not keys.verifies(str(values["digest"]), values["signature"], key=values["key"]):
        return False
    return values["digest"] in {seal_digest(before, values), seal_digest(before.unvouched, values)}


def _from_the_last(
    connection: Connection, checkpoint: Mapping[str, Any] | None
) -> Iterator[tuple[int, Mapping[str, Any] | None, Link]]:
    """Yield seals from the last one back, each with what it should hang on."""
    number = audit_seal.c.number
    # Nearly always the last one verifies, and the one before it is all that this takes.
    limit, upto = 2, _LAST_NUMBER
    while True:
        page = rows(connection, audit_seal, number, after=0, limit=limit, upto=upto, is_newest_first=True)
        for place, (each, values) in enumerate(page):
            if place + 1 < len(page):
                yield each, values, _before(each, *page[place + 1])
            elif len(page) < limit:
                yield each, values, _before(each, 0, None, checkpoint)
        if len(page) < limit:
            return
        limit, upto = _AT_ONCE, page[-1][0]


def _before(
    number: int,
    previous: int,
    values: Mapping[str, Any] | None,
    checkpoint: Mapping[str, Any] | None = None,
) -> Link:
    """Return what the seal of this number should hang on; only its place where that is gone or unreadable."""
    if values is not None and previous == number - 1:
        return _link(previous, values)
    if checkpoint is not None and checkpoint["number"] == number - 1:
        return _link_of_checkpoint(checkpoint)
    return Link(number - 1)


def _link(number: int, values: Mapping[str, Any]) -> Link:
    return Link(number, str(values["digest"]), str(values["signature"]))


def _checkpoint(connection: Connection, keys: SealingKeys) -> tuple[Mapping[str, Any] | None, bool]:
    """Return the last checkpoint, and whether a listed key signed it."""
    number = audit_checkpoint.c.number
    found = rows(connection, audit_checkpoint, number, after=None, limit=1, is_newest_first=True)
    values = found[0][1] if found else None
    if values is None:
        return None, False
    digest = checkpoint_digest(values)
    return values, bool(keys.verifies(digest, values["signature"], key=values["key"]))


def _link_of_checkpoint(values: Mapping[str, Any]) -> Link:
    return Link(values["number"], str(values["seal_digest"]), str(values["seal_signature"]))
