"""`orderkit check`: exit codes, formats, and folders that are none."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from orderkit import cli
from orderkit.cli.project_files import write_back

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


def test_hints_exit_0_even_if_strict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What may become slow breaks no build."""
    texts = {
        "orderkit.yaml": "project: shop\nlabel: 店\n",
        "note.yaml": "form: note\nfields: {by: {type: user}, day: {type: date, required: true}}\n"
        "list: {columns: [by, day], sort: -day}\n",
        "clerk.yaml": "role: clerk\nforms: {note: {read: by == me}}\n",
    }
    for path, text in texts.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert run(tmp_path, "--strict") == 0
    shown = capsys.readouterr()
    assert "hint[OK5015]" in shown.out
    assert "0 errors, 0 warnings, 1 hint" in shown.err


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


def test_an_unknown_format_is_wrong_usage(warned: Path) -> None:
    assert run(warned, "--format", "html") == 2


def test_several_folders_are_checked_in_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "orderkit.yaml").write_text(f"project: {name}\nlabl: Shop\n", encoding="utf-8")
    assert run(tmp_path / "one", tmp_path / "two", "--format", "json") == 1
    paths = [each["path"] for each in json.loads(capsys.readouterr().out)["findings"]]
    assert paths == [f"{tmp_path.as_posix()}/one/orderkit.yaml", f"{tmp_path.as_posix()}/two/orderkit.yaml"]


def test_tools_of_review_know_files_from_the_working_folder_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "orderkit.yaml").write_text("project: shop\nlabl: Shop\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run("shop", "--format", "github")
    assert capsys.readouterr().out.startswith("::error file=shop/orderkit.yaml,line=2")


MISSPELT = "\ufeffproject: shop\r\n\r\nlabl: 小店   # ours\r\ntimezone:\tAsia/Shanghai"


def test_fix_writes_what_is_surely_meant_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "orderkit.yaml"
    file.write_bytes(MISSPELT.encode())
    file.chmod(0o640)
    assert run(tmp_path, "--fix") == 0
    wanted = "project: shop\r\n\r\nlabel: 小店   # ours\r\ntimezone: Asia/Shanghai"
    assert file.read_bytes().decode() == wanted
    assert file.stat().st_mode & 0o777 == 0o640
    said = capsys.readouterr().err
    assert "orderkit.yaml:3:1: OK1201 write `label`" in said
    assert "0 errors, 0 warnings" in said
    assert [path.name for path in tmp_path.iterdir()] == ["orderkit.yaml"]


def test_diff_shows_what_fix_would_write_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "orderkit.yaml"
    file.write_bytes(MISSPELT.encode())
    assert run(tmp_path, "--diff") == 1
    shown = capsys.readouterr().out
    assert "--- a/orderkit.yaml\n+++ b/orderkit.yaml\n" in shown
    assert "-labl: 小店   # ours" in shown
    assert "+label: 小店   # ours" in shown
    assert file.read_bytes().decode() == MISSPELT


def test_a_file_that_somebody_else_has_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"theirs")
    assert not write_back(file, b"as it was read", b"ours")
    assert file.read_bytes() == b"theirs"
    assert write_back(file, b"theirs", b"ours")
    assert file.read_bytes() == b"ours"


def test_a_fix_that_uncovers_another_is_followed_to_the_end(tmp_path: Path) -> None:
    (tmp_path / "orderkit.yaml").write_text("project: shop\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text(
        "frm: order\nfields: {no: {type: txet, requird: yes}}\n", encoding="utf-8"
    )
    assert run(tmp_path, "--fix") == 0
    text = (tmp_path / "a.yaml").read_text(encoding="utf-8")
    assert text == "form: order\nfields: {no: {type: text, required: true}}\n"


def test_reading_the_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, orderkit.cli.commands.check, orderkit.language.findings\n"
        "print(sorted({'pydantic', 'yaml', 'sqlalchemy', 'starlette'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
