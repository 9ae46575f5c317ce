"""People's accounts: roles, passwords, sessions, tokens, and what they set for themselves."""

from sqlalchemy import (
    Column,
    Integer,
    String,
    Table,
    Text,
)

from orderkit.database.schema.column_types import BigId, UtcDateTime
from orderkit.database.schema.system_tables.own_metadata import metadata

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

# What people set for themselves, such as their time zone.
account_setting = Table(
    "ok_account_setting",
    metadata,
    Column("user_id", BigId, primary_key=True, autoincrement=False),
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
