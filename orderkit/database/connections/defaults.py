"""Which database is meant where nobody names one: that of the environment, or the one in the project's folder."""

from collections.abc import Mapping
from pathlib import Path

DEFAULT_SQLITE_PATH = Path("var") / "app.db"
BUILD_FOLDER = "build"
DATABASE_VARIABLE = "ORDERKIT_DATABASE_URL"
DIRECT_VARIABLE = "ORDERKIT_DIRECT_DATABASE_URL"


def default_url(folder: Path) -> str:
    """Return the URL of the SQLite database that a project folder has when nothing else is said."""
    return f"sqlite:///{folder.absolute() / DEFAULT_SQLITE_PATH}"


def direct_url(environment: Mapping[str, str]) -> str | None:
    """Return the way to the server itself, around a pool of connections that is shared by transactions.

    Locks and notices that belong to a session, and snapshots that a second program reads, need it.
    """
    return environment.get(DIRECT_VARIABLE) or environment.get(DATABASE_VARIABLE) or None
