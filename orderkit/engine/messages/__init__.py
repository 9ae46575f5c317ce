"""Messages: named texts, written for each reader in their language, into the inbox or to a system outside."""

from orderkit.engine.messages.inbox import (
    InboxMessage,
    Note,
    count_unread,
    inbox,
    mark_all_read,
    mark_read,
    message,
    put,
    put_together,
)
from orderkit.engine.messages.sending import (
    HELD_BACK,
    JOB_KIND,
    WORDS,
    HeldBack,
    Recipients,
    Subject,
    job_key,
    open_task,
    send,
    words,
)

__all__ = [
    "HELD_BACK",
    "JOB_KIND",
    "WORDS",
    "HeldBack",
    "InboxMessage",
    "Note",
    "Recipients",
    "Subject",
    "count_unread",
    "inbox",
    "job_key",
    "mark_all_read",
    "mark_read",
    "message",
    "open_task",
    "put",
    "put_together",
    "send",
    "words",
]
