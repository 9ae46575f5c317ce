"""A plan between two projects of 1,000 forms, against reading the two models that it compares.

One form in ten has a field more, another formula; every role sees more.
"""

import json
from collections.abc import Iterator

from benchmarks.generated import generated_project
from benchmarks.measuring import Measured, compared
from orderkit.catalog import built_in
from orderkit.cli.planning.before import side_of
from orderkit.language.compile import compile_project
from orderkit.model.project import Project
from orderkit.model.stored import canonical, from_json, to_json
from orderkit.plan.formats import format_named
from orderkit.plan.planning import plan

FORMS = 1000
EVERY = 10


def measure() -> Iterator[Measured]:
    """Yield the plan of nothing, the plan of many changes, and writing it."""
    catalog = built_in()
    files = generated_project(FORMS)
    old, new = _compiled(files), _compiled(_changed(files))
    stored = [canonical(to_json(project)) for project in (old, new)]

    def read() -> None:
        for text in stored:
            from_json(json.loads(text), catalog.fields)

    before, same, after = side_of(old, catalog), side_of(_compiled(files), catalog), side_of(new, catalog)
    found = plan(before, after, catalog)
    reading = ("reading both stored models", read)
    for name, changed, note in (
        ("nothing changed", same, ""),
        ("one form in ten changed", after, f"{len(found.entries)} entries"),
    ):
        yield compared(
            f"plan: {FORMS} forms, {name}",
            ("plan", lambda changed=changed: plan(before, changed, catalog)),
            reading,
            seconds=20,
            note=note,
            wanted=0.5,
        )
    yield compared(
        f"plan: {FORMS} forms, the two states of it (tables, API)",
        ("tables and OpenAPI", lambda: [side_of(project, catalog) for project in (old, new)]),
        reading,
        seconds=20,
    )
    yield compared(
        f"plan: {FORMS} forms, written as Markdown",
        ("markdown", lambda: format_named("markdown")(found, "zh")),
        reading,
        seconds=20,
    )


def _changed(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files with changes in one form of ten, and in every role."""
    extra = "  extra: {type: text, label: {zh: 更多, en: More}}\n".encode()
    changed = dict(files)
    forms = [path for path in files if path.startswith("forms/")]
    for path in forms[::EVERY]:
        changed[path] = files[path].replace(b"qty * price *", b"price * qty *")
        changed[path] = changed[path].replace(b"  remark:", extra + b"  remark:")
    for path, text in files.items():
        if path.startswith("roles/"):
            changed[path] = text.replace(b"hide: [lines.cost], ", b"")
    return changed


def _compiled(files: dict[str, bytes]) -> Project:
    found = compile_project(files, built_in()).value
    assert found is not None
    return found
