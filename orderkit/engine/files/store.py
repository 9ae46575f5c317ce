"""The folder of attachments: a file is kept under the SHA-256 of what is in it, once however often uploaded.

Writing is done beside the place and moved into it, so a file is there whole or not at all. Rows that
refer to files are `uploads`.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import label


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What was stored, under which digest and as what."""

    digest: str
    size: int
    media_type: str


def path_of(folder: Path, digest: str) -> Path:
    """Return where the content of a digest lies: `ab/cdef…`."""
    return folder / digest[:2] / digest[2:]


def keep(
    folder: Path, chunks: Iterable[bytes], *, max_size: int, judge: Callable[[Path, int], str]
) -> Content:
    """Store what `chunks` yield.

    `judge` is given the whole file, before it is in its place, with its size; it returns the media
    type or raises. Raises: Refused above `max_size` bytes, and what `judge` raises; nothing stays then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".upload-", dir=folder)
    temporary = Path(name)
    try:
        size, hasher = 0, hashlib.sha256()
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > max_size:
                    raise _too_large(max_size)
                hasher.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        media_type = judge(temporary, size)
        digest = hasher.hexdigest()
        path = path_of(folder, digest)
        path.parent.mkdir(exist_ok=True)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return Content(digest=digest, size=size, media_type=media_type)


def _too_large(max_size: int) -> Refused:
    megabytes = f"{max_size / 1024**2:g}"
    message = label(zh=f"文件超过 {megabytes} MB", en=f"The file is larger than {megabytes} MB")
    return Refused([Problem(path="file", code="too_large", message=message)])
