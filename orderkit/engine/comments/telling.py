"""Telling people of a comment: those it turns to, and those who follow the record, as far as they may see it."""

from collections.abc import Sequence

from orderkit.engine.access import Action, decide
from orderkit.engine.access.people import people_of
from orderkit.engine.following import followers
from orderkit.engine.messages import Note, put
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.labels import Label, label, text_of

MENTIONED = "~mentioned"
COMMENTED = "~commented"


def tell(
    unit: Unit, row: RecordRow, text: str, mentions: Sequence[int], *, only_mentioned: bool = False
) -> None:
    """Put a message into their inboxes; nobody gets two of one comment, and its author none."""
    following = (
        frozenset() if only_mentioned else followers(unit, row.form, [row.id]).get(row.id, frozenset())
    )
    ids = {*mentions, *following} - {unit.person.id}
    title = rows_of(unit).title(row.form, row.id)
    for user_id, person in sorted(people_of(unit, ids).items()):
        if decide(person, Action.READ, row.form, row, unit=unit):
            kind = MENTIONED if user_id in mentions else COMMENTED
            subject = text_of(_said(kind, unit.person.name, title), person.locale or unit.project.locale)
            note = Note(kind=kind, form=row.form, record_id=row.id, subject=subject, text=text)
            put(unit, user_id, note)


def _said(kind: str, name: str, title: str) -> Label:
    if kind == MENTIONED:
        return label(zh=f"{name} 在 {title} 提到了您", en=f"{name} mentioned you on {title}")
    return label(zh=f"{name} 评论了 {title}", en=f"{name} commented on {title}")
