"""What was done to the database, and the words of former revisions."""

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    String,
    Table,
    Text,
)

from orderkit.database.schema.column_types import BigId, UtcDateTime
from orderkit.database.schema.system_tables.own_metadata import metadata

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
