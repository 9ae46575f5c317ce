"""People's accounts: roles, passwords, sessions, tokens, and what they set for themselves."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
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
    Column("must_change", Boolean, nullable=False, server_default=false()),
)

# Hashes of passwords that may not come back, as many as the project says.
former_password = Table(
    "ok_former_password",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("user_id", BigId, nullable=False, index=True),
    Column("password_hash", Text, nullable=False),
)

# Failures to sign in by where they come from; an address stands as a digest.
address_failure = Table(
    "ok_address_failure",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failed_at", UtcDateTime, nullable=False),
    Column("locked_until", UtcDateTime),
)

# The secret is sealed with a key that is not in the database. Codes up to `last_step` are used up.
second_factor = Table(
    "ok_second_factor",
    metadata,
    Column("user_id", BigId, primary_key=True, autoincrement=False),
    Column("secret", Text, nullable=False),
    Column("confirmed_at", UtcDateTime, nullable=False),
    Column("last_step", BigInteger, nullable=False, server_default="0"),
)

recovery_code = Table(
    "ok_recovery_code",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", BigId, nullable=False, index=True),
    Column("used_at", UtcDateTime),
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
    Column("expires_at", UtcDateTime),
    Column("scope", String(16), nullable=False, server_default="full"),
)

# The forms to which a token is confined; one with none here reaches all.
token_form = Table(
    "ok_token_form",
    metadata,
    Column("token_id", BigId, primary_key=True, autoincrement=False),
    Column("form", String(128), primary_key=True),
)

# Who a person is for a provider outside: its subject never changes, while names and addresses do. An account
# belongs to one subject of a provider at most.
identity = Table(
    "ok_identity",
    metadata,
    Column("issuer", String(512), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("user_id", BigId, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("user_id", "issuer"),
)

# What people set for themselves, such as their time zone.
account_setting = Table(
    "ok_account_setting",
    metadata,
    Column("user_id", BigId, primary_key=True, autoincrement=False),
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
