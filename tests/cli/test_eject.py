"""`orderkit eject`: a copy that checks cleanly, and never over a file that is there."""

from pathlib import Path

import pytest

from orderkit.cli import main


def run(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        main(["--lang", "en", *map(str, words)])
    return left.value.code


def test_a_template_is_copied_once_and_checks_cleanly(tmp_path: Path) -> None:
    (tmp_path / "orderkit.yaml").write_text("project: shop\nlabel: Shop\n", encoding="utf-8")
    assert run("eject", "pages/home.html", tmp_path) == 0
    copy = tmp_path / "templates" / "pages" / "home.html"
    assert copy.read_text(encoding="utf-8").startswith("{# orderkit: copied from pages/home.html ")
    assert run("check", tmp_path, "--strict") == 0
    copy.write_text("mine", encoding="utf-8")
    assert run("eject", "pages/home.html", tmp_path) != 0
    assert copy.read_text(encoding="utf-8") == "mine"


def test_a_name_that_is_none_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    assert run("eject", "pages/hom.html", tmp_path) != 0
    assert not (tmp_path / "templates").exists()
