"""`orderkit diagram`: a workflow in each format, and what is said where there is nothing to draw."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from orderkit.cli import main
from tests.support.projects import EXAMPLE


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main(["diagram", *map(str, words)])
    return left.value.code


@pytest.mark.parametrize(
    ("format_", "begins"),
    [("svg", "<svg "), ("mermaid", "stateDiagram-v2"), ("bpmn", '<?xml version="1.0" encoding="UTF-8"?>')],
)
def test_each_format_is_written_where_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], format_: str, begins: str
) -> None:
    file = tmp_path / "life"
    assert run("receipt_life", EXAMPLE, "--format", format_, "--output", file, "--lang", "en") == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert f"wrote {file}" in said.err
    assert run("receipt_life", EXAMPLE, "--format", format_, "--lang", "en") == 0
    assert capsys.readouterr().out == file.read_text(encoding="utf-8")
    assert file.read_text(encoding="utf-8").startswith(begins)


def test_texts_are_in_the_language_of_the_project_unless_another_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("receipt_life", EXAMPLE) == 0
    assert "待确认" in capsys.readouterr().out
    assert run("receipt_life", EXAMPLE, "--lang", "en") == 0
    written = capsys.readouterr().out
    assert "To be confirmed" in written
    assert "待确认" not in written


def test_approvals_are_opened_where_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    shapes = []
    for more in ([], ["--opened"]):
        assert run("order_life", EXAMPLE, *more) == 0
        root = ET.fromstring(capsys.readouterr().out)
        shapes.append(len(list(root.iter("{http://www.w3.org/2000/svg}g"))))
    assert shapes[0] < shapes[1]


def test_bpmn_keeps_what_the_file_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("order_life", EXAMPLE, "--format", "bpmn") == 0
    assert '"edit": ["lines.price", "lines.discount", "quote_valid_until", "term"]' in capsys.readouterr().out


def test_a_workflow_that_is_none_is_told_with_the_one_that_was_meant(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run("order_lif", EXAMPLE, "--lang", "en") == 1
    said = capsys.readouterr().err
    assert "there is no workflow `order_lif`" in said
    assert "`order_life`" in said
    (tmp_path / "orderkit.yaml").write_text("project: shop\nlabel: Shop\n", encoding="utf-8")
    assert run("life", tmp_path, "--lang", "en") == 1
    assert "the project has no workflow" in capsys.readouterr().err


def test_an_unknown_format_is_wrong_usage_and_a_place_that_is_none_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run("order_life", EXAMPLE, "--format", "png") == 2
    assert run("order_life", EXAMPLE, "--output", tmp_path / "none" / "life.svg", "--lang", "en") == 1
    assert "life.svg cannot be written" in capsys.readouterr().err
