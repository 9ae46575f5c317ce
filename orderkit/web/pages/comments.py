"""What people say about a record, to whom, and who follows it: parts of the record's page."""

from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from orderkit.engine import comments, following, records
from orderkit.engine.runtime import Channel, Unit
from orderkit.model.errors import NotFound
from orderkit.web.pages.record_list import form_of
from orderkit.web.recording.timeline import TimelineView, timeline_view
from orderkit.web.request.selection import ids_in_text
from orderkit.web.request.visit import Visit

CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinePart:
    """The events of a record, or some more of them."""

    timeline: TimelineView


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPart:
    """A comment that gets other words."""

    action: str
    text: str
    people_url: str
    longest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePart:
    """The question before a comment is taken back."""

    action: str
    text: str


def show_earlier(visit: Visit) -> Response:
    """Return what happened before an instant, as rows to go on with."""
    return _part(visit, "pages/timeline_earlier.html", before=instant_before(visit))


def add(visit: Visit) -> Response:
    """Say something, with the files that were sent along."""
    form_id, record_id = _place(visit)
    sent = [each for each in visit.form.getlist("file") if isinstance(each, UploadFile) and each.filename]
    attached = [_upload(visit, form_id, record_id, each) for each in sent]
    with visit.writing() as unit:
        comments.add(unit, form_id, record_id, visit.field("text"), chosen=_chosen(visit), attached=attached)
    return _after(visit, form_id, record_id)


def ask_edit(visit: Visit) -> Response:
    """Show a comment in a field."""
    form_id, record_id = _place(visit)
    with visit.reading() as unit:
        found = comments.find_comment(unit, form_id, record_id, visit.number("comment"))
        if not found.may_edit:
            raise NotFound
    part = EditPart(
        action=f"/forms/{form_id}/{record_id}/comments/{found.id}/edit",
        text=found.text,
        people_url=f"/forms/{form_id}/{record_id}/people",
        longest=comments.LONGEST_TEXT,
    )
    return visit.part("pages/comment_edit.html", part)


def edit(visit: Visit) -> Response:
    """Put other words in the place of one's own."""
    form_id, record_id = _place(visit)
    with visit.writing() as unit:
        comments.edit(
            unit,
            form_id,
            record_id,
            visit.number("comment"),
            visit.field("text"),
            chosen=_chosen(visit),
        )
    return _after(visit, form_id, record_id)


def ask_remove(visit: Visit) -> Response:
    """Ask before a comment is taken back."""
    form_id, record_id = _place(visit)
    with visit.reading() as unit:
        found = comments.find_comment(unit, form_id, record_id, visit.number("comment"))
        if not found.may_remove:
            raise NotFound
    action = f"/forms/{form_id}/{record_id}/comments/{found.id}/remove"
    return visit.part("pages/comment_remove.html", RemovePart(action=action, text=found.text))


def remove(visit: Visit) -> Response:
    """Take a comment back."""
    form_id, record_id = _place(visit)
    with visit.writing() as unit:
        comments.remove(unit, form_id, record_id, visit.number("comment"))
    return _after(visit, form_id, record_id)


def find_people(visit: Visit) -> Response:
    """Return who can be mentioned and is called like what was begun, as JSON."""
    form_id, record_id = _place(visit)
    with visit.reading() as unit:
        row = records.readable_row(unit, form_id, record_id)
        found = comments.mentionable(unit, row, visit.query.get("q", "")[:40])
    return JSONResponse(
        {"people": [{"id": each.id, "name": each.name, "login": each.login} for each in found]}
    )


def follow(visit: Visit) -> Response:
    """Follow a record, or leave it."""
    form_id, record_id = _place(visit)
    with visit.writing() as unit:
        choose = following.leave if visit.field("leave") else following.follow
        choose(unit, form_id, record_id)
    return _after(visit, form_id, record_id)


def instant_before(visit: Visit) -> datetime | None:
    """Return the instant that `before` names; None where it names none."""
    try:
        found = datetime.fromisoformat(visit.query.get("before", ""))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _place(visit: Visit) -> tuple[str, int]:
    form_id, record_id = visit.name("form"), visit.number("id")
    with visit.reading() as unit:
        form_of(unit, form_id)
    return form_id, record_id


def _chosen(visit: Visit) -> tuple[int, ...]:
    return tuple(
        each for text in visit.form.getlist("chosen") if isinstance(text, str) for each in ids_in_text(text)
    )


def _upload(visit: Visit, form_id: str, record_id: int, sent: UploadFile) -> int:
    source = sent.file
    stored = comments.upload(
        visit.runtime,
        visit.person,
        Channel.PAGE,
        form_id,
        record_id,
        name=sent.filename or "",
        chunks=iter(lambda: source.read(CHUNK_BYTES), b""),
    )
    return stored.id


def _after(visit: Visit, form_id: str, record_id: int) -> Response:
    if not visit.is_partial:
        return visit.go(f"/forms/{form_id}/{record_id}#timeline")
    return _part(visit, "pages/timeline.html")


def _part(visit: Visit, template: str, *, before: datetime | None = None) -> Response:
    def view(unit: Unit) -> TimelineView:
        return timeline_view(
            unit, form_of(unit, visit.name("form")).id, visit.number("id"), visit.t, before=before
        )

    with visit.reading() as unit:
        part = TimelinePart(timeline=view(unit))
    return visit.part(template, part)
