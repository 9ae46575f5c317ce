"""What followers are told: one message for all that happened to a record in one go, in the words of each reader.

What somebody has not read yet about a record is not followed by a second message: it grows.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from orderkit.engine import records
from orderkit.engine.access.people import people_of
from orderkit.engine.following.followers import followers
from orderkit.engine.hooks import Written
from orderkit.engine.jobs import Job, Performed, backoff
from orderkit.engine.messages import Note, put_together
from orderkit.engine.records import HistoryEntry
from orderkit.engine.rows import RecordRow, title_of
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime, Unit
from orderkit.model.errors import NotFound
from orderkit.model.labels import Label, label, text_of

NOTICE_JOB = "notice"
CHANGED = "~changed"
DELETED = "~deleted"
MOST_LINES = 12
MOST_CHANGES = 5
FIRST_SECONDS, LAST_SECONDS, TIMES = 30, 3600, 4


class NoticeHandler:
    """Tells the followers of one record what happened to it at one instant."""

    def perform(self, runtime: Runtime, job: Job) -> Performed:
        """Find out what each of them may see, each in a unit of their own."""
        assert job.form is not None
        assert job.record_id is not None
        at = datetime.fromisoformat(str(job.payload["at"]))
        with runtime.read(SYSTEM, Channel.AUTOMATION) as unit:
            ids = followers(unit, job.form, [job.record_id]).get(job.record_id, frozenset())
            people = people_of(unit, ids)
        notes = {
            user_id: note
            for user_id, person in people.items()
            if (note := _note_for(runtime, person, job.form, job.record_id, at)) is not None
        }

        def save(unit: Unit) -> None:
            for user_id, note in notes.items():
                put_together(unit, user_id, note, most_lines=MOST_LINES)

        return Performed(summary=f"{len(notes)} told", save=save)

    def delay_seconds(self, runtime: Runtime, job: Job) -> float:  # noqa: ARG002 - the same for every notice
        """Return how long to wait after this failed attempt."""
        return backoff.delay_seconds(job.attempts, times=TIMES, first=FIRST_SECONDS, last=LAST_SECONDS)

    def bury(self, unit: Unit, job: Job, error: str) -> None:
        """Let it be: the timeline of the record says the same."""


def note_deleted(unit: Unit, person: Person, written: Written) -> Note:
    """Return what a follower is told of a record that was deleted."""
    assert isinstance(written.row, RecordRow)
    locale = person.locale or unit.project.locale
    title = title_of(unit, written.row)
    said = label(zh=f"{title} 已被删除", en=f"{title} was deleted")
    return Note(
        kind=DELETED,
        form=written.form,
        record_id=written.id,
        subject=text_of(said, locale),
        text=unit.person.name if unit.person.id is not None else "",
    )


def _note_for(runtime: Runtime, person: Person, form_id: str, record_id: int, at: datetime) -> Note | None:
    with runtime.read(person, Channel.AUTOMATION) as unit:
        try:
            entries = records.history(unit, form_id, record_id, at=at)
        except NotFound:
            return None
        lines = [line for entry in entries for line in _lines(entry, person, unit.locale)]
        if not lines:
            return None
        title = records.titles(unit, form_id, [record_id]).get(record_id, "")
        said = label(zh=f"{title} 有更新", en=f"{title} was changed")
        return Note(
            kind=CHANGED,
            form=form_id,
            record_id=record_id,
            subject=text_of(said, unit.locale),
            text="\n".join(lines),
        )


def _lines(entry: HistoryEntry, person: Person, locale: str) -> Iterator[str]:
    if entry.actor_id == person.id or entry.verb == "computed":
        return
    is_whole = entry.verb in {"created", "restored"}
    changes = () if is_whole else [each for each in entry.changes if each.before or each.after]
    said = f"{entry.actor} · {text_of(entry.label, locale)}"
    if entry.comment:
        said = (
            f"{said}：{_one_line(entry.comment)}"
            if locale.startswith("zh")
            else f"{said}: {_one_line(entry.comment)}"
        )
    yield said
    yield from _changes(changes, locale)


def _changes(changes: Sequence[records.FieldChange], locale: str) -> Iterator[str]:
    nothing = text_of(_EMPTY, locale)
    for each in changes[:MOST_CHANGES]:
        before, after = (_one_line(text) or nothing for text in (each.before, each.after))
        yield f"{text_of(each.label, locale)}: {before} → {after}"
    more = len(changes) - MOST_CHANGES
    if more > 0:
        yield text_of(label(zh=f"另有 {more} 处修改", en=f"and {more} more"), locale)


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


_LONGEST = 80
_EMPTY: Label = label(zh="空", en="empty")
