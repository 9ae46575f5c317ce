"""How many rows the tables of a database have, and a checksum of each, on a connection that sees one state.

A table's checksum is the sum of the digests of its rows, so the order in which a database gives them does
not matter. Values are taken as the database keeps them: only sums of the same kind of database compare.
"""

import hashlib
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from orderkit.upkeep.backup.manifest import TableSum

_MODULUS = 1 << 64
_ROWS_AT_ONCE = 1_000
_OnTable = Callable[[int, int], None]

# How PostgreSQL writes values as text depends on these.
_SETTINGS = (
    "SET LOCAL TIME ZONE 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
)
_POSTGRESQL = """
    SELECT count(*),
           coalesce(sum(('x' || substr(md5(ok_row_::text), 1, 16))::bit(64)::bigint::numeric), 0)
    FROM {table} AS ok_row_
"""


def names_of_tables(connection: sa.Connection) -> list[str]:
    """Return the tables that a backup is of: those of one schema, not of others in the search path."""
    schema = None
    if connection.dialect.name == "postgresql":
        schema = connection.exec_driver_sql("SELECT current_schema()").scalar()
    return sorted(sa.inspect(connection).get_table_names(schema))


def measured(
    connection: sa.Connection,
    on_table: _OnTable = lambda done, total: None,  # noqa: ARG005 - nobody listens
) -> Mapping[str, TableSum]:
    """Return rows and checksum of every table by name; `on_table` is told how many are done."""
    names = names_of_tables(connection)
    quote = connection.dialect.identifier_preparer.quote
    is_sqlite = connection.dialect.name == "sqlite"
    for setting in () if is_sqlite else _SETTINGS:
        connection.exec_driver_sql(setting)
    found = {}
    for done, name in enumerate(names, 1):
        found[name] = (
            _on_sqlite(connection, quote(name)) if is_sqlite else _on_postgresql(connection, quote(name))
        )
        on_table(done, len(names))
    return found


def _on_sqlite(connection: sa.Connection, table: str) -> TableSum:
    streaming = connection.execution_options(yield_per=_ROWS_AT_ONCE)
    rows, total = 0, 0
    for row in streaming.exec_driver_sql(f"SELECT * FROM {table}"):  # noqa: S608 - a name of the catalogue, quoted
        digest = hashlib.blake2b(repr(tuple(row)).encode(errors="surrogatepass"), digest_size=8).digest()
        total = (total + int.from_bytes(digest, "big")) % _MODULUS
        rows += 1
    return TableSum(rows=rows, checksum=f"{total:016x}")


def _on_postgresql(connection: sa.Connection, table: str) -> TableSum:
    rows, total = connection.exec_driver_sql(_POSTGRESQL.format(table=table)).one()
    return TableSum(rows=rows, checksum=f"{int(total) % _MODULUS:016x}")
