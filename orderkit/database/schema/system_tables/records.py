"""What stands around records: files, history, comments, followers, looks, messages, the bin, links."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from orderkit.database.schema.column_types import BigId, UtcDateTime
from orderkit.database.schema.system_tables.own_metadata import metadata

file = Table(
    "ok_file",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("digest", String(64), nullable=False, index=True),
    Column("name", String(255), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", BigId, nullable=False),
    Column("form", String(130)),
    Column("field", String(64)),
    Column("record_id", BigId),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", BigId),
    Index("ok_file_record", "form", "record_id"),
)

# `changes` maps a field to [before, after]; a personal value stands there as {"digest": …} and its
# text in `ok_audit_personal`, which can be erased without touching the entry.
audit = Table(
    "ok_audit",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", BigId),
    Column("on_behalf_of_id", BigId),
    Column("channel", String(32), nullable=False),
    Column("model_hash", String(64), nullable=False),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("verb", String(64), nullable=False),
    Column("changes", JSON, nullable=False),
    Column("request_id", String(64)),
    Index("ok_audit_record", "form", "record_id", "id"),
)

audit_personal = Table(
    "ok_audit_personal",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("salt", String(64), nullable=False),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("value", Text, nullable=False),
    Index("ok_audit_personal_record", "form", "record_id"),
)

inbox_message = Table(
    "ok_inbox_message",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("user_id", BigId, nullable=False),
    Column("message", String(64)),
    Column("key", String(300), unique=True),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("form", String(130)),
    Column("record_id", BigId),
    Column("created_at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
    Index("ok_inbox_message_user", "user_id", "read_at"),
)

# What people say to each other about a record. `mentions` are ids of users; of one that was removed only stays
# that there was one. Its attachments are in `ok_file`, with `ok_comment` for a form.
comment = Table(
    "ok_comment",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("author_id", BigId, nullable=False),
    Column("text", Text, nullable=False),
    Column("mentions", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime),
    Column("removed_at", UtcDateTime),
    Index("ok_comment_record", "form", "record_id", "id"),
)

# Who is told what becomes of a record. One who left stays here, so that no comment makes them follow again.
follower = Table(
    "ok_follower",
    metadata,
    Column("form", String(130), primary_key=True),
    Column("record_id", BigId, primary_key=True, autoincrement=False),
    Column("user_id", BigId, primary_key=True, autoincrement=False),
    Column("has_left", Boolean, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

# When a person last looked at a record, and when they did so before that look.
record_look = Table(
    "ok_record_look",
    metadata,
    Column("form", String(130), primary_key=True),
    Column("record_id", BigId, primary_key=True, autoincrement=False),
    Column("user_id", BigId, primary_key=True, autoincrement=False),
    Column("looked_at", UtcDateTime, nullable=False),
    Column("before_at", UtcDateTime),
)

# The bin: records that were deleted, whole, in the words of the day (see `ok_renaming`) until they are restored
# or their time is over.
deleted_record = Table(
    "ok_deleted_record",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("title", Text, nullable=False),
    Column("content", JSON, nullable=False),
    Column("deleted_at", UtcDateTime, nullable=False, index=True),
    Column("deleted_by", BigId),
    Column("channel", String(32), nullable=False),
    UniqueConstraint("form", "record_id", name="ok_deleted_record_record"),
)

# Which record came of which: `kind` is `made`, `split`, `merged` (the source was deleted) or `joined` (it stayed).
record_link = Table(
    "ok_record_link",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("made_form", String(130), nullable=False),
    Column("made_id", BigId, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ok_record_link_record", "form", "record_id"),
    Index("ok_record_link_made", "made_form", "made_id"),
)
