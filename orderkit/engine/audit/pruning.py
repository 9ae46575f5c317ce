"""Retention: whole seals go with their entries, and a signed checkpoint stays, from which verification goes on.

Nothing goes that does not verify: retention must not be how tampering disappears. What goes is locked before it
is verified, for nothing would tell of an entry that was changed between the two.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from orderkit.database.schema.system_tables import (
    PRUNING,
    audit,
    audit_checkpoint,
    audit_personal,
    audit_seal,
    setting,
)
from orderkit.engine.audit import ids
from orderkit.engine.audit.digests import PURPOSE, SealingKeys, checkpoint_digest
from orderkit.engine.audit.entries import digests_in
from orderkit.engine.audit.noting import note
from orderkit.engine.audit.sealing import LARGEST_SEAL
from orderkit.engine.audit.verifying import Passing
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.auditing import LEAST_DAYS, MOST_DAYS
from orderkit.model.errors import Conflict
from orderkit.model.labels import label

DAYS_VARIABLE = "ORDERKIT_AUDIT_DAYS"
# What one unit removes at most: other writers wait for it.
MOST_SEALS = 1000
MOST_ENTRIES = 20_000
_AT_ONCE = 500


def days_kept(runtime: Runtime) -> int | None:
    """Return for how many days the audit is kept; None is for ever.

    The project says it with `audit: {keep: …}`, who operates it with ORDERKIT_AUDIT_DAYS; of both the longer holds.
    """
    given = (runtime.environment(DAYS_VARIABLE) or "").strip()
    promised = runtime.project.audit.keep_days
    if not (given.isascii() and given.isdecimal() and len(given) <= len(str(MOST_DAYS))):
        return promised
    return max(LEAST_DAYS, min(int(given), MOST_DAYS), promised or 0)


def prune_expired(unit: Unit) -> int:
    """Remove some of what has been kept for its time, and return how many entries that were."""
    days = days_kept(unit.runtime)
    return 0 if days is None else prune(unit, before=unit.now - timedelta(days=days))


def prune(unit: Unit, *, before: datetime) -> int:
    """Remove entries that were sealed before an instant, a bounded number of seals, and return how many entries.

    Raises: Conflict when what would go does not verify, or there is no key to sign the checkpoint with.
    """
    keys = SealingKeys(unit.runtime.keys_for(PURPOSE))
    if not keys:
        raise Conflict(label(zh="没有密钥，无法签署检查点", en="there is no key to sign a checkpoint with"))
    connection = unit.connection
    _lock_chain(connection)
    going = _going(connection, before)
    if not going:
        return 0
    wanted = _covered(going)
    _lock_entries(connection, wanted)
    passing = Passing(connection, keys, None)
    _verify(passing, going)
    last = going[-1]
    checkpoint: dict[str, Any] = {
        "number": last["number"],
        "made_at": unit.now,
        "settled": last["settled"],
        "removed": passing.removed + len(wanted),
        "seal_digest": last["digest"],
        "seal_signature": last["signature"],
        "key": keys.current,
    }
    digest = checkpoint_digest(checkpoint)
    connection.execute(insert(setting).values(name=PRUNING, value=""))
    _remove(connection, wanted)
    connection.execute(delete(audit_seal).where(audit_seal.c.number <= last["number"]))
    connection.execute(delete(audit_checkpoint))
    connection.execute(insert(audit_checkpoint).values(**checkpoint, signature=keys.sign(digest)))
    connection.execute(delete(setting).where(setting.c.name == PRUNING))
    note(unit, "ok_audit", "pruned", {"entries": len(wanted), "seal": last["number"], "head": last["digest"]})
    return len(wanted)


def _lock_chain(connection: Connection) -> None:
    """Keep everybody else from seals and checkpoints until the end; on SQLite whoever writes is alone anyway."""
    if connection.dialect.name == "postgresql":
        tables = f"{audit_seal.name}, {audit_checkpoint.name}"
        connection.exec_driver_sql(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")


def _lock_entries(connection: Connection, wanted: Sequence[int]) -> None:
    for start in range(0, len(wanted), _AT_ONCE):
        some = audit.c.id.in_(wanted[start : start + _AT_ONCE])
        connection.execute(select(audit.c.id).where(some).order_by(audit.c.id).with_for_update())


def _going(connection: Connection, before: datetime) -> list[dict[str, Any]]:
    """Return the seals that go, from the first on, one at least; the last seal of the chain stays in any case."""
    seal = audit_seal.c
    last = select(func.max(seal.number)).scalar_subquery()
    rows = connection.execute(
        select(seal.number, seal.sealed_at, seal.count)
        .where(seal.number < last)
        .order_by(seal.number)
        .limit(MOST_SEALS)
    )
    reached, entries = None, 0
    for number, sealed_at, count in rows.all():
        entries += count
        if sealed_at >= before or (reached is not None and entries > MOST_ENTRIES):
            break
        reached = number
    if reached is None:
        return []
    found = connection.execute(select(audit_seal).where(seal.number <= reached).order_by(seal.number))
    return [dict(row) for row in found.mappings()]


def _covered(seals: Sequence[dict[str, Any]]) -> list[int]:
    """Return the entries that seals cover; none of a seal whose list is none, which does not verify."""
    found: list[int] = []
    for seal in seals:
        with suppress(ids.WrongIds):
            found.extend(ids.read(seal["ids"], most=LARGEST_SEAL))
    return found


def _verify(passing: Passing, going: Sequence[dict[str, Any]]) -> None:
    """Refuse to remove seals that do not verify."""
    findings = list(passing.begin())
    for seal in going:
        findings.extend(passing.follow(seal["number"], seal))
    if not passing.is_vouched:
        raise Conflict(
            label(
                zh="要删除的封条由未列出的密钥签署，未删除任何内容：请在 ORDERKIT_SECRET_KEY 中补上当时的密钥；若没有这样的密钥，它们是伪造的",
                en="what would be removed of the audit is signed by a key that is not listed, so nothing was: "
                "add the key of then to ORDERKIT_SECRET_KEY; if there was none, it is forged",
            )
        )
    if findings:
        raise Conflict(
            label(
                zh="要删除的审计记录核对不通过，未删除任何内容：请先运行 orderkit audit verify",
                en="what would be removed of the audit does not verify, so nothing was: run `orderkit audit verify`",
            )
        )


def _remove(connection: Connection, wanted: Sequence[int]) -> None:
    """Remove entries, with the texts of their personal values."""
    for start in range(0, len(wanted), _AT_ONCE):
        some = audit.c.id.in_(wanted[start : start + _AT_ONCE])
        changes = connection.execute(select(audit.c.changes).where(some)).scalars()
        texts = [digest for each in changes for digest in digests_in(each)]
        for first in range(0, len(texts), _AT_ONCE):
            these = audit_personal.c.digest.in_(texts[first : first + _AT_ONCE])
            connection.execute(delete(audit_personal).where(these))
        connection.execute(delete(audit).where(some))
