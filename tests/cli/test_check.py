"""`orderkit check`: exit codes, formats, and folders that are none."""

import json
from pathlib import Path

import pytest

from orderkit import cli

EXAMPLE = Path(__file__).parents[2] / "examples" / "order-management"


@pytest.fixture(autouse=True)
def _speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERKIT_LANG", "en")


def run(*words: str | Path) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["check", *map(str, words)])
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.fixture
def warned(tmp_path: Path) -> Path:
    """A project with a warning and no error."""
    (tmp_path / "orderkit.yaml").write_text("project: shop\nlabel: 店 #1\n", encoding="utf-8")
    return tmp_path


def test_the_example_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(EXAMPLE) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "0 errors, 0 warnings" in shown.err


def test_errors_exit_1_and_show_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "orderkit.yaml").write_text("project: shop\nlabl: Shop\n", encoding="utf-8")
    assert run(tmp_path) == 1
    assert "error[OK1201] unknown-key: the project has no key `labl`" in capsys.readouterr().out


def test_warnings_exit_0_unless_strict(warned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(warned) == 0
    assert run(warned, "--strict") == 1
    assert "warning[OK1102]" in capsys.readouterr().out


def test_json_has_lines_and_columns_from_1(warned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(warned, "--format", "json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["version"] == 1
    (finding,) = report["findings"]
    assert finding["path"] == "orderkit.yaml"
    assert (finding["start"], finding["end"]) == ({"line": 2, "column": 10}, {"line": 2, "column": 12})
    assert finding["severity"] == "warning"


def test_concise_is_a_line_a_finding(warned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(warned, "--format", "concise", "--lang", "zh")
    assert (
        capsys.readouterr().out == "orderkit.yaml:2:10: warning[OK1102] hash-in-text: ` #` 之后被当成注释\n"
    )


def test_a_folder_that_is_none_is_said_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "nowhere") == 1
    assert "is not a folder" in capsys.readouterr().err


def test_an_empty_folder_has_no_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 1
    assert "there is no `project`" in capsys.readouterr().out
