"""`orderkit fmt`: what it writes, what it only shows, and its exit codes."""

from pathlib import Path

import pytest

from orderkit import cli

UNTIDY = "fields:   {}   # none yet\nform: a\n"
TIDY = "form: a\nfields: {}  # none yet\n"


@pytest.fixture(autouse=True)
def _speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERKIT_LANG", "en")


def run(*words: str | Path) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["fmt", *map(str, words)])
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "a.yaml").write_text(UNTIDY, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("form: b\nfields: {}\n", encoding="utf-8")
    return tmp_path


def test_it_writes_what_is_untidy_and_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder) == 0
    assert (folder / "forms" / "a.yaml").read_text(encoding="utf-8") == TIDY
    shown = capsys.readouterr()
    assert shown.out == f"{(folder / 'forms' / 'a.yaml').as_posix()}\n"
    assert "1 of 2 files changed" in shown.err
    assert run(folder, "--check") == 0


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_it_writes_nothing_when_only_asked(
    folder: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, option) == 1
    assert (folder / "forms" / "a.yaml").read_text(encoding="utf-8") == UNTIDY
    shown = capsys.readouterr()
    assert "1 of 2 files would change" in shown.err
    assert ("+fields: {}  # none yet" in shown.out) is (option == "--diff")


def test_a_single_file_can_be_named(folder: Path) -> None:
    assert run(folder / "forms" / "a.yaml") == 0
    assert (folder / "forms" / "a.yaml").read_text(encoding="utf-8") == TIDY


def test_a_file_that_cannot_be_read_is_left_alone_with_its_finding(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "b.yaml").write_text("form:   b\nfields: {\n", encoding="utf-8")
    assert run(folder) == 1
    assert "error[OK1010]" in capsys.readouterr().err
    assert (folder / "b.yaml").read_text(encoding="utf-8") == "form:   b\nfields: {\n"
    assert (folder / "forms" / "a.yaml").read_text(encoding="utf-8") == TIDY


def test_a_path_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "nowhere") == 1
    assert "is not a folder" in capsys.readouterr().err
