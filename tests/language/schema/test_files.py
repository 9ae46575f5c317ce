"""The schemas that are committed: fresh, and in step with `check`, which is the stricter of the two."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from orderkit.catalog import built_in
from orderkit.language.findings.ledger import all_codes
from orderkit.language.schema import json_value, schema_files, written
from orderkit.language.source import load_file, read_directory
from orderkit.language.spec import KINDS
from orderkit.plan.formats.document import plan_schema
from tests.language.examples import compiled, files_of
from tests.language.literate import cases_of

ROOT = Path(__file__).parents[3]
SCHEMAS = schema_files(built_in())
REGISTRY = Registry().with_resources(
    (name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)
ANY_KIND = Draft202012Validator(SCHEMAS["orderkit.json"], registry=REGISTRY)
EXAMPLE = {
    path: data
    for path, data in read_directory(ROOT / "examples" / "order-management").items()
    if path.endswith(".yaml")
}

CLEAN = {
    **{f"{code.id} {code.name}": files_of(code.good) for code in all_codes().values() if code.good},
    **{
        str(case): case.files
        for page in sorted((ROOT / "tests" / "language").glob("*.md"))
        for case in cases_of(page)
        if not compiled(case.files).found
    },
}

LIFE = "workflow: a\nfor: o\nstate: s\ninitial: d\nstates: {}"
WRONG = {
    "a misspelt key of a field": ("form: a\nfields: {n: {type: text, requird: true}}", "requird"),
    "an option of another field type": ("form: a\nfields: {n: {type: text, scale: 2}}", "scale"),
    "an option that is no number": ("form: a\nfields: {n: {type: money, scale: many}}", "many"),
    "an unknown field type": ("form: a\nfields: {n: {type: txt}}", "txt"),
    "a field without type": ("form: a\nfields: {n: {label: N}}", "'type' is a required"),
    "a reference to nothing": ("form: a\nfields: {n: {type: ref}}", "'to' is a required"),
    "a misspelt field inside lines": (
        "form: a\nfields: {l: {type: lines, fields: {n: {type: text, lable: N}}}}",
        "lable",
    ),
    "a list for a map": ("form: a\nfields: [n]", "is not of type 'object'"),
    "a flag that is text": ("form: a\nfields: {n: {type: text, required: yes}}", "'yes' is not"),
    "an id with capitals": ("form: Order\nfields: {}", "Order"),
    "a misspelt right": ("role: a\nforms: {order: {raed: true}}", "raed"),
    "a life that ends in no known way": (
        "workflow: a\nfor: o\nstate: s\ninitial: d\nstates: {d: {final: over}}",
        "over",
    ),
    "an unknown action": (
        f"{LIFE}\ntransitions: {{x: {{from: d, to: d, by: owner, do: [{{snd: x}}]}}}}",
        "snd",
    ),
    "an action in the wrong place": (
        f"{LIFE}\ntransitions: {{x: {{from: d, to: d, by: owner, do: [{{send: x, to: owner}}]}}}}",
        "send",
    ),
    "a setting that the connector does not have": (
        "connection: a\nconnector: http\nsettings: {url: x}",
        "url",
    ),
    "an argument that the operation does not have": (
        "integration: a\nevent: o.created\ncall: b.post\nkey: k\nwith: {bdy: 1}",
        "bdy",
    ),
    "a seed without rows": ("seed: a\nfor: b\nmatch: [c]", "'rows' is a required"),
    "a width beyond twelve columns": ("dashboard: a\ntiles: [{kpi: r.m, width: 13}]", "13"),
    "no kind at all": ("fields: {}", "not valid under any"),
}


def errors_of(path: str, text: bytes) -> Iterator[str]:
    file = load_file(path, text).value
    assert file is not None
    for document in file.documents:
        for error in ANY_KIND.iter_errors(json_value(document)):
            yield f"{path} {error.json_path}: {error.message}"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_schema_is_what_the_words_give(name: str) -> None:
    path = ROOT / "schemas" / name
    assert path.read_text(encoding="utf-8") == written(SCHEMAS[name]), "run `make generate`"


def test_no_schema_is_left_behind() -> None:
    # What commands print has its schema there too; `orderkit schema` writes both.
    committed = {path.name for path in (ROOT / "schemas").glob("*.json")}
    assert committed == {*SCHEMAS, "plan.json"}
    plan = (ROOT / "schemas" / "plan.json").read_text(encoding="utf-8")
    assert plan == written(plan_schema()), "run `make generate`"


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema_of_the_dialect_it_names(name: str) -> None:
    assert SCHEMAS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("kind", KINDS)
def test_every_reference_inside_a_schema_leads_somewhere(kind: str) -> None:
    schema = SCHEMAS[f"{kind}.json"]
    text = json.dumps(schema)
    named = {part.split('"')[0] for part in text.split("#/$defs/")[1:]}
    assert named == set(schema["$defs"])


@pytest.mark.parametrize("path", EXAMPLE)
def test_every_file_of_the_example_is_valid(path: str) -> None:
    assert list(errors_of(path, EXAMPLE[path])) == []


@pytest.mark.parametrize("name", CLEAN)
def test_what_check_accepts_the_schema_accepts(name: str) -> None:
    files = {path: text for path, text in CLEAN[name].items() if not path.endswith(".html")}
    assert [error for path, text in files.items() for error in errors_of(path, text.encode())] == []


@pytest.mark.parametrize(("text", "part"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_refused(text: str, part: str) -> None:
    found = list(errors_of("wrong.yaml", text.encode()))
    assert any(part in each for each in found), found
