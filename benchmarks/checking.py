"""`orderkit check` against PyYAML's C loader alone on the same files."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from benchmarks.generated import generated_project
from benchmarks.measuring import Measured, compared
from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.source.directory import read_directory

EXAMPLE = Path(__file__).parents[1] / "examples" / "order-management"


def measure() -> Iterator[Measured]:
    """Yield the comparison for the example and for a project with 200 forms."""
    projects = {"the example": dict(read_directory(EXAMPLE)), "200 forms": generated_project(200)}
    for name, files in projects.items():
        lines = sum(text.count(b"\n") for text in files.values())
        yield compared(
            f"check: {name}",
            ("orderkit check", lambda files=files: _checked(files)),
            ("PyYAML CLoader", lambda files=files: _loaded(files)),
            seconds=15,
            note=f"{len(files)} files, {lines:,} lines",
        )


def _checked(files: Mapping[str, bytes]) -> None:
    outcome = compile_project(files, built_in())
    assert outcome.value is not None, [finding.headline for finding in outcome.found[:5]]


def _loaded(files: Mapping[str, bytes]) -> None:
    for text in files.values():
        yaml.load(text, Loader=yaml.CSafeLoader)
