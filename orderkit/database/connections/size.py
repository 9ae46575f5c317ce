"""How large a database is and which program keeps it, for people."""

import sqlalchemy as sa


def size_of(connection: sa.Connection) -> int:
    """Return the bytes that the database takes on its disk, indexes included."""
    if connection.dialect.name == "postgresql":
        return int(connection.scalar(sa.text("SELECT pg_database_size(current_database())")) or 0)
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())


def program_of(connection: sa.Connection) -> str:
    """Return the program that keeps the database, with its version."""
    if connection.dialect.name == "postgresql":
        version = str(connection.scalar(sa.text("SHOW server_version")))
        return f"PostgreSQL {version.split(' ', maxsplit=1)[0]}"
    return f"SQLite {connection.exec_driver_sql('SELECT sqlite_version()').scalar_one()}"
