"""Renaming: whatever can be renamed in the example can be, and it is the same project under another name."""

from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.language.compile import Analysis, analyse_project, compile_project
from orderkit.language.editing import NotRenamed, mentions_of, rename, renameable
from orderkit.language.editing.renaming import named_in
from orderkit.language.findings import TextEdit, render_concise
from orderkit.language.findings.edits import edited
from orderkit.language.source import read_directory
from orderkit.language.source.directory import is_asset
from orderkit.language.spec.mentions import Target
from tests.language.examples import files_of

EXAMPLE = dict(read_directory(Path(__file__).parents[3] / "examples" / "order-management"))
ANALYSIS = analyse_project(EXAMPLE, built_in())
TARGETS = sorted(
    {
        each.target
        for each in ANALYSIS.mentions
        if each.is_declaration and renameable(ANALYSIS, each.target) is None
    }
)

WHOLE = dict(read_directory(Path(__file__).parents[1] / "whole"))
PROJECTS = {"example": EXAMPLE, "whole": WHOLE}
ANALYSES = {"example": ANALYSIS, "whole": analyse_project(WHOLE, built_in())}
KINDS = sorted(
    {each.target.kind for analysis in ANALYSES.values() for each in analysis.mentions if each.is_declaration}
    # The template of a page is a file of the same name.
    - {"project", "page"}
)


def applied(files: dict[str, bytes], edits: tuple[TextEdit, ...]) -> dict[str, bytes]:
    return {
        path: data
        if is_asset(path)
        else edited(data.decode(), [each for each in edits if each.span.path == path]).encode()
        for path, data in files.items()
    }


def is_fixed(analysis: Analysis, target: Target) -> bool:
    """Whether a name belongs to orderkit, or is that of a ledger's key, which fields of this name fill unasked."""
    keys = (
        set()
        if analysis.project is None
        else {key.id for each in analysis.project.ledgers for key in each.keys}
    )
    is_built_in = target.kind == "form" and analysis.shapes[target.id].is_built_in
    return is_built_in or (target.kind == "field" and target.name in keys)


def shop(text: str) -> dict[str, bytes]:
    files = {path: content.encode() for path, content in files_of(text).items()}
    return {"orderkit.yaml": b"project: shop\n", **files}


def renamed(text: str, target: Target, new: str) -> dict[str, str] | str:
    files = shop(text)
    done = rename(files, built_in(), analyse_project(files, built_in()), target, new)
    if isinstance(done, NotRenamed):
        return done.why["en"]
    return {path: data.decode() for path, data in applied(files, done).items() if path != "orderkit.yaml"}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: f"{target.kind} {target.id}")
def test_everything_in_the_example_that_may_be_renamed_can_be(target: Target) -> None:
    done = rename(EXAMPLE, built_in(), ANALYSIS, target, "another_name")
    assert not isinstance(done, NotRenamed), done.why["en"]
    assert len([each for each in done if each.text == "another_name"]) == len(
        {each.span for each in mentions_of(ANALYSIS, target)}
    )
    files = applied(EXAMPLE, done)
    outcome = compile_project(files, built_in())
    assert render_concise(outcome.found) == ""
    if target.kind == "field":
        owner, _, old = target.id.rpartition(".")
        assert outcome.value is not None
        assert outcome.value.form_by_id[owner].by_id["another_name"].renamed_from == old


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("project", PROJECTS)
def test_whatever_is_declared_is_found_wherever_it_is_named(project: str, kind: str) -> None:
    """Under new names in every place that is found, nothing is left that names what is gone."""
    files, analysis = PROJECTS[project], ANALYSES[project]
    ours = {
        each.target
        for each in analysis.mentions
        if each.is_declaration and each.target.kind == kind and not is_fixed(analysis, each.target)
    }
    edits = {
        TextEdit(named_in(files, each.span, each.target.name), f"{each.target.name}_x")
        for each in analysis.mentions
        if each.target in ours
    }
    before = [(each.code.id, each.path, each.span.line) for each in analysis.found]
    found = compile_project(applied(files, tuple(edits)), built_in()).found
    assert [(each.code.id, each.path, each.span.line) for each in found] == before, render_concise(found)


def test_the_example_has_fields_forms_and_objects_to_rename() -> None:
    assert {target.kind for target in TARGETS} >= {"form", "field", "reverse", "report", "message"}


def test_a_field_says_what_it_was_called_in_flow_and_in_block() -> None:
    flow = renamed(
        "form: order\ntitle: '{name}'\nfields: {name: {type: text}}\n", Target("field", "order.name"), "code"
    )
    assert flow == {
        "first.yaml": "form: order\ntitle: '{code}'\nfields: {code: {renamed_from: name, type: text}}\n"
    }
    block = renamed(
        "form: order\nfields:\n  name:\n    type: text  # as printed\n    unique: true\n",
        Target("field", "order.name"),
        "code",
    )
    assert block == {
        "first.yaml": "form: order\nfields:\n  code:\n    type: text\n    renamed_from: name  # as printed\n"
        "    unique: true\n"
    }


def test_a_form_is_renamed_in_other_files_and_lines() -> None:
    done = renamed(
        "form: order\nfields: {lines: {type: lines, fields: {qty: {type: integer, check: value > order.least}}},"
        " least: {type: integer, required: true}}\n# b.yaml\nform: parcel\n"
        'fields: {line: {type: ref, to: order.lines}, of: {type: ref, to: "order"}}\n',
        Target("form", "order"),
        "sale",
    )
    assert done == {
        "first.yaml": "form: sale\nrenamed_from: order\nfields: {lines: {type: lines, fields: {qty: {type: integer,"
        " check: value > sale.least}}}, least: {type: integer, required: true}}\n",
        "b.yaml": 'form: parcel\nfields: {line: {type: ref, to: sale.lines}, of: {type: ref, to: "sale"}}\n',
    }


@pytest.mark.parametrize(
    ("target", "new", "why"),
    [
        (Target("field", "order.name"), "Name", "cannot be an id"),
        (Target("field", "order.name"), "other", "it would break"),
        (Target("role", "sales"), "seller", "records in the database refer to `sales`"),
        (Target("form", "user"), "person", "`user` is built in"),
    ],
)
def test_what_cannot_be_renamed_says_why(target: Target, new: str, why: str) -> None:
    text = (
        "form: order\nfields: {name: {type: text}, other: {type: text}, by: {type: user}}\n"
        "# sales.yaml\nrole: sales\nforms: {order: {read: true}}\n"
    )
    told = renamed(text, target, new)
    assert isinstance(told, str)
    assert why in told


def test_a_page_keeps_its_name_as_its_template_and_address_are_called_so() -> None:
    refused = renameable(ANALYSIS, Target("page", "deliveries"))
    assert refused is not None
    assert "templates/pages/deliveries.html" in refused.why["en"]
