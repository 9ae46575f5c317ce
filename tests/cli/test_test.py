"""`orderkit test`: exit codes, formats, names, several processes, and what is left after Ctrl-C."""

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from orderkit import cli
from orderkit.starters import TEMPLATES
from orderkit.testing.scenarios import running
from tests.language.examples import files_of
from tests.testing.scenarios.office import OFFICE, ORDER, story

EXAMPLE = Path(__file__).parents[2] / "examples" / "order-management"
GOOD = story(ORDER, "{as: seller, do: place, on: a, expect: {tasks: [boss]}}", name="good")
BAD = story(ORDER, "{as: seller, do: place, on: a, expect: {tasks: [other]}}", name="bad")


@pytest.fixture(autouse=True)
def _speaks_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERKIT_LANG", "en")


def run(*words: str | Path) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["test", *map(str, words)])
    assert isinstance(left.value.code, int)
    return left.value.code


def project(folder: Path, *stories: str) -> Path:
    for path, text in files_of(OFFICE + "".join(stories)).items():
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def test_stock_and_credit_pass_and_reach_everything(capsys):
    assert run(EXAMPLE.parent / "stock-and-credit", "--coverage-min", "100") == 0
    assert "5 scenarios, 5 passed" in capsys.readouterr().out


def test_the_example_passes_and_reaches_everything(capsys):
    """At least twenty stories, all of both workflows, and nothing left over in the project."""
    before = sorted(EXAMPLE.rglob("*"))
    assert run(EXAMPLE, "--coverage-min", "100", "--format", "json") == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["scenarios"]) >= 20
    assert {each["workflow"]: each["percent"] for each in document["coverage"]} == {
        "order_life": 100,
        "receipt_life": 100,
    }
    assert sorted(EXAMPLE.rglob("*")) == before


@pytest.mark.parametrize(
    ("stories", "words", "code", "told"),
    [
        pytest.param([GOOD], [], 0, "1 scenario, 1 passed, 0 failed", id="all pass"),
        pytest.param([GOOD, BAD], [], 1, "--> bad.yaml:6:5", id="one fails"),
        pytest.param([GOOD, BAD], ["good"], 0, "1 scenario, 1 passed", id="only what is named"),
        pytest.param([GOOD], ["--coverage-min", "90"], 1, "less than the 90% asked for", id="too little"),
        pytest.param([], [], 0, "0 scenarios", id="a project without any"),
    ],
)
def test_exit_codes(tmp_path, capsys, stories, words, code, told):  # noqa: PLR0917 - a row of the table
    assert run(project(tmp_path, *stories), *words) == code
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        pytest.param(
            ["nothing_like_it"], 1, "there is no scenario nothing_like_it; there are: good", id="name"
        ),
        pytest.param(["--format", "html"], 2, "human, json, junit", id="format"),
        pytest.param(["--coverage-min", "101"], 2, "--coverage-min", id="percentage"),
        pytest.param(["--jobs", "0"], 2, "--jobs", id="jobs"),
    ],
)
def test_wrong_words(tmp_path, capsys, words, code, told):
    assert run(project(tmp_path, GOOD), *words) == code
    assert told in capsys.readouterr().err


def test_a_project_with_errors_is_not_played(tmp_path, capsys):
    assert run(project(tmp_path, GOOD.replace("do: place", "do: plase"))) == 1
    assert "no transition `plase`" in capsys.readouterr().err


def test_junit_is_written_for_failures_too(tmp_path, capsys):
    assert run(project(tmp_path, GOOD, BAD), "--format", "junit") == 1
    root = ET.fromstring(capsys.readouterr().out.encode())
    assert [(each.attrib["name"], len(each)) for each in root[0]] == [("bad", 1), ("good", 0)]


def test_several_processes_come_to_the_same(tmp_path, capsys):
    folder = project(tmp_path, GOOD, BAD)
    found = []
    for jobs in ("1", "2"):
        assert run(folder, "--jobs", jobs, "--format", "json") == 1
        document = json.loads(capsys.readouterr().out)
        for each in document["scenarios"]:
            del each["seconds"]
        del document["seconds"]
        found.append(document)
    assert found[0] == found[1]


def test_ctrl_c_tells_what_was_played_and_leaves_nothing(tmp_path, capsys, monkeypatch):
    real = running.play
    folders = []

    def play(theatre, scenario):
        folders.append(theatre.folder)
        if scenario.id == "good":
            raise KeyboardInterrupt
        return real(theatre, scenario)

    monkeypatch.setattr(running, "play", play)
    assert run(project(tmp_path, BAD, GOOD)) == 130
    out = capsys.readouterr().out
    assert "1 scenario, 0 passed, 1 failed" in out
    assert "stopped before all of them were played" in out
    assert not any(each.exists() for each in folders)


def test_in_a_project_the_folder_need_not_be_named(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(project(tmp_path, GOOD))
    assert run("good") == 0
    assert "1 passed" in capsys.readouterr().out


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_project_passes_and_its_pipeline_plays_it(tmp_path, capsys, template):
    folder = tmp_path / "shop"
    with pytest.raises(SystemExit) as left:
        cli.main(["new", str(folder), "--template", template])
    assert left.value.code == 0
    assert run(folder, "--coverage-min", "100") == 0
    assert (folder / ".github" / "workflows" / "orderkit.yml").read_text().count("run: orderkit test\n") == 1
    assert "    - orderkit test\n" in (folder / ".gitlab-ci.yml").read_text()


@pytest.fixture(autouse=True)
def _log_is_as_it_was() -> Iterator[None]:
    import structlog

    yield
    structlog.reset_defaults()
