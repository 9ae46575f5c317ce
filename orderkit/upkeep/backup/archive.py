"""The archive itself: one tar file with the database, the attachments by digest, and the manifest at the end.

It is written beside its place and moved there when it is whole; nothing of it is ever held in memory but a
few blocks, however large it is. It holds people's data, so nobody but its owner may read the file.
"""

import hashlib
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO

from orderkit.model.errors import placed
from orderkit.model.labels import label
from orderkit.upkeep.backup.manifest import Manifest, damaged, manifest_text, read_manifest
from orderkit.upkeep.backup.refusals import TARGET_FOLDER_MISSING, TARGET_TAKEN, BackupRefused

DATABASE = "database"
FILES = "files/"
MANIFEST = "manifest.json"
_BLOCK = 1 << 20

Progress = Callable[[int, int], None]
OnMember = Callable[[IO[bytes]], None]
OnFile = Callable[[str, IO[bytes]], None]


class ArchiveWriter:
    """Adds members one after the other."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, name: str, path: Path) -> None:
        """Add a file of this machine."""
        entry = tarfile.TarInfo(name)
        entry.size = path.stat().st_size
        entry.mode = 0o600
        with path.open("rb") as file:
            self._tar.addfile(entry, file)
        _forget(self._tar)

    def close_with(self, manifest: Manifest) -> None:
        """Add the manifest, which says that nothing follows."""
        text = manifest_text(manifest).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        entry.mtime = int(manifest.made_at.timestamp())
        self._tar.addfile(entry, BytesIO(text))


@contextmanager
def new_archive(target: Path) -> Iterator[tuple[ArchiveWriter, Path]]:
    """Yield a writer and a folder for what is made on the way; `target` is there when the block ends well.

    Raises: BackupRefused when there is a file of that name, or no folder for it.
    """
    if not target.parent.is_dir():
        raise BackupRefused(
            TARGET_FOLDER_MISSING,
            label(
                zh=f"没有目录 {target.parent}：请改正路径，或先建好目录（备份磁盘是否已挂载？）",
                en=f"there is no folder {target.parent}: mend the path, or make the folder first "
                "(is the disk for backups mounted?)",
            ),
        )
    if target.exists():
        raise BackupRefused(
            TARGET_TAKEN,
            label(zh=f"{target} 已存在：请换一个文件名", en=f"{target} is there already: name another file"),
        )
    with (
        placed(target),
        tempfile.TemporaryDirectory(prefix=".orderkit-backup-", dir=target.parent) as folder,
    ):
        unfinished = Path(folder) / "archive.tar"
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield ArchiveWriter(tar), Path(folder)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)


def read_through(
    archive: Path,
    *,
    on_database: OnMember | None = None,
    on_file: OnFile | None = None,
    progress: Progress = lambda done, total: None,  # noqa: ARG005 - nobody listens
) -> Manifest:
    """Read an archive to its end, hand on what is in it, and return its manifest.

    Raises: BackupRefused when anything is missing or not what it should be, which shows at the end only:
    what was handed on until then is worth nothing.
    """
    size = archive.stat().st_size
    database: tuple[str, int] | None = None
    manifest: Manifest | None = None
    files = 0
    try:
        with archive.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            while (entry := tar.next()) is not None:
                _forget(tar)
                progress(file.tell(), size)
                source = tar.extractfile(entry)
                if source is None or manifest is not None:
                    raise damaged(entry.name)
                reading = _Digesting(source)
                if entry.name == DATABASE:
                    database = (reading.read_by(on_database), entry.size)
                elif entry.name.startswith(FILES):
                    files += 1
                    expected = entry.name.removeprefix(FILES).replace("/", "")
                    if reading.read_by(None if on_file is None else _with(on_file, expected)) != expected:
                        raise damaged(entry.name)
                elif entry.name == MANIFEST:
                    manifest = read_manifest(source.read())
                else:
                    raise damaged(entry.name)
    except (tarfile.TarError, EOFError) as error:
        raise damaged(str(error)) from error
    if manifest is None or database is None:
        raise damaged("manifest.json" if manifest is None else DATABASE)
    if database != (manifest.database_digest, manifest.database_size):
        raise damaged(DATABASE)
    if files != manifest.files:
        raise damaged(f"files: {files}/{manifest.files}")
    return manifest


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _forget(tar: tarfile.TarFile) -> None:
    """Drop what the library remembers of every member, which grows with their number and nobody needs here."""
    tar.members = []  # type: ignore[attr-defined] # described in the library's documents, not in its stubs


def _with(on_file: OnFile, digest: str) -> OnMember:
    return lambda source: on_file(digest, source)


class _Digesting:
    """A member that knows its SHA-256 once it was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._source.read(size)
        self._hash.update(data)
        return data

    def read_by(self, reader: OnMember | None) -> str:
        """Let `reader` read, then the rest, and return the digest of all."""
        if reader is not None:
            reader(self)  # type: ignore[arg-type] # of a file, readers here use `read` alone
        while self.read(_BLOCK):
            pass
        return self._hash.hexdigest()
