"""A folder of migrations that is not as `build` left it is refused: with a code, a place and what to do."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.database.revisions.broken import BrokenHistory
from orderkit.database.revisions.history import head_of, last_snapshot
from orderkit.database.revisions.writing import write_next_revision
from tests.database.projects import project

FIRST = project("form: order\nfields: {a: {type: text}}")
SECOND = project("form: order\nfields: {a: {type: text}, b: {type: text}}")
THIRD = project("form: order\nfields: {a: {type: text}, b: {type: text}, c: {type: text}}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_next_revision(FIRST, built_in(), tmp_path)
    write_next_revision(SECOND, built_in(), tmp_path)
    return tmp_path


def script(folder: Path, number: str) -> Path:
    return next((folder / "versions").glob(f"{number}_*.py"))


def model(folder: Path, number: str) -> Path:
    return folder / "models" / f"{number}.json"


def changed(path: Path, **values: object) -> None:
    before = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**before, **values}), encoding="utf-8")


BROKEN: list[tuple[str, str, str, Callable[[Path], object]]] = [
    (
        "two of one number",
        "OK6200",
        "0002_other.py",
        lambda folder: shutil.copy(script(folder, "0002"), folder / "versions" / "0002_other.py"),
    ),
    ("a script in the middle is gone", "OK6201", "0001", lambda folder: script(folder, "0001").unlink()),
    ("the last script is gone", "OK6201", "0002", lambda folder: script(folder, "0002").unlink()),
    (
        "a revision that starts elsewhere",
        "OK6202",
        "0002_",
        lambda folder: script(folder, "0002").write_text(
            script(folder, "0002").read_text().replace('starts_from = "', 'starts_from = "f')
        ),
    ),
    ("the snapshot is gone", "OK6203", "0002.json", lambda folder: model(folder, "0002").unlink()),
    ("a snapshot before it is gone", "OK6203", "git restore", lambda folder: model(folder, "0001").unlink()),
    ("an empty snapshot", "OK6204", "0002.json", lambda folder: model(folder, "0002").write_text("")),
    ("a snapshot of nothing", "OK6204", "0002.json", lambda folder: model(folder, "0002").write_text("[]")),
    (
        "conflict marks",
        "OK6204",
        "0002.json",
        lambda folder: model(folder, "0002").write_text("<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n"),
    ),
    ("a future format", "OK6205", "99", lambda folder: changed(model(folder, "0002"), format=99)),
    ("another model", "OK6206", "0002", lambda folder: changed(model(folder, "0002"), model_hash="f")),
    ("another script", "OK6206", "0002", lambda folder: changed(model(folder, "0002"), script_digest="f")),
    (
        "no Python",
        "OK6207",
        "0002_",
        lambda folder: script(folder, "0002").write_text("<<<<<<< HEAD\n"),
    ),
    (
        "a head that is computed",
        "OK6207",
        "0002_",
        lambda folder: script(folder, "0002").write_text("leads_to = str(1)\n"),
    ),
]


@pytest.mark.parametrize(
    ("code", "place", "breaks"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_what_is_broken_has_a_code_a_place_and_a_remedy(folder, code, place, breaks):
    breaks(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(BrokenHistory) as error:
        write_next_revision(THIRD, built_in(), folder)
    assert error.value.known_as is not None
    assert error.value.known_as.id == code
    assert place in error.value.explain["zh"]
    assert place in error.value.explain["en"]
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_build_that_was_interrupted_before_the_script_goes_on(folder):
    text = script(folder, "0002").read_text()
    unfinished = folder / "versions" / f".{script(folder, '0002').name}.part"
    script(folder, "0002").unlink()
    unfinished.write_text(text)
    assert head_of(folder) == "0001"
    written = write_next_revision(SECOND, built_in(), folder)
    assert written is not None
    assert written.script.read_text() == text
    assert not unfinished.exists()


def test_snapshots_of_the_first_format_are_still_read(folder):
    data = json.loads(model(folder, "0002").read_text())
    del data["model_hash"], data["script_digest"]
    model(folder, "0002").write_text(json.dumps({**data, "format": 1}))
    found = last_snapshot(folder)
    assert found is not None
    assert found.model_hash is None
    written = write_next_revision(THIRD, built_in(), folder)
    assert written is not None
    assert f'starts_from = "{found.hash_of_model(built_in())}"' in written.script.read_text()


def test_scripts_without_hashes_follow_each_other_by_number(folder):
    for number in ("0001", "0002"):
        path = script(folder, number)
        lines = path.read_text().splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(("starts_from", "leads_to", "# as generated"))]
        path.write_text("".join(kept))
        data = json.loads(model(folder, number).read_text())
        del data["model_hash"], data["script_digest"]
        model(folder, number).write_text(json.dumps({**data, "format": 1}))
    assert head_of(folder) == "0002"
    assert write_next_revision(THIRD, built_in(), folder) is not None
