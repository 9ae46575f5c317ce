"""Two branches that each wrote a revision: one line again, with everything that both wanted."""

import shutil
from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.database.revisions.broken import BrokenHistory
from orderkit.database.revisions.describing import describe
from orderkit.database.revisions.history import head_of, last_snapshot
from orderkit.database.revisions.rebasing import rebase
from orderkit.database.revisions.writing import write_next_revision
from orderkit.database.schema.tables import tables_of
from orderkit.model.errors import Refused
from tests.database.projects import project

COMMON = "form: order\nfields: {a: {type: text}, note: {type: text}%s}"
BASE = project(COMMON % "")
OURS = project(COMMON % ", b: {type: text}")
OURS_TWICE = project(COMMON % ", b: {type: text}, d: {type: integer}")
THEIRS = project(COMMON % ", c: {type: integer}")
BOTH = project(COMMON % ", b: {type: text}, c: {type: integer}")
ALL = project(COMMON % ", b: {type: text}, d: {type: integer}, c: {type: integer}")


def branch(folder: Path, *models, allow_drop=frozenset()) -> Path:
    for each in (BASE, *models):
        write_next_revision(each, built_in(), folder, allow_drop=allow_drop)
    return folder


def merged(target: Path, first: Path, second: Path) -> Path:
    """Return a folder with the files of both; where both have one, as for snapshots, that of `first`."""
    for source in (second, first):
        shutil.copytree(source, target, dirs_exist_ok=True)
    return target


@pytest.mark.parametrize(
    ("kept", "other", "model", "removed", "line", "changes"),
    [
        pytest.param(
            (OURS,),
            (THEIRS,),
            BOTH,
            ["0002_add_column_order_c.py"],
            ["0001_initial.py", "0002_add_column_order_b.py", "0003_add_column_order_c.py"],
            ["add column order.c"],
            id="ours is kept",
        ),
        pytest.param(
            (THEIRS,),
            (OURS,),
            BOTH,
            ["0002_add_column_order_b.py"],
            ["0001_initial.py", "0002_add_column_order_c.py", "0003_add_column_order_b.py"],
            ["add column order.b"],
            id="theirs is kept",
        ),
        pytest.param(
            (OURS, OURS_TWICE),
            (THEIRS,),
            ALL,
            ["0002_add_column_order_c.py"],
            [
                "0001_initial.py",
                "0002_add_column_order_b.py",
                "0003_add_column_order_d.py",
                "0004_add_column_order_c.py",
            ],
            ["add column order.c"],
            id="the longer one is kept",
        ),
        pytest.param(
            (THEIRS,),
            (OURS, OURS_TWICE),
            ALL,
            ["0002_add_column_order_b.py", "0003_add_column_order_d.py"],
            ["0001_initial.py", "0002_add_column_order_c.py", "0003_add_column_order_b_and_more.py"],
            ["add column order.b", "add column order.d"],
            id="the shorter one is kept",
        ),
    ],
)
def test_what_the_other_branch_did_is_written_anew_at_the_end(  # noqa: PLR0917 - a row
    tmp_path, kept, other, model, removed, line, changes
):
    folder = merged(tmp_path / "m", branch(tmp_path / "one", *kept), branch(tmp_path / "two", *other))
    with pytest.raises(BrokenHistory) as error:
        write_next_revision(model, built_in(), folder)
    assert "--rebase" in error.value.explain["en"]
    found = rebase(model, built_in(), folder)
    assert [path.name for path in found.removed] == removed
    assert sorted(path.name for path in (folder / "versions").iterdir()) == line
    assert sorted(path.name for path in (folder / "models").iterdir()) == [
        f"{name[:4]}.json" for name in line
    ]
    assert found.written is not None
    assert [describe(change) for change in found.written.changes] == changes
    snapshot = last_snapshot(folder)
    assert snapshot is not None
    assert dict(snapshot.tables) == dict(tables_of(model, built_in()))
    assert write_next_revision(model, built_in(), folder) is None


def test_what_the_other_branch_might_drop_may_still_go(tmp_path):
    dropped = project("form: order\nfields: {a: {type: text}}")
    other = branch(tmp_path / "two", dropped, allow_drop={"order.note"})
    folder = merged(tmp_path / "m", branch(tmp_path / "one", OURS), other)
    model = project("form: order\nfields: {a: {type: text}, b: {type: text}}")
    found = rebase(model, built_in(), folder)
    assert found.written is not None
    assert found.written.retires == ("order.note",)


def test_nothing_is_changed_when_what_is_missing_is_refused(tmp_path):
    folder = merged(tmp_path / "m", branch(tmp_path / "one", OURS), branch(tmp_path / "two", THEIRS))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(Refused):
        rebase(project("form: order\nfields: {a: {type: text}}"), built_in(), folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_revision_that_was_edited_is_not_taken_away(tmp_path):
    folder = merged(tmp_path / "m", branch(tmp_path / "one", OURS), branch(tmp_path / "two", THEIRS))
    path = folder / "versions" / "0002_add_column_order_c.py"
    path.write_text(
        path.read_text().replace("def upgrade() -> None:\n", "def upgrade() -> None:\n    # mine\n")
    )
    with pytest.raises(BrokenHistory) as error:
        rebase(BOTH, built_in(), folder)
    assert error.value.known_as is not None
    assert error.value.known_as.id == "OK6209"
    assert path.exists()


def test_nobody_can_say_which_is_kept_when_the_snapshot_has_conflict_marks(tmp_path):
    folder = merged(tmp_path / "m", branch(tmp_path / "one", OURS), branch(tmp_path / "two", THEIRS))
    (folder / "models" / "0002.json").write_text("<<<<<<< HEAD\n")
    with pytest.raises(BrokenHistory) as error:
        rebase(BOTH, built_in(), folder)
    assert error.value.known_as is not None
    assert error.value.known_as.id == "OK6204"


def test_a_line_that_is_whole_is_only_continued(tmp_path):
    folder = branch(tmp_path, OURS)
    assert rebase(OURS, built_in(), folder).written is None
    assert rebase(OURS_TWICE, built_in(), folder).removed == ()
    assert head_of(folder) == "0003"
