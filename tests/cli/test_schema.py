"""`orderkit schema`: files for an editor, into a folder of one's choice."""

import json
from pathlib import Path

import pytest

from orderkit import cli
from orderkit.language.spec import KINDS


def run(*words: str | Path) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["schema", *map(str, words), "--lang", "en"])
    assert isinstance(left.value.code, int)
    return left.value.code


def test_it_writes_a_schema_for_each_kind_and_one_for_any(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "made" / "here") == 0
    written = {path.name for path in (tmp_path / "made" / "here").iterdir()}
    assert written == {"findings.json", "orderkit.json", "plan.json", *(f"{kind}.json" for kind in KINDS)}
    form = json.loads((tmp_path / "made" / "here" / "form.json").read_text(encoding="utf-8"))
    assert form["title"] == "表单 / form"
    assert f"wrote {len(written)} files" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    assert run(tmp_path / "taken") == 1
    assert "taken cannot be written" in capsys.readouterr().err
