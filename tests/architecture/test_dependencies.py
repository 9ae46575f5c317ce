"""What is imported is declared: a fresh machine has only what `pyproject.toml` names."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.repository import ROOT, name_of, tracked_with

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OWN = {"orderkit", "tests", "benchmarks"}


EXTRAS = PROJECT["project"]["optional-dependencies"]
# The part of orderkit that only an extra brings what it needs for.
NEEDS_EXTRA = {
    "orderkit/lsp/": "editor",
    "orderkit/engine/files/objects.py": "s3",
    "orderkit/web/printing/pdf_process.py": "pdf",
}


def declared(*groups: str, extras: Iterable[str] = ()) -> set[str]:
    named = list(PROJECT["project"]["dependencies"])
    for extra in extras:
        named += EXTRAS[extra]
    for group in groups:
        named += PROJECT["dependency-groups"][group]
    return {normal(re.split(r"[\[<>=!~; ]", each, maxsplit=1)[0]) for each in named}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found - OWN - set(sys.stdlib_module_names)


def allowed_in(name: str, *groups: str) -> set[str]:
    return declared(*groups, extras=[each for part, each in NEEDS_EXTRA.items() if name.startswith(part)])


def undeclared(folder: str, *groups: str) -> list[str]:
    distributions = packages_distributions()
    return sorted(
        f"{name_of(path)}: {module}"
        for path in tracked_with(".py")
        if name_of(path).startswith(folder)
        for module in imported(path)
        if not {normal(each) for each in distributions.get(module, [module])}
        & allowed_in(name_of(path), *groups)
    )


def test_what_orderkit_imports_is_a_dependency() -> None:
    assert undeclared("orderkit/") == []


def test_what_tests_and_benchmarks_import_is_in_a_group() -> None:
    assert undeclared("tests/", "test", "lint") == []
    assert undeclared("benchmarks/", "test") == []


def test_every_dependency_is_explained() -> None:
    explained = (ROOT / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8").lower()
    everything = declared(*PROJECT["dependency-groups"], extras=EXTRAS)
    assert [
        name for name in sorted(everything) if name not in explained and not name.startswith("types-")
    ] == []


def test_every_dependency_is_pinned() -> None:
    pinned = {
        normal(line.partition("==")[0])
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    assert sorted(declared(*PROJECT["dependency-groups"]) - pinned) == []
