"""`orderkit new`: what it writes is a project without findings, and what other tools read is in their form."""

import errno
import os
import tomllib
from pathlib import Path

import pytest
import yaml
from pre_commit.clientlib import load_config, load_manifest

from orderkit import cli, starters
from tests.architecture.repository import ROOT

TEMPLATES = starters.TEMPLATES


def run(*words: str | Path) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main([*map(str, words), "--lang", "en"])
    assert isinstance(left.value.code, int)
    return left.value.code


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_project_has_no_findings(template: str, tmp_path: Path) -> None:
    folder = tmp_path / "Acme Orders"
    assert run("new", folder, "--template", template) == 0
    assert run("check", folder, "--strict") == 0
    assert "\nproject: acme_orders\n" in (folder / "orderkit.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_file_names_a_schema_that_is_there(template: str, tmp_path: Path) -> None:
    run("new", tmp_path, "--template", template)
    files = list(tmp_path.glob("*/*.yaml"))
    assert files
    for file in files:
        line = file.read_text(encoding="utf-8").splitlines()[0]
        assert (file.parent / line.partition("$schema=")[2]).is_file(), line


def test_other_tools_can_read_what_is_meant_for_them(tmp_path: Path) -> None:
    run("new", tmp_path)
    (repo,) = load_config(tmp_path / ".pre-commit-config.yaml")["repos"]
    entries = [hook["entry"] for hook in repo["hooks"]]
    assert "orderkit check" in entries
    github = yaml.safe_load((tmp_path / ".github/workflows/orderkit.yml").read_text(encoding="utf-8"))
    steps = [
        line for step in github["jobs"]["orderkit"]["steps"] for line in step.get("run", "").splitlines()
    ]
    gitlab = yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    scripts = [*gitlab["orderkit"]["script"], *gitlab["orderkit-plan"]["script"]]
    for asked in (entries, steps, scripts):
        commands = [words.split()[1] for words in asked if words.startswith("orderkit ")]
        assert commands
        assert set(commands) <= set(cli.COMMANDS)
    for asked in (steps, scripts):
        assert any(words.startswith("orderkit plan --against ") for words in asked)


def test_the_hooks_of_the_repository_call_commands_that_exist() -> None:
    hooks = load_manifest(ROOT / ".pre-commit-hooks.yaml")
    assert {hook["id"] for hook in hooks} >= {"orderkit-check"}
    assert {hook["entry"].split()[1] for hook in hooks} <= set(cli.COMMANDS)


def test_the_wheel_carries_the_whole_example_but_its_data() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    taken = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    files = {**starters.template_files("order-management"), **starters.template_assets("order-management")}
    tops = {path.split("/")[0] for path in files}
    assert set(taken) == {f"examples/order-management/{top}" for top in tops}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["new", "{folder}", "--template", "shop"], "there is no template `shop`; there are: blank, order"),
        (["new", "{folder}/taken"], "is not an empty folder"),
        (["new", "{folder}"], "is not an empty folder"),
    ],
)
def test_where_nothing_can_begin_nothing_is_written(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    assert run(*(word.format(folder=tmp_path) for word in words)) == 1
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_what_cannot_be_written_whole_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A disk that fills up in the middle."""
    written: list[Path] = []

    write = Path.write_bytes

    def fill_up(path: Path, data: bytes) -> int:
        written.append(path)
        if len(written) > 5:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    assert run("new", tmp_path / "shop") == 1
    assert f"{written[-1]} cannot be written" in capsys.readouterr().err
    assert not (tmp_path / "shop").exists()
