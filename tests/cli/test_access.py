"""`orderkit access matrix`: the same rights in every format, in the same order every time."""

import json

import pytest

from orderkit.cli import main
from tests.architecture.repository import ROOT

EXAMPLE = str(ROOT / "examples" / "order-management")


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["access", "matrix", EXAMPLE, "--lang", "en", *words])
    assert isinstance(left.value.code, int)
    return left.value.code


def test_each_format_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--format", "json") == 0
    asked = json.loads(capsys.readouterr().out)
    assert "planner" in asked["roles"]
    assert run("--format", "markdown") == 0
    assert "\n## order\n" in capsys.readouterr().out
    assert run() == 0
    shown = capsys.readouterr()
    assert "salesperson == me" in shown.out
    assert "Administrators may do everything" in shown.err


def test_a_format_that_is_none_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--format", "xml") == 2
    assert "markdown" in capsys.readouterr().err
