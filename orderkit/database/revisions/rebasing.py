"""Mends a line that two branches have torn: one keeps its revisions, what the other did is written anew after them.

The merge decided already which one is kept: the snapshot of a number is one file, so only one of two
revisions still has its own. What the other did stands in the YAML of today, and is found there again.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from orderkit.catalog import Catalog
from orderkit.database.revisions.broken import (
    BrokenHistory,
    rebase_of_edited,
    snapshot_damaged,
    snapshot_of_another,
)
from orderkit.database.revisions.history import (
    all_scripts,
    follows,
    require_snapshots,
    snapshot_of,
    snapshot_path,
)
from orderkit.database.revisions.scripts import Script
from orderkit.database.revisions.verifying import verify_edited
from orderkit.database.revisions.writing import WrittenRevision, write_after
from orderkit.model.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebased:
    """What became of a torn line: the scripts that were taken away, and what was written in their stead."""

    removed: tuple[Path, ...]
    written: WrittenRevision | None


def rebase(
    project: Project, catalog: Catalog, folder: Path, *, allow_drop: AbstractSet[str] = frozenset()
) -> Rebased:
    """Take away what does not belong to the line that has its snapshots, and write what is missing then.

    What the revisions taken away were allowed to retire is allowed again.

    Raises:
        BrokenHistory: one of them was edited by hand, or nobody can say which is kept. Nothing is changed.
        Refused: what is missing would lose data, or is not clear. Nothing is changed.
    """
    scripts = all_scripts(folder)
    kept = _kept(folder, scripts)
    removed = [each for each in scripts if each not in kept]
    edited = [each.path for each in removed if each.is_edited]
    if edited:
        raise rebase_of_edited(edited)
    require_snapshots(folder, kept)
    before = snapshot_of(folder, kept[-1]) if kept else None
    verify_edited(folder, kept, catalog)
    allowed = {*allow_drop, *(path for each in removed for path in each.retires if _is_gone(path, project))}
    written = write_after(kept, before, project, catalog, folder, allow_drop=allowed)
    new = {written.script, written.snapshot} if written is not None else set()
    for script in removed:
        if script.path not in new:
            script.path.unlink()
        snapshot = snapshot_path(folder, script.number)
        if int(script.number) > len(kept) and snapshot not in new:
            snapshot.unlink(missing_ok=True)
    return Rebased(removed=tuple(each.path for each in removed), written=written)


def _kept(folder: Path, scripts: Sequence[Script]) -> list[Script]:
    """Return the longest line in which each revision follows the one before; of two, the one that has its snapshot."""
    kept: list[Script] = []
    while True:
        number = f"{len(kept) + 1:04d}"
        alike = [each for each in scripts if each.number == number and (not kept or follows(each, kept[-1]))]
        if not alike:
            return kept
        kept.append(alike[0] if len(alike) == 1 else _with_snapshot(folder, alike))


def _with_snapshot(folder: Path, alike: Sequence[Script]) -> Script:
    path = snapshot_path(folder, alike[0].number)
    for script in alike:
        try:
            snapshot_of(folder, script)
        except BrokenHistory as error:
            if error.known_as is not snapshot_of_another(path, script.path).known_as:
                raise
        else:
            return script
    raise snapshot_damaged(path, ValueError("it belongs to none of the revisions of its number"))


def _is_gone(path: str, project: Project) -> bool:
    """Whether the YAML of today is without what a revision retired."""
    form, _, field = path.rpartition(".")
    if path in project.form_by_id:
        return False
    return form not in project.form_by_id or field not in project.form_by_id[form].by_id
