"""orderkit's own tables, all named `ok_…`; their revisions are in `system_revisions`.

They hold what is not a record of the project: sign-in, audit, jobs, running workflows, files.
References to records are plain ids, since a record may be deleted and its history must stay.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from orderkit.database.schema.column_types import BigId, UtcDateTime

metadata = MetaData()

setting = Table(
    "ok_setting",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

user_role = Table(
    "ok_user_role",
    metadata,
    Column("user_id", BigId, primary_key=True, autoincrement=False),
    Column("role", String(64), primary_key=True),
)

credential = Table(
    "ok_credential",
    metadata,
    Column("user_id", BigId, primary_key=True, autoincrement=False),
    Column("password_hash", Text),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", UtcDateTime),
    Column("changed_at", UtcDateTime, nullable=False),
)

one_time_link = Table(
    "ok_one_time_link",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("purpose", String(32), nullable=False),
    Column("user_id", BigId),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

session = Table(
    "ok_session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", BigId, nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("locale", String(16)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

token = Table(
    "ok_token",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("user_id", BigId, nullable=False, index=True),
    Column("label", String(100), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)

idempotency = Table(
    "ok_idempotency",
    metadata,
    Column("user_id", BigId, primary_key=True, autoincrement=False),
    Column("key", String(200), primary_key=True),
    Column("request_digest", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

counter = Table(
    "ok_counter",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("value", BigId, nullable=False),
)

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

job = Table(
    "ok_job",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("queue", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("key", String(300), unique=True),
    Column("payload", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("run_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("max_attempts", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("worker", String(100)),
    Column("cause", String(200)),
    Column("depth", Integer, nullable=False, server_default="0"),
    Column("form", String(130)),
    Column("record_id", BigId),
    Column("error", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index("ok_job_ready", "state", "priority", "run_at"),
    Index("ok_job_record", "form", "record_id"),
)

job_attempt = Table(
    "ok_job_attempt",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("job_id", BigId, ForeignKey("ok_job.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("summary", Text, nullable=False),
)

# Rate limits hold across processes: a bucket refills by time and is taken from in one statement.
rate_bucket = Table(
    "ok_rate_bucket",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("tokens", Integer, nullable=False),
    Column("refilled_at", UtcDateTime, nullable=False),
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

workflow_definition = Table(
    "ok_workflow_definition",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("workflow", String(64), nullable=False),
    Column("compiled", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # In which words `compiled` is written: the format of stored models, and the project's revision at that
    # time. Names that were renamed by later revisions are read through `ok_renaming`.
    Column("format", Integer, nullable=False, server_default="1"),
    Column("project_revision", String(16)),
)

workflow_instance = Table(
    "ok_workflow_instance",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("workflow", String(64), nullable=False),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("definition_hash", String(64), nullable=False),
    Column("state", String(64), nullable=False),
    Column("visit", Integer, nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
    Column("submitter_id", BigId),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("workflow", "record_id", name="ok_workflow_instance_record"),
    Index("ok_workflow_instance_state", "workflow", "state"),
)

workflow_step = Table(
    "ok_workflow_step",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("instance_id", BigId, ForeignKey("ok_workflow_instance.id", ondelete="CASCADE"), nullable=False),
    Column("visit", Integer, nullable=False),
    Column("approval", String(64), nullable=False),
    Column("step", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("people", JSON, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ok_workflow_step_instance", "instance_id", "visit", "position"),
)

workflow_task = Table(
    "ok_workflow_task",
    metadata,
    Column("id", BigId, primary_key=True),
    Column(
        "step_id", BigId, ForeignKey("ok_workflow_step.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("instance_id", BigId, nullable=False),
    Column("workflow", String(64), nullable=False),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("assignee_id", BigId, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(64)),
    Column("comment", Text),
    Column("protected_digest", String(64)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("decided_by", BigId),
    Index("ok_workflow_task_assignee", "assignee_id", "state", "id"),
    Index("ok_workflow_task_record", "form", "record_id"),
)

workflow_event = Table(
    "ok_workflow_event",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("instance_id", BigId, nullable=False, index=True),
    Column("workflow", String(64), nullable=False),
    Column("form", String(130), nullable=False),
    Column("record_id", BigId, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", BigId),
    Column("on_behalf_of_id", BigId),
    Column("verb", String(64), nullable=False),
    Column("transition", String(64)),
    Column("source", String(64)),
    Column("target", String(64)),
    Column("step", String(64)),
    Column("visit", Integer, nullable=False),
    Column("comment", Text),
    Column("data", JSON, nullable=False),
    Column("channel", String(32), nullable=False),
    Index("ok_workflow_event_record", "form", "record_id", "id"),
)

import_run = Table(
    "ok_import_run",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("mapping", String(64), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("is_dry", Boolean, nullable=False),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("created", Integer, nullable=False, server_default="0"),
    Column("updated", Integer, nullable=False, server_default="0"),
    Column("unchanged", Integer, nullable=False, server_default="0"),
    Column("problems", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", BigId),
    Column("finished_at", UtcDateTime),
)

# One thing done to many records, each for itself. `key` is the press that asked for it: the same one twice
# is one run.
bulk_run = Table(
    "ok_bulk_run",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("form", String(64), nullable=False),
    Column("action", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("total", Integer, nullable=False),
    Column("key", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("created_by", BigId, nullable=False),
    Column("finished_at", UtcDateTime),
    UniqueConstraint("created_by", "key"),
)

# What became of each record of a run; written in the transaction that changes it. `title` is what it was
# called then, for those that are gone.
bulk_result = Table(
    "ok_bulk_result",
    metadata,
    Column("run_id", BigId, primary_key=True, autoincrement=False),
    Column("record_id", BigId, primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", JSON),
)

# What was done to this database, and whether programs of the revision before may go on using it.
revision = Table(
    "ok_revision",
    metadata,
    Column("line", String(16), primary_key=True),
    Column("number", String(16), primary_key=True),
    Column("title", Text, nullable=False),
    Column("starts_from", String(64)),
    Column("leads_to", String(64)),
    Column("is_safe_for_older", Boolean, nullable=False),
    Column("applied_at", UtcDateTime, nullable=False),
)

# How far a revision has come that runs in several transactions: one row a step. `state` is `running` or
# `done`; `progress` is the last id that a backfill has dealt with.
migration_step = Table(
    "ok_migration_step",
    metadata,
    Column("line", String(16), primary_key=True),
    Column("number", String(16), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("progress", BigId),
    Column("changed_at", UtcDateTime, nullable=False),
)

# What was dropped on purpose and is kept for a while: `shadow` is the table that holds it now.
retired = Table(
    "ok_retired",
    metadata,
    Column("shadow", String(63), primary_key=True),
    Column("number", String(16), nullable=False),
    Column("path", String(200), nullable=False),
    Column("retired_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

# Every rename that revisions made, in order: what reads words of an older revision translates by it.
# `kind` is `form`, `field` or `option`; `place` the form, or `form.field` of an option, as named before.
renaming = Table(
    "ok_renaming",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("number", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("place", String(200)),
    Column("old", String(200), nullable=False),
    Column("new", String(200), nullable=False),
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

# Which forms the search index covers, by what their model says (`fingerprint`). `number` begins the keys and
# tokens of a form and is never given again. `state` is `filling` (`progress` is the last id that was dealt
# with), `ready`, or `stale`: texts were changed by a revision.
search_form = Table(
    "ok_search_form",
    metadata,
    Column("form", String(130), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("fingerprint", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("progress", BigId, nullable=False, server_default="0"),
)

# One row a record, under a key of form and id. PostgreSQL keeps the tokens here; SQLite keeps the texts they
# are made of, without which FTS5 cannot take an entry out again, and the tokens in the virtual table below.
search_entry = Table(
    "ok_search_entry",
    metadata,
    Column("key", BigId, primary_key=True, autoincrement=False),
    Column("texts", Text),
    Column("tokens", TSVECTOR().with_variant(Text, "sqlite")),
)

# Who does the jobs: one row a worker that runs, written anew while it does.
worker = Table(
    "ok_worker",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("version", String(32), nullable=False),
    Column("model_hash", String(64), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

# How the last calls of a connection went. `failures` counts those in a row, `error` is the last one's, redacted.
connection_health = Table(
    "ok_connection_health",
    metadata,
    Column("connection", String(64), primary_key=True),
    Column("succeeded_at", UtcDateTime),
    Column("failed_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
)

# The last bugs that people ran into, under the reference that they were told. `frames` is where in the program;
# what the exception said is not kept, since it may repeat what somebody entered.
incident = Table(
    "ok_incident",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("reference", String(64), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("place", String(200), nullable=False),
    Column("kind", String(200), nullable=False),
    Column("frames", JSON, nullable=False),
)

# What people set for themselves, such as their time zone.
account_setting = Table(
    "ok_account_setting",
    metadata,
    Column("user_id", BigId, primary_key=True, autoincrement=False),
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

# What people keep of a list: `view` 0 is the list of the form itself, any other a kept view. `columns` are pairs
# of a field and its width in pixels or null; `frozen` is how many of the first stay in sight.
list_arrangement = Table(
    "ok_list_arrangement",
    metadata,
    Column("user_id", BigId, primary_key=True, autoincrement=False),
    Column("form", String(130), primary_key=True),
    Column("view", BigId, primary_key=True, autoincrement=False),
    Column("columns", JSON, nullable=False),
    Column("frozen", Integer, nullable=False),
)

# `query` is what stands behind the `?` of the list's address; `columns` null: those of the reader's list.
list_view = Table(
    "ok_list_view",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("form", String(130), nullable=False, index=True),
    Column("owner_id", BigId, nullable=False),
    Column("name", String(60), nullable=False),
    Column("is_shared", Boolean, nullable=False),
    Column("query", Text, nullable=False),
    Column("columns", JSON(none_as_null=True)),
    Column("frozen", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)

# With which view a list opens: the id of a view of the YAML, or the number of a kept one.
list_default = Table(
    "ok_list_default",
    metadata,
    Column("user_id", BigId, primary_key=True, autoincrement=False),
    Column("form", String(130), primary_key=True),
    Column("view", String(64), nullable=False),
)

SEARCH_TOKENS = "ok_search_tokens"
MAKE_SEARCH_TOKENS = {
    # Whether a record has a token is all that is asked: no places, no second copy.
    "sqlite": f"CREATE VIRTUAL TABLE {SEARCH_TOKENS} USING fts5"
    "(tokens, content='', detail=none, tokenize='ascii')",
    # What was written last waits in a list that every search reads; it is kept short.
    "postgresql": f"CREATE INDEX {SEARCH_TOKENS} ON ok_search_entry USING gin (tokens) "
    "WITH (gin_pending_list_limit = 256)",
}


@event.listens_for(search_entry, "after_create")
def _make_search_tokens(_table: Table, connection: Connection, **_: object) -> None:
    connection.exec_driver_sql(MAKE_SEARCH_TOKENS[connection.dialect.name])
