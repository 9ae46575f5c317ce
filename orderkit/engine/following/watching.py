"""Looking at what is written: whoever creates a record on a page follows it, and followers are told of changes.

What they are told is found out by a job, once for each transaction and record: after the commit, when it is
certain that anything has changed, and with the eyes of each reader.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from orderkit.engine import jobs
from orderkit.engine.access import Action, decide
from orderkit.engine.access.people import people_of
from orderkit.engine.following.followers import follow_unasked, followers
from orderkit.engine.following.notices import NOTICE_JOB, note_deleted
from orderkit.engine.hooks import WriteKind, Written
from orderkit.engine.messages import put
from orderkit.engine.runtime import Channel, Unit
from orderkit.model.forms import FormId

_LAST = "~notices"
_TOLD = frozenset({WriteKind.UPDATED, WriteKind.RESTORED})


class _Changed(dict[FormId, set[int]]):
    """Ids of records that have followers and changed in this unit."""


def watch_followed(unit: Unit, written: Sequence[Written]) -> None:
    """Take part in a write."""
    created: dict[FormId, list[int]] = defaultdict(list)
    changed: dict[FormId, set[int]] = defaultdict(set)
    gone: dict[FormId, list[Written]] = defaultdict(list)
    for each in written:
        if each.kind is WriteKind.CREATED:
            created[each.form].append(each.id)
        elif each.kind is WriteKind.DELETED:
            gone[each.form].append(each)
        elif each.kind in _TOLD:
            changed[each.form].add(each.id)
    if unit.channel is Channel.PAGE:
        for form_id, ids in created.items():
            follow_unasked(unit, form_id, ids)
    for form_id, some in changed.items():
        note_changed(unit, form_id, some)
    for form_id, several in gone.items():
        _tell_gone(unit, form_id, several)


def note_changed(unit: Unit, form_id: FormId, ids: Iterable[int]) -> None:
    """Have the followers of records told of what this unit did to them, each record once."""
    noted = unit.keep(_Changed, _Changed)
    fresh = set(ids) - noted.get(form_id, set())
    followed = {
        record_id for record_id, users in followers(unit, form_id, fresh).items() if users - {unit.person.id}
    }
    if not followed:
        return
    if not noted:
        unit.last_writes.append((_LAST, lambda: _enqueue(unit)))
    noted.setdefault(form_id, set()).update(followed)


def _enqueue(unit: Unit) -> None:
    noted = unit.keep(_Changed, _Changed)
    payload = {"at": unit.now.isoformat()}
    for form_id in sorted(noted):
        for record_id in sorted(noted[form_id]):
            jobs.enqueue(unit, NOTICE_JOB, payload, priority=1, form=form_id, record_id=record_id)
    noted.clear()


def _tell_gone(unit: Unit, form_id: FormId, gone: Sequence[Written]) -> None:
    """Tell followers at once: later nobody can say any more who was allowed to see the record."""
    by_record = followers(unit, form_id, [each.id for each in gone])
    people = people_of(unit, {user for users in by_record.values() for user in users} - {unit.person.id})
    for each in gone:
        for user_id in sorted(by_record.get(each.id, frozenset()) & people.keys()):
            if decide(people[user_id], Action.READ, form_id, each.row, unit=unit):
                put(unit, user_id, note_deleted(unit, people[user_id], each))
