"""The line of a project's revisions on disk: `migrations/versions/NNNN_words.py` and `migrations/models/NNNN.json`.

Both belong into git. `writing` adds the next pair, `rebasing` mends a line that branches have torn,
`migrating` runs the scripts. Nothing here writes, or touches a database.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from orderkit.database.revisions.broken import (
    follows_another,
    revision_gone,
    script_unreadable,
    snapshot_damaged,
    snapshot_missing,
    snapshot_of_another,
    snapshot_unknown_format,
    two_of_one_number,
)
from orderkit.database.revisions.scripts import VERSIONS, Script, Unreadable, scripts_in
from orderkit.database.revisions.snapshots import Snapshot, UnknownFormat, digest_of, read_snapshot

MODELS = "models"


def head_of(folder: Path) -> str | None:
    """Return the number of the last revision in the `migrations` folder; None before the first. Raises BrokenHistory."""
    line = line_of(folder)
    return line[-1].number if line else None


def line_of(folder: Path) -> Sequence[Script]:
    """Return the revisions in their order.

    Raises:
        BrokenHistory: a number is missing or there twice, or a revision was not written after the one before.
    """
    scripts = all_scripts(folder)
    for place, script in enumerate(scripts, 1):
        alike = [each for each in scripts if each.number == script.number]
        if len(alike) > 1:
            raise two_of_one_number(script.number, [each.path for each in alike])
        if int(script.number) != place:
            raise revision_gone(folder / VERSIONS, f"{place:04d}")
    for before, script in pairwise(scripts):
        if not follows(script, before):
            raise follows_another(script.path, before.number)
    return scripts


def all_scripts(folder: Path) -> Sequence[Script]:
    """Return every script that is there, whether they fit together or not. Raises BrokenHistory."""
    try:
        return scripts_in(folder)
    except Unreadable as error:
        raise script_unreadable(error) from error


def follows(script: Script, before: Script) -> bool:
    """Whether a revision starts where another ends, as far as both say."""
    return None in (script.starts_from, before.leads_to) or script.starts_from == before.leads_to


def snapshot_path(folder: Path, number: str) -> Path:
    """Return where the snapshot of a revision stands."""
    return folder / MODELS / f"{number}.json"


def snapshot_of(folder: Path, script: Script) -> Snapshot:
    """Return the state that a revision leads to. Raises BrokenHistory."""
    path = snapshot_path(folder, script.number)
    try:
        snapshot = read_snapshot(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise snapshot_missing([path]) from None
    except UnknownFormat as error:
        raise snapshot_unknown_format(path, error) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise snapshot_damaged(path, error) from error
    if snapshot.model_hash is not None and not _is_pair(script, snapshot):
        raise snapshot_of_another(path, script.path)
    return snapshot


def _is_pair(script: Script, snapshot: Snapshot) -> bool:
    if script.leads_to != snapshot.model_hash:
        return False
    return script.is_edited or snapshot.script_digest == digest_of(script.text)


def last_snapshot(folder: Path) -> Snapshot | None:
    """Return the state that the last revision leads to; None before the first.

    Raises:
        BrokenHistory: it cannot be read, or the snapshot of any revision is gone.
    """
    line = line_of(folder)
    _refuse_lonely_snapshots(folder, len(line))
    require_snapshots(folder, line)
    return snapshot_of(folder, line[-1]) if line else None


def require_snapshots(folder: Path, line: Sequence[Script]) -> None:
    """Refuse a line of which snapshots are gone; those before the last are read when somebody names or rebases them."""
    paths = [snapshot_path(folder, script.number) for script in line]
    gone = [path for path in paths if not path.exists()]
    if gone:
        raise snapshot_missing(gone)


def _refuse_lonely_snapshots(folder: Path, count: int) -> None:
    """Refuse a snapshot after the last script, unless a build was interrupted between the two."""
    path = snapshot_path(folder, f"{count + 1:04d}")
    is_unfinished = any((folder / VERSIONS).glob(f".{count + 1:04d}_*.part"))
    if path.exists() and not is_unfinished:
        raise revision_gone(folder / VERSIONS, path.stem)
