"""Messages: named texts, written for each reader in their language, into the inbox or to a system outside."""

from orderkit.engine.messages.inbox import InboxMessage, count_unread, inbox, mark_read
from orderkit.engine.messages.sending import JOB_KIND, Recipients, Subject, job_key, open_task, send

__all__ = [
    "JOB_KIND",
    "InboxMessage",
    "Recipients",
    "Subject",
    "count_unread",
    "inbox",
    "job_key",
    "mark_read",
    "open_task",
    "send",
]
