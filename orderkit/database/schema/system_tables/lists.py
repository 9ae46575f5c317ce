"""What people keep of lists."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Integer,
    String,
    Table,
    Text,
)

from orderkit.database.schema.column_types import BigId, UtcDateTime
from orderkit.database.schema.system_tables.own_metadata import metadata

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
