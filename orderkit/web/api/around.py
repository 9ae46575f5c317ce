"""What happens around a record over HTTP: what is said about it, who follows it, and the bin."""

from dataclasses import dataclass, replace
from typing import Any

from orderkit.engine import bin as bins
from orderkit.engine import comments, following
from orderkit.engine import records as engine_records
from orderkit.engine.comments import Comment
from orderkit.engine.runtime import Channel, Runtime, Unit
from orderkit.model.errors import NotFound, Problem
from orderkit.model.labels import Label, label
from orderkit.web.api.bodies import json_object, unreadable
from orderkit.web.api.calls import Answer, Call, json_answer
from orderkit.web.api.documents import file_address, file_document, record_document
from orderkit.web.api.idempotency import once
from orderkit.web.api.problems import BadRequest
from orderkit.web.api.records import form_named, instant, record_answer, record_id

MOST_LISTED = 200
# Names the fields whose kept values did not come back with a record.
LEFT_OUT = "Orderkit-Left-Out"
_LONGEST_ID = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    text: str
    mentions: tuple[int, ...]
    files: tuple[int, ...]


def list_comments(runtime: Runtime, call: Call) -> Answer:
    """Return what was said about a record, newest first."""
    form = form_named(runtime, call)
    before = instant(call, "before")
    with call.reading(runtime) as unit:
        found = comments.comments(unit, form.id, record_id(call), limit=MOST_LISTED, before=before)
    return json_answer({"items": [_comment(each) for each in found]})


def add_comment(runtime: Runtime, call: Call) -> Answer:
    """Say something; answers with the comment and its address."""
    form = form_named(runtime, call)
    said = _said(call, ("text", "mentions", "files"))

    def work(unit: Unit) -> Answer:
        key, record = record_id(call), form.id
        made = comments.add(unit, record, key, said.text, chosen=said.mentions, attached=said.files)
        found = comments.find_comment(unit, record, key, made)
        address = f"/api/v1/{form.id}/{key}/comments/{made}"
        return json_answer(_comment(found), status=201, headers={"Location": address})

    return once(runtime, call, work)


def change_comment(runtime: Runtime, call: Call) -> Answer:
    """Put other words in the place of one's own."""
    form = form_named(runtime, call)
    said = _said(call, ("text", "mentions"))

    def work(unit: Unit) -> Answer:
        key, comment = record_id(call), _comment_id(call)
        comments.edit(unit, form.id, key, comment, said.text, chosen=said.mentions)
        return json_answer(_comment(comments.find_comment(unit, form.id, key, comment)))

    return once(runtime, call, work)


def remove_comment(runtime: Runtime, call: Call) -> Answer:
    """Take a comment back."""
    form = form_named(runtime, call)

    def work(unit: Unit) -> Answer:
        comments.remove(unit, form.id, record_id(call), _comment_id(call))
        return Answer(status=204, media_type=None)

    return once(runtime, call, work)


def upload_for_comment(runtime: Runtime, call: Call) -> Answer:
    """Store a file for a comment; its id then goes into `files`."""
    form = form_named(runtime, call)
    if call.upload is None:
        raise BadRequest("no_file", _NO_FILE)
    stored = comments.upload(
        runtime,
        call.person,
        Channel.API,
        form.id,
        record_id(call),
        name=call.upload.name,
        chunks=call.upload.chunks,
    )
    return json_answer(file_document(stored), status=201, headers={"Location": file_address(stored.id)})


def follow_record(runtime: Runtime, call: Call) -> Answer:
    """Be told what becomes of a record."""
    form = form_named(runtime, call)

    def work(unit: Unit) -> Answer:
        following.follow(unit, form.id, record_id(call))
        return json_answer({"is_following": True})

    return once(runtime, call, work)


def leave_record(runtime: Runtime, call: Call) -> Answer:
    """Be told nothing more."""
    form = form_named(runtime, call)

    def work(unit: Unit) -> Answer:
        following.leave(unit, form.id, record_id(call))
        return json_answer({"is_following": False})

    return once(runtime, call, work)


def read_following(runtime: Runtime, call: Call) -> Answer:
    """Return whether one follows a record."""
    form = form_named(runtime, call)
    with call.reading(runtime) as unit:
        engine_records.readable_row(unit, form.id, record_id(call))
        return json_answer({"is_following": following.is_following(unit, form.id, record_id(call))})


def list_bin(runtime: Runtime, call: Call) -> Answer:
    """Return what the caller could restore, the last deleted first."""
    form = form_named(runtime, call)
    cursor = dict(call.parameters).get("cursor")
    before = None if cursor is None else _id(cursor)
    with call.reading(runtime) as unit:
        found = bins.in_bin(unit, form.id, before=before)
    items = [
        {
            "id": each.id,
            "_title": each.title,
            "deleted_at": each.deleted_at.isoformat(),
            "deleted_by": each.deleted_by,
            "until": each.until.isoformat(),
        }
        for each in found.entries
    ]
    return json_answer({"items": items, "next_cursor": None if found.next is None else str(found.next)})


def read_deleted(runtime: Runtime, call: Call) -> Answer:
    """Return a record of the bin."""
    form = form_named(runtime, call)
    with call.reading(runtime) as unit:
        _, view = bins.look(unit, form.id, record_id(call))
    return json_answer(record_document(view, runtime.project, runtime.catalog))


def restore_deleted(runtime: Runtime, call: Call) -> Answer:
    """Restore a record of the bin; answers with it, and names fields whose values did not come back."""
    form = form_named(runtime, call)

    def work(unit: Unit) -> Answer:
        entry, _ = bins.look(unit, form.id, record_id(call))
        engine_records.apply(unit, [engine_records.Restore(form=form.id, id=record_id(call))])
        answer = record_answer(unit, form.id, record_id(call))
        left_out = ", ".join(each.path for each in entry.left_out)
        return replace(answer, headers={**answer.headers, LEFT_OUT: left_out}) if left_out else answer

    return once(runtime, call, work)


def _said(call: Call, known: tuple[str, ...]) -> _Said:
    document = json_object(call, known=known)
    problems: list[Problem] = []
    text = document.get("text", "")
    if not isinstance(text, str):
        message = label(zh="须是文本", en="must be text")
        problems.append(Problem(path="text", code="type", message=message))
    lists: dict[str, tuple[int, ...]] = {}
    for name in ("mentions", "files"):
        given: Any = document.get(name, [])
        is_list = isinstance(given, list) and all(type(each) is int and 0 < each < 2**63 for each in given)
        if not is_list:
            message = label(zh="须是编号的列表", en="must be a list of ids")
            problems.append(Problem(path=name, code="type", message=message))
        lists[name] = tuple(given) if is_list else ()
    if problems:
        raise unreadable(problems)
    return _Said(text=text, mentions=lists["mentions"], files=lists["files"])


def _comment(comment: Comment) -> dict[str, object]:
    return {
        "id": comment.id,
        "author_id": comment.author_id,
        "author": comment.author,
        "text": comment.text,
        "mentions": list(comment.mentions),
        "files": [file_document(each) for each in comment.files],
        "created_at": comment.created_at.isoformat(),
        "edited_at": None if comment.edited_at is None else comment.edited_at.isoformat(),
        "is_removed": comment.is_removed,
    }


def _comment_id(call: Call) -> int:
    return _id(call.names["comment"])


def _id(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID):
        raise NotFound
    return int(text)


_NO_FILE: Label = label(
    zh="请以 multipart/form-data 上传，文件部分名为 file",
    en="send the file as multipart/form-data, in a part named `file`",
)
