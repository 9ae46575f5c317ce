"""What git tracks in this repository, for the tests beside this file."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files that are in git or about to be (new and not ignored), which still exist."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(sorted({ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()}))


def tracked_with(*suffixes: str) -> tuple[Path, ...]:
    """Return the tracked files whose name ends in one of `suffixes`."""
    return tuple(path for path in tracked() if path.name.endswith(suffixes))


def text_files() -> tuple[tuple[Path, str], ...]:
    """Return every tracked file that is text, with its text."""
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            found.append((path, content.decode("utf-8", errors="replace")))
    return tuple(found)


def name_of(path: Path) -> str:
    """Return the path as git names it."""
    return path.relative_to(ROOT).as_posix()
