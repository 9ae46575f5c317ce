"""Where the releases are kept, and how a database becomes a small file and a database again."""

import gzip
import io
import os
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path

import psycopg
import sqlalchemy as sa

from orderkit.upkeep.backup.postgresql import DUMP, tool

KEPT = Path(__file__).parent / "kept"
PROJECT = "project.tar.gz"
SQLITE = "database.sqlite.gz"
POSTGRESQL = "database.sql.gz"
# What the artifact's model and history are; the rest of an artifact is the same for every project.
_PARTS = ("migrations/versions", "migrations/models", "build/model.json", "build/migrations", "var/files")


def releases() -> list[str]:
    """Return the releases that are kept, the oldest first."""
    return sorted(path.name for path in KEPT.iterdir() if path.is_dir())


def pack_project(folder: Path, target: Path) -> None:
    """Keep the parts of a project that are needed later; the same parts give the same bytes."""
    paths = sorted(path for part in _PARTS for path in _files(folder / part))
    with (
        target.open("wb") as file,
        gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as zipped,
        tarfile.open(fileobj=zipped, mode="w") as tar,
    ):
        for path in paths:
            data = path.read_bytes()
            entry = tarfile.TarInfo(path.relative_to(folder).as_posix())
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [each for each in path.rglob("*") if each.is_file() and each.suffix != ".pyc"]


def unpack_project(release: str, folder: Path) -> None:
    with tarfile.open(KEPT / release / PROJECT) as tar:
        tar.extractall(folder, filter="data")


def pack_sqlite(source: Path, target: Path) -> None:
    copy = target.with_suffix(".copy")
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    target.write_bytes(gzip.compress(copy.read_bytes(), mtime=0))
    copy.unlink()


def unpack_sqlite(release: str, target: Path) -> None:
    target.write_bytes(gzip.decompress((KEPT / release / SQLITE).read_bytes()))


def pack_postgresql(url: sa.URL, target: Path, environment: dict[str, str]) -> None:
    """Keep a dump as SQL that any connection can run: no rows by COPY, none of psql's own commands."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    words = [tool(DUMP, environment), "--no-owner", "--no-privileges", "--inserts", f"--dbname={address}"]
    text = subprocess.run(words, check=True, capture_output=True, env={**os.environ, "LC_ALL": "C"}).stdout
    lines = [line for line in text.decode().splitlines() if not line.startswith(("\\", "--"))]
    sql = "\n".join(line for line in lines if line and "transaction_timeout" not in line) + "\n"
    target.write_bytes(gzip.compress(sql.encode(), mtime=0))


def unpack_postgresql(release: str, url: sa.URL) -> None:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(gzip.decompress((KEPT / release / POSTGRESQL).read_bytes()))  # type: ignore[arg-type]
