"""The messages that were written for this person. One counts as read once it was followed, or all at a button."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import messages
from orderkit.engine.messages import InboxMessage
from orderkit.model.errors import NotFound
from orderkit.web.display.moments import shown_ago
from orderkit.web.request.visit import LONGEST_ID, Visit

TEMPLATE = "pages/messages.html"
PAGE_SIZE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """One message; `url` leads to what it is about, by way of being read."""

    id: int
    subject: str
    text: str
    url: str
    time: str
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesPage:
    """Messages, newest first. `newest` is the last one that was shown: what comes later stays unread."""

    rows: tuple[MessageRow, ...]
    only_unread: bool
    unread: int
    newest: int
    next_url: str


def show_messages(visit: Visit) -> Response:
    """Show the messages, or those that were not read."""
    only_unread = visit.query.get("unread") == "1"
    with visit.reading() as unit:
        found = messages.inbox(unit, unread_only=only_unread, limit=PAGE_SIZE, before=visit.before())
        newest = messages.inbox(unit, limit=1)
        rest = "&unread=1" if only_unread else ""
        page = MessagesPage(
            rows=tuple(_row(visit, message) for message in found),
            only_unread=only_unread,
            unread=messages.count_unread(unit),
            newest=newest[0].id if newest else 0,
            next_url=f"/messages?before={found[-1].id}{rest}" if len(found) == PAGE_SIZE else "",
        )
        return visit.show(unit, TEMPLATE, page, current="messages")


def follow_message(visit: Visit) -> Response:
    """Lead to what a message is about, and note that it was read. Raises NotFound for those of others."""
    message_id = visit.number("id")
    with visit.reading() as unit:
        found = messages.message(unit, message_id)
    if found is None:
        raise NotFound
    if found.read_at is None:
        with visit.writing() as unit:
            messages.mark_read(unit, [message_id])
    return visit.go(_place(visit, found) or "/messages")


def mark_read(visit: Visit) -> Response:
    """Note that one message was read, or all that were shown."""
    text, up_to = visit.field("message"), visit.field("up_to")
    with visit.writing() as unit:
        if _is_id(text):
            messages.mark_read(unit, [int(text)])
        elif _is_id(up_to):
            messages.mark_all_read(unit, up_to=int(up_to))
    return visit.go("/messages")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < LONGEST_ID


def _place(visit: Visit, message: InboxMessage) -> str:
    if message.form not in visit.runtime.project.form_by_id or not message.record_id:
        return ""
    # What orderkit itself says is about what happened there.
    is_own = (message.message or "").startswith("~") and message.message != messages.WORDS
    part = "#timeline" if is_own else ""
    return f"/forms/{message.form}/{message.record_id}{part}"


def _row(visit: Visit, message: InboxMessage) -> MessageRow:
    now = visit.runtime.clock.now()
    return MessageRow(
        id=message.id,
        subject=message.subject,
        text=message.text if message.text != message.subject else "",
        url=f"/messages/{message.id}" if _place(visit, message) else "",
        time=shown_ago(message.created_at, now, visit.zone, visit.locale, visit.t),
        is_new=message.read_at is None,
    )
