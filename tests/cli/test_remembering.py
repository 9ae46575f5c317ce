"""Remembering the last check: when it is asked anew, where it stands, and that it can be lost any time."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from orderkit import cli
from orderkit.catalog import built_in
from orderkit.cli import remembering
from orderkit.cli.remembering import found_in
from orderkit.language.compile import compile_project
from orderkit.language.compile.rules import are_right
from orderkit.language.findings import Finding
from orderkit.language.source.directory import read_directory

FILES = {
    "orderkit.yaml": "project: shop\nlabel: 店\n",
    "order.yaml": "form: order\nfields: {name: {type: text, requird: true}}\n",
}


class Checking:
    """The real check, and how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, files: Mapping[str, bytes]) -> Sequence[Finding]:
        self.times += 1
        return compile_project(files, built_in()).found

    def are_right(self, path: str, was: bytes, files: Mapping[str, bytes]) -> bool:
        return are_right(path, was, files, built_in())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    for path, text in FILES.items():
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ORDERKIT_CACHE", str(tmp_path / "memory"))
    return tmp_path / "memory"


def found(project: Path, check: Checking) -> Sequence[Finding]:
    return found_in(project, read_directory(project), check, check.are_right)


def test_the_same_files_are_checked_once(project: Path) -> None:
    check = Checking()
    first = found(project, check)
    assert [each.code.id for each in first] == ["OK1201"]
    assert found(project, check) == first
    assert check.times == 1


def test_a_changed_file_is_seen(project: Path) -> None:
    check = Checking()
    found(project, check)
    (project / "order.yaml").write_text("form: order\nfields: {name: {type: text}}\n", encoding="utf-8")
    assert found(project, check) == ()
    (project / "order.yaml").write_text("# now\nform: order\nfields: {name: {type: text}}\n")
    assert found(project, check) == ()
    assert check.times == 2


def test_a_new_file_and_one_that_is_gone_are_seen(project: Path) -> None:
    check = Checking()
    found(project, check)
    (project / "new.yaml").write_text("form: new\nfields: {name: {type: text, typ: x}}\n", encoding="utf-8")
    assert len(found(project, check)) == 2
    (project / "order.yaml").unlink()
    assert len(found(project, check)) == 1


def test_two_projects_do_not_know_of_each_other(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "orderkit.yaml").write_text("project: other\n", encoding="utf-8")
    check = Checking()
    assert found(project, check)
    assert found(other, check) == ()
    assert found(project, check)
    assert check.times == 2


def test_another_installation_checks_anew(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check = Checking()
    found(project, check)
    monkeypatch.setattr(remembering, "__version__", "9.9")
    found(project, check)
    assert check.times == 2


@pytest.mark.parametrize("text", [b"", b"\0" * 100, b"orderkit check 1 abc\n{}\n"])
def test_a_damaged_entry_is_written_anew(project: Path, memory: Path, text: bytes) -> None:
    check = Checking()
    first = found(project, check)
    (entry,) = memory.iterdir()
    entry.write_bytes(text)
    assert found(project, check) == first
    assert found(project, check) == first
    assert check.times == 2


def test_without_a_place_to_remember_everything_is_checked(project: Path, memory: Path) -> None:
    memory.write_text("not a folder", encoding="utf-8")
    check = Checking()
    assert found(project, check) == found(project, check)
    assert check.times == 2


def test_nothing_stands_in_the_project_and_only_its_owner_reads_what_is_kept(
    project: Path, memory: Path
) -> None:
    found(project, Checking())
    assert sorted(path.name for path in project.iterdir()) == sorted(FILES)
    (entry,) = memory.iterdir()
    assert entry.stat().st_mode & 0o077 == 0


def test_only_so_much_is_kept(project: Path, memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "MOST_ENTRIES", 3)
    memory.mkdir()
    for number in range(5):
        (memory / f"old{number}").write_bytes(b"x")
        os.utime(memory / f"old{number}", (number, number))
    found(project, Checking())
    names = {path.name for path in memory.iterdir()}
    assert len(names) == 3
    assert {"old3", "old4"} < names


def test_no_cache_neither_reads_nor_writes(project: Path, memory: Path) -> None:
    with pytest.raises(SystemExit):
        cli.main(["check", str(project), "--no-cache"])
    assert not memory.exists()


def test_several_processes_agree(project: Path) -> None:
    command = [sys.executable, "-c", "from orderkit.cli import main; main()", "check", str(project)]
    runs = [
        subprocess.Popen([*command, "--format", "concise"], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = {run.communicate()[0] for run in runs}
    assert len(said) == 1
    assert "OK1201" in said.pop()
