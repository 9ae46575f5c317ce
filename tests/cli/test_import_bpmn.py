"""`orderkit import-bpmn`: a diagram as YAML, never over a file that is there, and refusals with their line."""

from pathlib import Path

import pytest

from orderkit.cli import main
from tests.support.projects import EXAMPLE


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([*map(str, words), "--lang", "en"])
    return left.value.code


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    file = tmp_path / "life.bpmn"
    assert run("diagram", "receipt_life", EXAMPLE, "--format", "bpmn", "--output", file) == 0
    return file


def test_what_was_exported_is_written_as_yaml(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    file = exported.with_suffix(".yaml")
    assert run("import-bpmn", exported, "--output", file) == 0
    assert f"wrote {file}" in capsys.readouterr().err
    assert run("import-bpmn", exported) == 0
    assert capsys.readouterr().out == file.read_text(encoding="utf-8")
    assert file.read_text(encoding="utf-8").startswith("workflow: receipt_life\n")
    assert "void:" in file.read_text(encoding="utf-8")


def test_the_form_is_named_where_the_file_does_not(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run("import-bpmn", exported, "--form", "payment") == 0
    assert "for: payment" in capsys.readouterr().out


def test_nothing_that_is_there_is_overwritten(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = exported.read_bytes()
    assert run("import-bpmn", exported, "--output", exported) == 1
    assert "is left alone" in capsys.readouterr().err
    assert exported.read_bytes() == before


def test_what_cannot_be_read_is_refused_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "odd.bpmn"
    file.write_text("<definitions>\n<process>", encoding="utf-8")
    assert run("import-bpmn", file) == 1
    said = capsys.readouterr().err
    assert "The diagram cannot become a workflow" in said
    assert "2: " in said
    assert "no well-formed XML" in said
    assert run("import-bpmn", tmp_path / "none.bpmn") == 1
    assert "none.bpmn cannot be read" in capsys.readouterr().err


def test_a_clock_without_what_it_does_is_named(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = exported.read_text(encoding="utf-8")
    clock = (
        '<bpmn:boundaryEvent id="late" attachedToRef="s_draft" cancelActivity="false"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent></bpmn:process>"
    )
    exported.write_text(text.replace("</bpmn:process>", clock), encoding="utf-8")
    assert run("import-bpmn", exported) == 0
    assert "left out" in capsys.readouterr().err
