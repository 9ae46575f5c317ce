"""Where nothing is doubtful, every lint is silent: on the example, the whole language, and what `new` begins with."""

from collections.abc import Mapping

import pytest

from orderkit import starters
from orderkit.language.findings import render_human
from orderkit.language.source import read_directory
from orderkit.language.source.directory import is_asset
from tests.architecture.repository import ROOT
from tests.language.examples import compiled

PROJECTS: dict[str, Mapping[str, str | bytes]] = {
    **{
        name: read_directory(ROOT / folder)
        for name, folder in (
            ("the example", "examples/order-management"),
            ("the whole language", "tests/language/whole"),
        )
    },
    **{
        f"the template {name}": {**starters.template_files(name), **starters.template_assets(name)}
        for name in starters.TEMPLATES
    },
}


def _texts(name: str) -> Mapping[str, str]:
    return {
        path: each if isinstance(each, str) else each.decode()
        for path, each in PROJECTS[name].items()
        if not is_asset(path)
    }


@pytest.mark.parametrize("name", PROJECTS)
def test_no_lint_speaks(name: str) -> None:
    files = PROJECTS[name]
    assert files
    found = compiled(files).found
    assert not found, render_human(found, _texts(name), "en")


@pytest.mark.parametrize("name", PROJECTS)
def test_none_of_them_is_told_to_be_silent(name: str) -> None:
    assert [path for path, text in _texts(name).items() if "orderkit: allow" in text] == []
