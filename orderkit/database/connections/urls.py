"""Which database is meant: reads a database URL as people write it, and chooses the driver.

`postgresql://user:password@host/name` and `sqlite:///path` are known; a relative SQLite path counts
from the folder that the caller names.
"""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.model.labels import label


def database_url(text: str, *, folder: Path | None = None) -> sa.URL:
    """Return the URL with our driver. Raises DatabaseUnusable when it is not a URL we can serve."""
    try:
        url = sa.make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise _wrong_url(text) from error
    match backend:
        case "postgresql" | "postgres":
            if not url.database:
                raise _wrong_url(text)
            return url.set(drivername="postgresql+psycopg")
        case "sqlite":
            if not url.database or url.database == ":memory:" or url.host:
                raise _wrong_url(text)
            path = Path(url.database)
            if not path.is_absolute() and folder is not None:
                path = folder / path
            return sa.URL.create("sqlite+pysqlite", database=str(path))
        case _:
            raise _wrong_url(text)


def shown(url: sa.URL) -> str:
    """Return the URL as it may be printed: without its password."""
    plain = url.set(drivername=url.get_backend_name())
    if plain.get_backend_name() == "sqlite" and not plain.query:
        # Nothing to hide, and people know their folders by their own letters.
        return f"sqlite:///{plain.database or ''}"
    return plain.render_as_string(hide_password=True)


def _wrong_url(text: str) -> DatabaseUnusable:
    # The text may hold a password, so only its scheme is repeated.
    scheme = text.split("://", 1)[0] if "://" in text else "…"
    return DatabaseUnusable(
        "wrong_url",
        label(
            zh=f"数据库地址（{scheme}://…）不可用：请写成 postgresql://用户:密码@主机/数据库名 或 sqlite:///路径/app.db",
            en=f"the database URL ({scheme}://…) cannot be used: write "
            "postgresql://user:password@host/name or sqlite:///path/app.db",
        ),
    )
