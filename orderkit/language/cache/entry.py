"""What is kept of a check: what was found, and the files it was found in.

The text is a line with a checksum, a line of JSON, and the files one behind the other. What does not
read as such an entry is none: it is never half believed.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from orderkit.language.cache.packing import packed, unpacked
from orderkit.language.findings import Finding
from orderkit.language.source.directory import is_asset

_MARK = b"orderkit check 1 "


@dataclass(frozen=True, slots=True)
class Entry:
    """What an earlier check found.

    `places` says for each file where it stands in `text`, and the digest of what stands there.
    """

    found: tuple[Finding, ...]
    places: Mapping[str, tuple[str, int, int]]
    text: bytes

    def changed(self, files: Mapping[str, bytes]) -> tuple[str, ...] | None:
        """Return which files are not as they were; None where one came or went."""
        if files.keys() != self.places.keys():
            return None
        return tuple(path for path, data in files.items() if digest(data) != self.places[path][0])

    def file(self, path: str) -> bytes | None:
        """Return a file as it was, or None where what stands there is not what was written."""
        was, start, end = self.places[path]
        data = self.text[start:end]
        return data if digest(data) == was else None


def digest(data: bytes) -> str:
    """Return what tells contents apart."""
    return sha256(data).hexdigest()


def written(tool: str, files: Mapping[str, bytes], found: tuple[Finding, ...]) -> Iterator[bytes]:
    """Yield the parts of an entry's text. `tool` is what checked; nothing else will believe the entry."""
    places = {}
    end = 0
    for path, data in files.items():
        start, end = end, end + len(_kept(path, data))
        places[path] = (digest(data), start, end)
    head = {"tool": tool, "files": places, **packed(found)}
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    yield _MARK + digest(line).encode() + b"\n"
    yield line + b"\n"
    yield from (_kept(path, data) for path, data in files.items())


def _kept(path: str, data: bytes) -> bytes:
    # Whatever changed in a picture or a font is checked anew; a font may be larger than all else together.
    return b"" if is_asset(path) else data


def read(text: bytes, tool: str) -> Entry | None:
    """Return the entry, or None where it is damaged or was written by another tool."""
    end = text.find(b"\n")
    line_end = text.find(b"\n", end + 1)
    line = text[end + 1 : line_end]
    if not text.startswith(_MARK) or text[len(_MARK) : end] != digest(line).encode():
        return None
    try:
        head: dict[str, Any] = json.loads(line)
        if head["tool"] != tool:
            return None
        places = {path: (was, start, end) for path, (was, start, end) in head["files"].items()}
        return Entry(unpacked(head), places, text[line_end + 1 :])
    except (KeyError, TypeError, ValueError):
        return None
