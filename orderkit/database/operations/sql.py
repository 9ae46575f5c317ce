"""Plain SQL as operations run it: names in quotes, no parameters, moments written into it.

Nothing here decides anything; see the modules by noun.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.types import TypeEngine

# Parameters stand outside of texts and quoted names.
_PARAMETER = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|(?<!:):(?P<name>now|today)\b")
_NO_PARAMETERS = {"no_parameters": True}


def execute(connection: sa.Connection, sql: str) -> sa.CursorResult[Any]:
    """Run SQL as it stands; `%` and `:` mean nothing in it."""
    return connection.exec_driver_sql(sql, execution_options=_NO_PARAMETERS)


def quoted(name: str) -> str:
    """Return a name of a table, column or index as SQL takes it, whatever the word."""
    return '"' + name.replace('"', '""') + '"'


def listed(names: Iterable[str]) -> str:
    """Return names, quoted, with commas between them."""
    return ", ".join(map(quoted, names))


def text(value: str) -> str:
    """Return a text as SQL takes it."""
    return "'" + value.replace("'", "''") + "'"


def literal(value: object, kept: TypeEngine[Any], dialect: sa.Dialect) -> str:
    """Return a value as SQL takes it, as a column of the type keeps it."""
    made = kept.dialect_impl(dialect)
    bind = made.bind_processor(dialect)
    stored = bind(value) if bind is not None else value
    match stored:
        case None:
            written = "NULL"
        case bool():
            return ("1" if stored else "0") if dialect.name == "sqlite" else str(stored).lower()
        case str():
            written = text(stored)
        case int():
            written = str(stored)
        case _:
            written = text(str(stored))
    if dialect.name == "sqlite":
        return written
    return f"CAST({written} AS {type_name(kept, dialect)})"


def type_name(kept: TypeEngine[Any], dialect: sa.Dialect) -> str:
    """Return how the type is called in SQL, for a cast."""
    name: str = dialect.type_compiler_instance.process(kept)
    return name.split(" COLLATE ", 1)[0]


def with_moments(sql: str, now: datetime, timezone: str, dialect: str) -> str:
    """Return SQL with `:now` and `:today` replaced by the instant, and by the day where the project is."""
    local = now.astimezone(ZoneInfo(timezone)).date().isoformat()
    values = (
        {"now": f"'{now:%Y-%m-%d %H:%M:%S.%f}'", "today": f"'{local}'"}
        if dialect == "sqlite"
        else {"now": f"'{now.isoformat()}'::timestamptz", "today": f"'{local}'::date"}
    )
    return _PARAMETER.sub(lambda match: values[match["name"]] if match["name"] else match[0], sql)


def ddl(connection: sa.Connection) -> Operations:
    """Return what writes `CREATE` and `ALTER` for the connection."""
    return Operations(MigrationContext.configure(connection))
