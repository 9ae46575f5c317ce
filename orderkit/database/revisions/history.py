"""The revisions of a project on disk: `migrations/versions/NNNN_words.py` and `migrations/models/NNNN.json`.

Both belong into git. `write_next_revision` adds the next pair when the tables changed; `migrate` runs
the scripts. Nothing here touches a database.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from orderkit.catalog import Catalog
from orderkit.database.changes.hazards import plan
from orderkit.database.changes.kinds import Change
from orderkit.database.revisions.rendering import describe, render_revision
from orderkit.database.revisions.snapshots import Snapshot, read_snapshot, snapshot_text
from orderkit.database.schema.tables import tables_of
from orderkit.model.errors import OrderkitError, Refused
from orderkit.model.labels import Label, label
from orderkit.model.project import Project

VERSIONS = "versions"
MODELS = "models"
_SCRIPT_NAME = re.compile(r"(?P<number>[0-9]{4})_[a-z0-9_]+\.py")


class BrokenHistory(OrderkitError):
    """The files in migrations/ do not fit together; restore them from git and build again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRevision:
    """A revision that was written just now."""

    number: str
    script: Path
    snapshot: Path
    changes: tuple[Change, ...]
    notes: tuple[Label, ...]


def head_of(folder: Path) -> str | None:
    """Return the number of the last revision in the `migrations` folder.

    Raises:
        BrokenHistory: a number is missing or there twice, as after two branches were merged.
    """
    numbers = sorted(
        match["number"]
        for path in (folder / VERSIONS).glob("*.py")
        if (match := _SCRIPT_NAME.fullmatch(path.name))
    )
    for place, number in enumerate(numbers, 1):
        if int(number) != place:
            twice = f"{int(number):04d}"
            raise BrokenHistory(
                label(
                    zh=f"{folder / VERSIONS} 中的编号不连续或重复（{twice} 附近）：若是合并分支所致，"
                    "请删除其中一方的最后一个版本及其 models/ 快照，再运行 `orderkit build`",
                    en=f"the numbers in {folder / VERSIONS} have a gap or a double near {twice}: after a merge of two "
                    "branches, delete the last revision of one side with its snapshot in models/ and run "
                    "`orderkit build` again",
                )
            )
    return numbers[-1] if numbers else None


def last_snapshot(folder: Path) -> Snapshot | None:
    """Return the state that the last revision leads to; None before the first. Raises BrokenHistory."""
    head = head_of(folder)
    if head is None:
        return None
    path = folder / MODELS / f"{head}.json"
    try:
        return read_snapshot(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenHistory(
            label(
                zh=f"无法读取快照 {path}（{error}）：请从 git 恢复该文件，再运行 `orderkit build`",
                en=f"cannot read the snapshot {path} ({error}): restore it from git and run `orderkit build` again",
            )
        ) from error


def write_next_revision(project: Project, catalog: Catalog, folder: Path) -> WrittenRevision | None:
    """Write the revision that leads from the last snapshot to `project`; None when the tables are the same.

    Args:
        project: the model as compiled.
        catalog: where its field types come from.
        folder: the `migrations` folder of the project; made when missing.

    Raises:
        Refused: the change would lose data. Nothing is written.
        BrokenHistory: the folder is not as `build` left it.
    """
    previous = head_of(folder)
    before = last_snapshot(folder)
    planned = plan(before.tables if before else {}, tables_of(project, catalog))
    if planned.problems:
        raise Refused(planned.problems)
    if not planned.changes:
        return None
    number = f"{int(previous or 0) + 1:04d}"
    words = "initial" if previous is None else _words(planned.changes)
    script = folder / VERSIONS / f"{number}_{words}.py"
    snapshot = folder / MODELS / f"{number}.json"
    # The script comes last: a snapshot without one is overwritten by the next build.
    _write(snapshot, snapshot_text(planned.target, project))
    _write(script, render_revision(number, previous, planned.changes))
    return WrittenRevision(
        number=number, script=script, snapshot=snapshot, changes=planned.changes, notes=planned.notes
    )


def _words(changes: tuple[Change, ...]) -> str:
    """Return a few words for the file name: the first change, and whether there are more."""
    first = re.sub(r"[^a-z0-9]+", "_", describe(changes[0]).lower()).strip("_")[:40].rstrip("_")
    return first if len(changes) == 1 else f"{first}_and_more"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    unfinished.replace(path)
