"""What is done behind the pages: jobs, workers, imports, bulk runs, calls, and what went wrong."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from orderkit.database.schema.column_types import BigId, UtcDateTime
from orderkit.database.schema.system_tables.own_metadata import metadata

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
    Column("refused", Integer, nullable=False, server_default="0"),
    Column("problems", JSON, nullable=False),
    # How the file is read, as somebody chose it; the rows that were refused, as a file of ok_file.
    Column("options", JSON),
    Column("refused_file", BigId),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", BigId),
    Column("finished_at", UtcDateTime),
    # When who works on it was last there, noted every few seconds.
    Column("seen_at", UtcDateTime),
)

# What an import wrote, so that it can be taken back; `outcome` says what became of that, `reason` why not.
# What stood there before is in the audit, under the request that is named after the import.
import_record = Table(
    "ok_import_record",
    metadata,
    Column("run_id", BigId, primary_key=True, autoincrement=False),
    Column("form", String(130), primary_key=True),
    Column("record_id", BigId, primary_key=True, autoincrement=False),
    Column("verb", String(16), nullable=False),
    Column("outcome", String(16)),
    Column("reason", JSON),
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
