"""Entries of the audit: written with the change, read for a record, personal values erased on request.

An entry never changes. A personal value stands in it as a salted digest, and its text in a part that
can be erased; so entries can be sealed and still forget. Who may read what is decided by the
caller (`records.history`).
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from orderkit.database.schema import system_tables as tables
from orderkit.engine.audit.renames import Renames, entries_of, renames_in
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FormId

Json = object
BeforeAfter = tuple[Json, Json]

_DIGEST = "digest"
_LONGEST_REQUEST_ID = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is noted of one record. `changes` maps a path to JSON values before and after.

    `personal` are the paths whose values can be erased later.
    """

    form: FormId
    record_id: int
    verb: str
    changes: Mapping[str, BeforeAfter]
    personal: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An entry as it was written. `erased` names values by path and side (0 before, 1 after)."""

    id: int
    at: datetime
    actor_id: int | None
    on_behalf_of_id: int | None
    channel: str
    model_hash: str
    verb: str
    changes: Mapping[str, BeforeAfter]
    erased: frozenset[tuple[str, int]] = field(default_factory=frozenset)


def _cause(unit: Unit) -> str | None:
    """Return what led to a change that no request made: the request at the beginning of the chain, or the job."""
    return None if unit.cause is None else unit.cause[:_LONGEST_REQUEST_ID]


def write(unit: Unit, entries: Sequence[Entry], *, on_behalf_of_id: int | None = None) -> None:
    """Write entries, with one statement for all of them and one for their personal values."""
    if not entries:
        return
    personal: list[dict[str, object]] = []
    rows = [
        {
            "at": unit.now,
            "actor_id": unit.person.id,
            "on_behalf_of_id": on_behalf_of_id,
            "channel": unit.channel.value,
            "model_hash": unit.runtime.model_hash,
            "form": entry.form,
            "record_id": entry.record_id,
            "verb": entry.verb,
            "changes": _without_personal(entry, personal),
            "request_id": unit.request_id or _cause(unit),
        }
        for entry in entries
    ]
    unit.connection.execute(tables.audit.insert(), rows)
    if personal:
        unit.connection.execute(tables.audit_personal.insert(), personal)


def read(
    unit: Unit,
    form: FormId,
    record_id: int,
    *,
    limit: int = 200,
    before: datetime | None = None,
    at: datetime | None = None,
    request_id: str | None = None,
) -> tuple[Recorded, ...]:
    """Return a record's entries, newest first, personal values in their places, fields named as today.

    With `before` only older ones, with `at` only those of one instant, with `request_id` of one request.
    """
    audit, personal = tables.audit, tables.audit_personal
    mine = entries_of(unit, form) & (audit.c.record_id == record_id)
    if before is not None:
        mine &= audit.c.at < before
    if at is not None:
        mine &= audit.c.at == at
    if request_id is not None:
        mine &= audit.c.request_id == request_id
    rows = unit.connection.execute(select(audit).where(mine).order_by(audit.c.id.desc()).limit(limit)).all()
    texts: Mapping[str, str] = {}
    if any(_refers_to_personal(row.changes) for row in rows):
        found = unit.connection.execute(
            select(personal.c.digest, personal.c.value).where(
                personal.c.form == form, personal.c.record_id == record_id
            )
        )
        texts = {row.digest: row.value for row in found}
    renames = renames_in(unit, form)
    return tuple(recorded_as_written(row, texts, renames) for row in rows)


def erase(unit: Unit, form: FormId, record_id: int) -> int:
    """Erase a record's personal values from the audit for good, and return how many there were.

    The entries stay as they are: their digests, being salted, tell nothing any more.
    """
    personal = tables.audit_personal
    mine = (personal.c.form == form) & (personal.c.record_id == record_id)
    return unit.connection.execute(personal.delete().where(mine)).rowcount


def _without_personal(entry: Entry, personal: list[dict[str, object]]) -> dict[str, list[object]]:
    changes: dict[str, list[object]] = {}
    for path, pair in entry.changes.items():
        if path not in entry.personal:
            changes[path] = list(pair)
            continue
        changes[path] = [None if value is None else _apart(entry, value, personal) for value in pair]
    return changes


def _apart(entry: Entry, value: object, personal: list[dict[str, object]]) -> dict[str, str]:
    text = json.dumps(value, ensure_ascii=False)
    salt = secrets.token_hex(16)
    digest = hashlib.sha256(f"{salt}:{text}".encode()).hexdigest()
    personal.append(
        {
            "digest": digest,
            "salt": salt,
            "form": entry.form,
            "record_id": entry.record_id,
            "value": text,
        }
    )
    return {_DIGEST: digest}


def digests_in(changes: Mapping[str, Sequence[object]]) -> list[str]:
    """Return the digests of the personal values that an entry refers to."""
    values = (value for pair in changes.values() for value in pair)
    return [str(value[_DIGEST]) for value in values if isinstance(value, dict) and _DIGEST in value]


def _refers_to_personal(changes: Mapping[str, Sequence[object]]) -> bool:
    return any(isinstance(value, dict) and _DIGEST in value for pair in changes.values() for value in pair)


def recorded_as_written(row: Row[Any], texts: Mapping[str, str], renames: Renames) -> Recorded:
    """Return an entry with the texts of its personal values in their places, fields named as today."""
    changes: dict[str, BeforeAfter] = {}
    erased: set[tuple[str, int]] = set()
    for path, (before, after) in row.changes.items():
        values: list[object] = []
        for side, value in enumerate((before, after)):
            if isinstance(value, dict) and _DIGEST in value:
                text = texts.get(value[_DIGEST])
                if text is None:
                    erased.add((path, side))
                values.append(None if text is None else json.loads(text))
            else:
                values.append(value)
        changes[path] = (values[0], values[1])
    return Recorded(
        id=row.id,
        at=row.at,
        actor_id=row.actor_id,
        on_behalf_of_id=row.on_behalf_of_id,
        channel=row.channel,
        model_hash=row.model_hash,
        verb=row.verb,
        changes=renames.today(changes, row.at),
        erased=frozenset((renames.path(path, row.at), side) for path, side in erased),
    )
