"""Where a check remembers the last one of a project: the user's cache folder, never the project itself.

A project may come from anybody, and what it brings must not be able to say that nothing is wrong with it.
Nobody waits for anybody: an entry is written beside and put in place in one step, and whoever reads sees
the old one or the new one. What cannot be read or written is done without.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import orderkit
from orderkit import __version__

if TYPE_CHECKING:
    from orderkit.language.cache.sameness import RulesCheck
    from orderkit.language.findings import Finding

# Projects whose last check is remembered; the one not used for longest makes room.
MOST_ENTRIES = 32
MOST_BYTES = 64 * 1024 * 1024

Check = Callable[[Mapping[str, bytes]], "Sequence[Finding]"]


def found_in(
    directory: Path, files: Mapping[str, bytes], check: Check, are_right: "RulesCheck"
) -> "Sequence[Finding]":
    """Return what `check` finds in a project, without asking it where an earlier check still holds.

    `are_right` is asked instead where nothing changed but rules of a form.
    """
    from orderkit.language.cache.entry import digest, read, written  # noqa: PLC0415 - `--help` does without

    path = folder() / digest(os.fsencode(directory.resolve()))[:32]
    tool = _tool()
    entry = None
    with suppress(OSError):
        entry = read(path.read_bytes(), tool)
    if entry is not None:
        changed = entry.changed(files)
        if changed is not None and not changed:
            return entry.found
        if changed is not None:
            from orderkit.language.cache.sameness import still_holds  # noqa: PLC0415 - only after a change

            if still_holds(entry, files, changed, are_right):
                return entry.found
    found = tuple(check(files))
    with suppress(OSError, TypeError):
        _keep(path, b"".join(written(tool, files, found)))
    return found


def folder() -> Path:
    """Return the folder of all entries: ORDERKIT_CACHE, else the place for caches of this system's users."""
    asked = os.environ.get("ORDERKIT_CACHE")
    if asked:
        return Path(asked)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "orderkit" / "check"


def _tool() -> str:
    """Return what tells this installation from every other: its version, and when each of its files was written."""
    root = Path(orderkit.__file__).parent
    stamps = [f"{__version__} {sys.version}"]
    for name in ("yaml", "pydantic"):
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            stamps.append(_stamp(spec.origin))
    for part in (
        "language",
        "catalog",
        "fields",
        "actions",
        "connectors",
        "model",
        "web/pages",
        "web/components",
        "web/layouts",
    ):
        stamps += _stamps(root / part)
    # Installing, updating or removing a plugin changes the folder that it is in.
    stamps += [_stamp(each) for each in sys.path if each and Path(each).is_dir()]
    from orderkit.language.cache.entry import digest  # noqa: PLC0415 - `--help` does without

    return digest("\n".join(stamps).encode())


def _stamps(path: Path) -> list[str]:
    if path.is_file():
        return [_stamp(str(path))]
    found = []
    for folder_, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        read = [name for name in sorted(names) if name.endswith((".py", ".html"))]
        found += [_stamp(os.path.join(folder_, name)) for name in read]  # noqa: PTH118 - hundreds of them
    return found


def _stamp(path: str) -> str:
    state = os.stat(path)  # noqa: PTH116 - hundreds of them
    return f"{path} {state.st_mtime_ns} {state.st_size}"


def _keep(path: Path, text: bytes) -> None:
    if len(text) > MOST_BYTES // 2:
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    _make_room(path.parent)


def _make_room(place: Path) -> None:
    """Delete the oldest entries beyond what may be kept, leftovers of broken writes among them."""
    entries = []
    for path in place.iterdir():
        with suppress(OSError):
            state = path.stat()
            entries.append((state.st_mtime_ns, state.st_size, path))
    size = 0
    for index, (_, length, path) in enumerate(sorted(entries, reverse=True)):
        size += length
        if index >= MOST_ENTRIES or size > MOST_BYTES:
            path.unlink(missing_ok=True)
