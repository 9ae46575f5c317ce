"""The index of the search."""

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    event,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from orderkit.database.schema.column_types import BigId
from orderkit.database.schema.system_tables.own_metadata import metadata

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
