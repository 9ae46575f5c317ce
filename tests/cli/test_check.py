"""`orderkit check`: exit codes, formats, and folders that are none."""

import json
import re
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


@pytest.mark.parametrize(
    ("locale", "environment", "words", "said"),
    [
        ("", {}, (), "项目没有"),
        ("locale: zh-CN\n", {}, (), "项目没有"),
        ("locale: en\n", {}, (), "the project has no"),
        ("locale: en\n", {"ORDERKIT_LANG": "zh"}, (), "项目没有"),
        ("locale: zh-CN\n", {"ORDERKIT_LANG": "en"}, (), "the project has no"),
        ("locale: zh-CN\n", {"ORDERKIT_LANG": "zh"}, ("--lang", "en"), "the project has no"),
    ],
)
def test_it_speaks_the_language_asked_for_else_that_of_the_project(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    locale: str,
    environment: dict[str, str],
    words: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.delenv("ORDERKIT_LANG")
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8" if said.startswith("项") else "zh_CN.UTF-8")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "orderkit.yaml").write_text(f"project: shop\n{locale}labl: Shop\n", encoding="utf-8")
    assert run(tmp_path, *words) == 1
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(("locale", "said"), [("en_US.UTF-8", "there is no"), ("zh_CN.UTF-8", "没有")])
def test_without_a_project_it_speaks_the_language_of_the_machine(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    locale: str,
    said: str,
) -> None:
    monkeypatch.delenv("ORDERKIT_LANG")
    monkeypatch.setenv("LC_ALL", locale)
    assert run(tmp_path) == 1
    assert said in capsys.readouterr().out


def test_colours_are_for_terminals_and_change_no_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "orderkit.yaml").write_text("project: shop\nlabl: [店](铺)\n", encoding="utf-8")
    run(tmp_path)
    plain = capsys.readouterr().out
    assert "\x1b" not in plain
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    run(tmp_path)
    coloured = capsys.readouterr().out
    assert "\x1b[1;31merror[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
