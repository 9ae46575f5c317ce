"""Looking through the whole audit, newest first, by who, what, when and of which kind, a bounded stretch at a time.

Ids rise with time but for what committed late, so a stretch of ids is a stretch of time and needs no index of its own.
What is not found in one stretch is looked for from its end on: nobody waits for millions of entries to be read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from orderkit.database.schema.system_tables import audit, audit_personal
from orderkit.engine.audit.entries import Recorded, digests_in, recorded_as_written
from orderkit.engine.audit.noting import EXPORT, JOBS, REFUSAL
from orderkit.engine.audit.renames import Renames, entries_of, form_names, renames_in
from orderkit.engine.audit.sealing import LATE
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FormId

# So many entries are looked at in one question, and so many questions make one page.
STRETCH = 50_000
MOST_STRETCHES = 4
ACCOUNT, AUDIT = "ok_account", "ok_audit"
SIGN_INS = ("signed_in", "sign_in_refused", "signed_out_everywhere", "recovery_code_used")
_TAKEN_ALONG = ("printed", "person_exported")


class AuditKind(StrEnum):
    """What an entry is about."""

    RECORDS = "records"
    PEOPLE = "people"
    SIGN_INS = "sign_ins"
    REFUSALS = "refusals"
    EXPORTS = "exports"
    JOBS = "jobs"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for; what is None is not asked. `since` belongs to it, `until` does not."""

    actor_id: int | None = None
    kind: AuditKind | None = None
    verb: str | None = None
    form: FormId | None = None
    record_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """An entry with what it is about; `form` is called as today, personal values stand in their places."""

    form: FormId
    record_id: int
    recorded: Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What was found, newest first. `next` is where looking goes on; None at the end of the audit.

    `reached` is until when was looked where the search stopped before it had found enough.
    """

    met: tuple[Met, ...]
    next: int | None
    reached: datetime | None = None


def search(unit: Unit, sought: Sought, *, limit: int, before: int | None = None) -> Stretch:
    """Return the newest entries that fit, older than the entry `before`. The caller has checked who asks."""
    fits = _condition(unit, sought)
    lowest, upper = _bounds(unit, sought)
    if before is not None:
        upper = min(upper, before)
    # The entries of one record have an index.
    stretch = upper if sought.form is not None and sought.record_id is not None else STRETCH
    found: list[Met] = []
    for _ in range(MOST_STRETCHES):
        lower = max(lowest, upper - stretch)
        rows = _rows(unit, and_(audit.c.id >= lower, audit.c.id < upper, fits), limit + 1 - len(found))
        found.extend(rows)
        if len(found) > limit:
            return Stretch(met=tuple(found[:limit]), next=found[limit - 1].recorded.id)
        upper = lower
        if upper <= lowest:
            return Stretch(met=tuple(found), next=None)
    reached = unit.connection.execute(
        select(audit.c.at).where(audit.c.id >= upper).order_by(audit.c.id).limit(1)
    ).scalar()
    return Stretch(met=tuple(found), next=upper, reached=reached)


def every(unit: Unit, sought: Sought, *, at_once: int = 500) -> Iterator[Met]:
    """Yield all that fits, newest first, in constant memory."""
    before: int | None = None
    while True:
        found = search(unit, sought, limit=at_once, before=before)
        yield from found.met
        if found.next is None:
            return
        before = found.next


def _condition(unit: Unit, sought: Sought) -> ColumnElement[bool]:
    conditions = [audit.c.id > 0]
    if sought.actor_id is not None:
        # Who signs in is nobody yet: the entry is about their account.
        entered = and_(
            audit.c.form == ACCOUNT, audit.c.record_id == sought.actor_id, audit.c.verb.in_(SIGN_INS)
        )
        who = (audit.c.actor_id, audit.c.on_behalf_of_id)
        conditions.append(or_(entered, *(each == sought.actor_id for each in who)))
    if sought.kind is not None:
        conditions.append(_of_kind(sought.kind))
    if sought.verb is not None:
        conditions.append(audit.c.verb == sought.verb)
    if sought.form is not None:
        conditions.append(entries_of(unit, sought.form))
    if sought.record_id is not None:
        conditions.append(audit.c.record_id == sought.record_id)
    if sought.since is not None:
        conditions.append(audit.c.at >= sought.since)
    if sought.until is not None:
        conditions.append(audit.c.at < sought.until)
    return and_(*conditions)


def _of_kind(kind: AuditKind) -> ColumnElement[bool]:
    form, verb = audit.c.form, audit.c.verb
    taken_along = or_(form == EXPORT, verb.in_(_TAKEN_ALONG))
    of_people = or_(form.in_(("user", "department")), form == ACCOUNT)
    match kind:
        case AuditKind.REFUSALS:
            return or_(form == REFUSAL, and_(form == ACCOUNT, verb == "sign_in_refused"))
        case AuditKind.EXPORTS:
            return taken_along
        case AuditKind.SIGN_INS:
            return and_(form == ACCOUNT, verb.in_(SIGN_INS))
        case AuditKind.PEOPLE:
            return and_(of_people, verb.not_in(SIGN_INS), not_(taken_along))
        case AuditKind.JOBS:
            return form == JOBS
        case AuditKind.AUDIT:
            return form == AUDIT
        case AuditKind.RECORDS:
            return and_(
                form.not_in((ACCOUNT, EXPORT, REFUSAL, JOBS, AUDIT, "user", "department")), not_(taken_along)
            )


def _bounds(unit: Unit, sought: Sought) -> tuple[int, int]:
    """Return the ids between which all that fits must stand, the second beyond it."""
    least, most = unit.connection.execute(select(func.min(audit.c.id), func.max(audit.c.id))).one()
    if most is None:
        return 0, 0
    lowest = least if sought.since is None else _first_at(unit, sought.since - LATE, least, most)
    upper = most + 1 if sought.until is None else _first_at(unit, sought.until + LATE, least, most)
    return lowest, upper


def _first_at(unit: Unit, moment: datetime, least: int, most: int) -> int:
    """Return about the first id that was written at an instant or later."""
    low, high = least, most + 1
    while low < high:
        middle = (low + high) // 2
        at = unit.connection.execute(
            select(audit.c.at).where(audit.c.id >= middle).order_by(audit.c.id).limit(1)
        ).scalar()
        if at is None or at >= moment:
            high = middle
        else:
            low = middle + 1
    return low


def _rows(unit: Unit, condition: ColumnElement[bool], limit: int) -> list[Met]:
    query: Select[tuple[object, ...]] = (
        select(audit).where(condition).order_by(audit.c.id.desc()).limit(limit)
    )
    rows = unit.connection.execute(query).all()
    digests = sorted({each for row in rows for each in digests_in(row.changes)})
    texts: dict[str, str] = {}
    for start in range(0, len(digests), 500):
        personal = select(audit_personal.c.digest, audit_personal.c.value).where(
            audit_personal.c.digest.in_(digests[start : start + 500])
        )
        texts.update((row.digest, row.value) for row in unit.connection.execute(personal))
    names = unit.keep(_Names, lambda: _Names(unit))
    return [
        Met(
            form=(form := names.today(row.form, row.at)),
            record_id=row.record_id,
            recorded=recorded_as_written(row, texts, names.renames(form)),
        )
        for row in rows
    ]


class _Names:
    """What forms and their fields are called today, each form asked for once."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._forms = form_names(unit)
        self._renames: dict[FormId, Renames] = {}

    def today(self, form: FormId, at: datetime) -> FormId:
        """Return what a form is called today that was called so at an instant."""
        return self._forms.today(form, at)

    def renames(self, form: FormId) -> Renames:
        """Return the renames of the fields of a form."""
        if form not in self._renames:
            self._renames[form] = renames_in(self._unit, form)
        return self._renames[form]
