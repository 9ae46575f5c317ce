"""Writes the next revision: from the model of the last one to that of today."""

import re
import shutil
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from orderkit.catalog import Catalog
from orderkit.database.changes.between import Difference, changes_between
from orderkit.database.changes.kinds import (
    AddForeignKey,
    AddIndex,
    Change,
    DropForeignKey,
    DropIndex,
)
from orderkit.database.revisions.describing import describe
from orderkit.database.revisions.history import last_snapshot, line_of, snapshot_path
from orderkit.database.revisions.rendering import Heading, render_revision
from orderkit.database.revisions.scripts import VERSIONS, Script, sealed
from orderkit.database.revisions.snapshots import Snapshot, snapshot_text
from orderkit.database.revisions.verifying import verify_edited
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.model.stored import model_hash

# Keys and indexes mostly come and go with what somebody really changed.
_IN_PASSING = (AddForeignKey, AddIndex, DropForeignKey, DropIndex)


NOT_WRITTEN = Code(
    "OK6494",
    "migration-not-written",
    ERROR,
    since="0.1",
    explain="""
        The forms changed for the database, but `migrations/` has no revision for it: whoever changed the YAML did
        not run `orderkit build`, or did not commit what it wrote. A database could not be brought to this
        project. Run `orderkit build` and commit the two files that it writes. Only `build --check` says so, which
        is for CI: without it, `build` would write the revision there and nobody would ever see it again.
    """,
    zh="表单的改动需要迁移，但 `migrations/` 里没有：改 YAML 的人没有运行 `orderkit build`，或者没有提交它写出的文件，数据库就无法升级到这个项目。请运行 `orderkit build` 并提交它写出的两个文件。只有 `build --check` 会这样报告，它是给 CI 用的。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRevision:
    """A revision that was written just now. `retires` are the paths whose data goes to shadow tables."""

    number: str
    script: Path
    snapshot: Path
    changes: tuple[Change, ...]
    notes: tuple[Label, ...]
    retires: tuple[str, ...] = ()


def write_next_revision(
    project: Project, catalog: Catalog, folder: Path, *, allow_drop: AbstractSet[str] = frozenset()
) -> WrittenRevision | None:
    """Write the revision that leads from the last snapshot to `project`; None when nothing changed for the database.

    Args:
        project: the model as compiled.
        catalog: where its field types come from.
        folder: the `migrations` folder of the project; made when missing.
        allow_drop: what may be lost: `form`, `form.field` or `form.field.option`.

    Raises:
        Refused: the change would lose data, or is not clear. Nothing is written.
        BrokenHistory: the folder is not as `build` left it, or an edited revision misses its model.
    """
    before = last_snapshot(folder)
    line = line_of(folder)
    verify_edited(folder, line, catalog)
    return write_after(line, before, project, catalog, folder, allow_drop=allow_drop)


def refuse_unwritten(project: Project, catalog: Catalog, folder: Path) -> None:
    """Refuse a project whose `migrations` folder does not lead to it. Nothing is written there.

    Raises: Refused, BrokenHistory, as `write_next_revision` does.
    """
    with TemporaryDirectory(prefix="orderkit-") as scratch:
        copy = Path(scratch, folder.name)
        if folder.is_dir():
            shutil.copytree(folder, copy)
        written = write_next_revision(project, catalog, copy)
    if written is not None:
        message = label(
            zh=f"改动需要迁移 {written.number}，但 `{folder.name}/` 里没有它",
            en=f"the changes need revision {written.number}, which is not in `{folder.name}/`",
        )
        remedy = label(
            zh="运行 `orderkit build`，并提交它写出的文件",
            en="run `orderkit build`, and commit the files that it writes",
        )
        raise Refused(
            [
                Problem(
                    path=folder.name,
                    code=NOT_WRITTEN.name,
                    message=message,
                    help=remedy,
                    known_as=NOT_WRITTEN,
                )
            ]
        )


def write_after(
    line: Sequence[Script],
    before: Snapshot | None,
    project: Project,
    catalog: Catalog,
    folder: Path,
    *,
    allow_drop: AbstractSet[str],
) -> WrittenRevision | None:
    """Write the revision that follows a line whose last snapshot is `before`. Raises Refused."""
    difference = changes_between(before, project, catalog, allow_drop=allow_drop)
    if difference.problems:
        raise Refused(difference.problems)
    if not difference.changes:
        return None
    previous = line[-1].number if line else None
    heading = Heading(
        number=f"{len(line) + 1:04d}",
        previous=previous,
        starts_from=before.hash_of_model(catalog) if before is not None else None,
        leads_to=model_hash(project),
    )
    return _write(heading, difference, folder)


def _write(heading: Heading, difference: Difference, folder: Path) -> WrittenRevision:
    words = "initial" if heading.previous is None else _words(difference.changes)
    script = folder / VERSIONS / f"{heading.number}_{words}.py"
    snapshot = snapshot_path(folder, heading.number)
    text = sealed(render_revision(heading, difference))
    # The script comes last, and is prepared first: a build that was interrupted in between can be told
    # from a script that somebody deleted.
    prepared = _prepared(script, text)
    _prepared(snapshot, snapshot_text(difference.target, difference.new, text)).replace(snapshot)
    prepared.replace(script)
    return WrittenRevision(
        number=heading.number,
        script=script,
        snapshot=snapshot,
        changes=difference.changes,
        notes=difference.notes,
        retires=difference.retires,
    )


def _words(changes: tuple[Change, ...]) -> str:
    """Return a few words for the file name: the first change that people know, and whether there are more."""
    telling = next((each for each in changes if not isinstance(each, _IN_PASSING)), changes[0])
    first = re.sub(r"[^a-z0-9]+", "_", describe(telling).lower()).strip("_")[:40].rstrip("_")
    return first if len(changes) == 1 else f"{first}_and_more"


def _prepared(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    return unfinished
