"""The command shell: usage, languages, refusals and bugs, each with its exit code and no traceback."""

import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from orderkit import __version__, cli
from orderkit.cli.commands import COMMANDS, Command
from orderkit.model.errors import NotFound, Problem, Refused
from orderkit.model.labels import label


@pytest.fixture(autouse=True)
def _speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERKIT_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Iterator[types.ModuleType]:
    """A command `probe` whose behaviour a test decides by setting `module.probe`."""
    module = types.ModuleType("orderkit.cli.commands.probe")
    monkeypatch.setitem(sys.modules, "orderkit.cli.commands.probe", module)
    monkeypatch.setitem(COMMANDS, "probe", Command("probe", label(zh="探针", en="A probe")))
    return module


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(words)
    assert isinstance(left.value.code, int)
    return left.value.code


def test_help_lists_every_command_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    english = capsys.readouterr().out
    assert run("--help", "--lang", "zh") == 0
    chinese = capsys.readouterr().out
    for name, each in COMMANDS.items():
        assert name in english
        assert each.summary["en"] in english
        assert name in chinese
        assert each.summary["zh"] in chinese


@pytest.mark.parametrize(
    "words", [("nope",), ("version", "--nope"), ("--lang", "fr", "version")], ids=" ".join
)
def test_wrong_usage_leaves_with_2(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("version") == 0
    assert capsys.readouterr().out == f"orderkit {__version__}\n"


def test_a_command_decides_its_exit_code(command: types.ModuleType) -> None:
    import typer

    def probe() -> None:
        raise typer.Exit(3)

    command.probe = probe
    assert run("probe") == 3


@pytest.mark.parametrize(("language", "said"), [("en", "no such thing"), ("zh", "没有这个")])
def test_a_refusal_is_said_in_the_language_asked_for(
    command: types.ModuleType, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    def probe() -> None:
        raise NotFound(label(zh="没有这个", en="no such thing"))

    command.probe = probe
    assert run("probe", "--lang", language) == 1
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""


def test_every_problem_of_a_refusal_is_shown_with_its_place(
    command: types.ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    def probe() -> None:
        raise Refused(
            (
                Problem(path="name", code="required", message=label(en="a name is needed", zh="缺少名称")),
                Problem(path="lines.2.qty", code="check_failed", message=label(en="too few", zh="太少")),
            )
        )

    command.probe = probe
    assert run("probe") == 1
    shown = capsys.readouterr().err
    assert "name: a name is needed" in shown
    assert "lines.2.qty: too few" in shown


def test_a_bug_says_that_it_is_one_and_keeps_the_traceback_in_a_file(
    command: types.ModuleType,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def probe() -> None:
        raise KeyError("what we forgot")

    command.probe = probe
    assert run("probe") == 70
    shown = capsys.readouterr().err
    assert "this is a bug in orderkit" in shown.lower()
    assert "Traceback" not in shown
    (report,) = tmp_path.iterdir()
    assert report.name in shown
    assert "what we forgot" in report.read_text(encoding="utf-8")


def test_the_installed_command_runs() -> None:
    found = subprocess.run(
        [sys.executable, "-c", "from orderkit.cli import main; main(['version'])"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stdout) == (0, f"orderkit {__version__}\n")
