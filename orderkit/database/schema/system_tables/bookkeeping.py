"""What holds for the whole database: whose it is, counters, limits, and what was done once."""

from sqlalchemy import (
    JSON,
    Column,
    Integer,
    String,
    Table,
    Text,
)

from orderkit.database.schema.column_types import BigId, UtcDateTime
from orderkit.database.schema.system_tables.own_metadata import metadata

setting = Table(
    "ok_setting",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

counter = Table(
    "ok_counter",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("value", BigId, nullable=False),
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

# Rate limits hold across processes: a bucket refills by time and is taken from in one statement.
rate_bucket = Table(
    "ok_rate_bucket",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("tokens", Integer, nullable=False),
    Column("refilled_at", UtcDateTime, nullable=False),
)
