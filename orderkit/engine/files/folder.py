"""Attachments in a folder of this machine, or of a disk that all servers share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from orderkit.engine.files.store import path_of


class Folder:
    """A `FileStore` over a folder, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def place(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def digests(self) -> Iterator[str]:
        """Yield what it holds; uploads under way are no content yet."""
        if not self.folder.is_dir():
            return
        for part in self.folder.iterdir():
            if len(part.name) == 2 and part.is_dir():
                for path in part.iterdir():
                    if not path.name.startswith("."):
                        yield part.name + path.name

    def holds(self, digest: str) -> bool:
        """Return whether it has this content."""
        return path_of(self.folder, digest).is_file()

    def put(self, digest: str, source: Path) -> None:
        """Keep a copy of a local file."""
        copy_whole(source, path_of(self.folder, digest))

    def fetch(self, digest: str, target: Path) -> None:
        """Write a copy to a local path. Raises FileNotFoundError."""
        copy_whole(path_of(self.folder, digest), target)

    def remove(self, digest: str) -> None:
        """Remove content."""
        path_of(self.folder, digest).unlink(missing_ok=True)


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file so that it is in its place whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.part")
    try:
        shutil.copyfile(source, beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
