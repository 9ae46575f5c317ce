"""The messages that were written for this person. Those that are looked at count as read."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import messages
from orderkit.engine.messages import InboxMessage
from orderkit.web.display.moments import shown_ago
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/messages.html"
PAGE_SIZE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """One message; `url` leads to what it is about."""

    subject: str
    text: str
    url: str
    time: str
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesPage:
    """Messages, newest first."""

    rows: tuple[MessageRow, ...]
    next_url: str


def show_messages(visit: Visit) -> Response:
    """Show the messages, and note that they have been seen."""
    with visit.reading() as unit:
        found = messages.inbox(unit, limit=PAGE_SIZE, before=visit.before())
    unread = [message.id for message in found if message.read_at is None]
    if unread:
        with visit.writing() as unit:
            messages.mark_read(unit, unread)
    page = MessagesPage(
        rows=tuple(_row(visit, message) for message in found),
        next_url=f"/messages?before={found[-1].id}" if len(found) == PAGE_SIZE else "",
    )
    with visit.reading() as unit:
        return visit.show(unit, TEMPLATE, page, current="messages")


def _row(visit: Visit, message: InboxMessage) -> MessageRow:
    now = visit.runtime.clock.now()
    known = message.form in visit.runtime.project.form_by_id
    return MessageRow(
        subject=message.subject,
        text=message.text if message.text != message.subject else "",
        url=f"/forms/{message.form}/{message.record_id}" if known and message.record_id else "",
        time=shown_ago(message.created_at, now, visit.runtime.timezone, visit.locale, visit.t),
        is_new=message.read_at is None,
    )
