"""One field of every type, all the way: compiled, kept, read, changed, shown, exported, imported, served, audited.

The values come from the examples that each type brings, so that a new type is tested here by itself.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from orderkit.catalog import built_in
from orderkit.engine import records
from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.accounts.tokens import make_token
from orderkit.engine.exporting import FORMATS, export
from orderkit.engine.importing.run import run
from orderkit.engine.records import Filter, Operator, Query
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.fields.field_type import ATTACHED, Accepts
from orderkit.model.expressions.types import Many, Record
from orderkit.model.forms import Field
from orderkit.model.project import Project
from orderkit.web.app import create_app
from orderkit.web.request.cookies import SESSION
from orderkit.web.server.secret_keys import SecretKeys
from orderkit.web.server.settings import Settings
from tests.support.clock import FakeClock
from tests.support.databases import Databases
from tests.support.office import Office, Staff, open_office
from tests.support.projects import project
from tests.web.reader import Reader

CATALOG = built_in()
FIELDS = "\n".join(
    f"  a_{name}: {{type: {name}{', ' + more if more else ''}}}"
    for name, more in (
        (
            name,
            {
                "choice": "options: {red: 红, blue: 蓝}",
                "choices": "options: {red: 红, blue: 蓝, green: 绿}",
                "ref": "to: tag",
                "refs": "to: tag, on_delete: clear",
                "lines": "fields: {tags: {type: refs, to: tag}, kinds: {type: choices, options: [x, y]}, at: {type: time}}",
                "image": "accept: [png]",
            }.get(name, ""),
        )
        for name in CATALOG.fields
    )
)
YAML = f"""\
form: tag
title: "{{name}}"
fields: {{name: {{type: text, required: true, unique: true}}}}
---
form: thing
title: "{{code}}"
fields:
  code: {{type: text, required: true, unique: true}}
{FIELDS}
list:
  columns: [code, {", ".join(f"a_{name}" for name in CATALOG.fields if name != "lines")}]
  filters: [{", ".join(f"a_{name}" for name in CATALOG.fields if name not in {"lines", "json"})}]
"""
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
NAMES = [name for name in CATALOG.fields if name != "lines"]
# What a spreadsheet cannot hold: attachments are uploaded, rows stand in rows of their own.
IN_SHEETS = [name for name in NAMES if CATALOG.fields[name].column not in ATTACHED]


@pytest.fixture(scope="session")
def things() -> Project:
    return project(*YAML.split("\n---\n"))


@pytest.fixture
def office(things: Project, databases: Databases, dialect: str, tmp_path: Path) -> Iterator[Office]:
    mark = databases.mark()
    database = databases.make(things, dialect, threads=8)
    staff = (Staff(login="root", roles=("admin",), values={"name": "根"}), Staff(login="ann"))
    opened = open_office(things, database, tmp_path / "files", FakeClock(), staff)
    for name in ("A", "B"):
        opened.create(None, "tag", {"name": name})
    opened.create(None, "department", {"name": "销售部"})
    yield opened
    databases.clear(mark)


@pytest.fixture
def client(office: Office) -> Iterator[TestClient]:
    settings = Settings(secret_keys=SecretKeys(["a key that is long enough"]), threads=4)
    with TestClient(create_app(office.runtime, settings), base_url="http://shop.test") as client:
        yield client


@pytest.fixture
def root(office: Office, client: TestClient) -> Reader:
    with office.runtime.write(SYSTEM, Channel.PAGE) as unit:
        session = start_session(unit, office.ids["root"])
    client.cookies.set(SESSION, session.token, domain="shop.test")
    reader = Reader(client)
    reader.csrf = session.csrf
    return reader


def field_of(things: Project, name: str) -> Field:
    return things.form_by_id["thing"].by_id[f"a_{name}"]


def upload(office: Office, name: str) -> int:
    person = office.person("root")
    stored = records.upload(
        office.runtime, person, Channel.PAGE, "thing", f"a_{name}", name="photo.png", chunks=iter([PNG])
    )
    return stored.id


def value_of(office: Office, things: Project, name: str) -> Any:
    """Return a value of the type: ids of what is there, else that of an example which fits the options."""
    field, field_type = field_of(things, name), CATALOG.fields[name]
    is_many = isinstance(field.value_type, Many)
    if field_type.column in ATTACHED:
        return (upload(office, name), upload(office, name)) if is_many else upload(office, name)
    if field.target is not None:
        return {"tag": (2, 1), "user": (2, 1)}.get(field.target, ()) if is_many else 1
    if name == "choice":
        return "blue"
    if name == "choices":
        return ("red", "green")
    return next(
        example.value
        for example in field_type.examples
        if isinstance(example, Accepts)
        and example.value is not None
        and field_type.check(field.options, example.value) is None
    )


def everything(office: Office, things: Project) -> dict[str, Any]:
    return {f"a_{name}": value_of(office, things, name) for name in NAMES}


def stored(office: Office, record_id: int) -> dict[str, Any]:
    with office.look("root") as unit:
        return dict(records.get(unit, "thing", record_id).values)


def test_every_type_is_in_the_form(things: Project) -> None:
    assert {field.type for field in things.form_by_id["thing"].fields} >= set(CATALOG.fields)


def test_what_is_created_is_read_and_a_change_is_told(office: Office, things: Project) -> None:
    given = everything(office, things)
    lines = {"a_lines": [{"tags": (2,), "kinds": ("y", "x"), "at": given["a_time"]}]}
    record_id = office.create("root", "thing", {"code": "T1", **given}, lines)
    kept = stored(office, record_id)
    assert {name: kept[name] for name in given} == given
    assert {type(kept[name]) for name in given} == {type(value) for value in given.values()}
    with office.look("root") as unit:
        (line,) = records.get(unit, "thing", record_id).lines["a_lines"]
        assert (line.values["tags"], line.values["kinds"]) == ((2,), ("x", "y"))
        told = {each.path: each.after for each in records.history(unit, "thing", record_id)[0].changes}
    assert (told["a_refs"], told["a_users"], told["a_choices"]) == ("B、A", "ann、根", "红、绿")
    assert all(told[f"a_{name}"] for name in NAMES)
    office.update("root", "thing", record_id, **dict.fromkeys(given))
    kept = stored(office, record_id)
    assert {name for name in given if kept[name] is not None} == {"a_boolean"}


@pytest.mark.parametrize("name", NAMES)
def test_a_list_finds_the_value_and_the_empty(office: Office, things: Project, name: str) -> None:
    value = value_of(office, things, name)
    full = office.create("root", "thing", {"code": "T1", f"a_{name}": value})
    bare = office.create("root", "thing", {"code": "T2"})
    one = value[0] if isinstance(value, tuple) else value

    def found(operator: Operator, *values: Any) -> list[int]:
        with office.look("root") as unit:
            wanted = Filter(field=f"a_{name}", operator=operator, values=values)
            return [row.id for row in records.page(unit, Query(form="thing", filters=(wanted,))).rows]

    assert found(Operator.EQUAL, one) == [full]
    assert found(Operator.EQUAL, value) == [full]
    if name != "boolean":
        assert found(Operator.EMPTY, True) == [bare]


def test_the_api_takes_what_it_gives(office: Office, client: TestClient, things: Project) -> None:
    with office.runtime.write(SYSTEM, Channel.API) as unit:
        token = make_token(unit, office.ids["root"], "test")
    headers = {"Authorization": f"Bearer {token}"}
    record_id = office.create("root", "thing", {"code": "T1", **everything(office, things)})
    read = client.get(f"/api/v1/thing/{record_id}", headers=headers)
    assert read.status_code == 200, read.text
    document = read.json()
    body = {f"a_{name}": document[f"a_{name}"] for name in IN_SHEETS} | {"code": "T2"}
    made = client.post("/api/v1/thing", json=body, headers=headers)
    assert made.status_code == 201, made.text
    assert {name: made.json()[name] for name in body} == body
    assert made.json()["_titles"]["a_refs"] == ["B", "A"]
    assert [each["name"] for each in document["_files"]["a_files"]] == ["photo.png", "photo.png"]
    schemas = client.get("/api/v1/openapi.json", headers=headers).json()["components"]["schemas"]
    assert set(schemas["thing.create"]["properties"]) >= set(body)


def test_a_sheet_takes_what_a_list_gives(office: Office, things: Project, tmp_path: Path) -> None:
    given = {f"a_{name}": value_of(office, things, name) for name in IN_SHEETS}
    office.create("root", "thing", {"code": "T1", **given})
    for format_ in (FORMATS["xlsx"], FORMATS["csv"]):
        path = tmp_path / f"things.{format_.name}"
        with path.open("wb") as target, office.look("root") as unit:
            columns = ["code", *given]
            export(unit, Query(form="thing"), format_, target, columns=columns)
        result = run(office.runtime, office.person("root"), "thing", path)
        assert result.problems == ()
        assert (result.created, result.updated, result.unchanged) == (0, 0, 1), format_.name


def test_the_pages_show_fill_in_and_keep_every_type(office: Office, root: Reader, things: Project) -> None:
    assert root.get("/forms/thing/new").response.status_code == 200
    given = everything(office, things)
    record_id = office.create("root", "thing", {"code": "T1", **given}, {"a_lines": [{"tags": (1, 2)}]})
    before = stored(office, record_id)
    shown = root.get(f"/forms/thing/{record_id}")
    assert shown.response.status_code == 200
    assert root.get("/forms/thing").response.status_code == 200
    page = root.get(f"/forms/thing/{record_id}/edit")
    assert page.response.status_code == 200
    for html in (page.response.text, shown.response.text):
        assert "<script>" not in html
        assert " style=" not in html
    action = next(each.attributes["action"] for each in page.all("form") if "data-draft" in each.attributes)
    answer = root.post(action, {**page.form(action)})
    assert answer.response.status_code == 200, answer.text
    after = stored(office, record_id)
    ignored = {"revision", "updated_at", "updated_by"}
    assert {k: v for k, v in after.items() if k not in ignored} == {
        k: v for k, v in before.items() if k not in ignored
    }


def test_what_is_deleted_leaves_the_lists_that_let_it_go(office: Office, things: Project) -> None:
    record_id = office.create("root", "thing", {"code": "T1", "a_refs": (1, 2)})
    with office.act("root") as unit:
        records.apply(unit, [records.Delete(form="tag", id=1)])
    assert stored(office, record_id)["a_refs"] == (2,)


def test_what_is_referred_to_in_a_list_is_not_deleted_from_under_it(office: Office) -> None:
    office.create("root", "thing", {"code": "T1"}, {"a_lines": [{"tags": (2,)}]})
    with pytest.raises(records.ChangesRefused) as refused, office.act("root") as unit:
        records.apply(unit, [records.Delete(form="tag", id=2)])
    assert refused.value.problems[0].code == "in_use"


@pytest.mark.parametrize(
    ("name", "ids"), [("refs", (1, 99)), ("users", (99,)), ("files", (99,)), ("images", (99,))]
)
def test_an_id_of_nothing_is_refused(office: Office, name: str, ids: tuple[int, ...]) -> None:
    with pytest.raises(records.ChangesRefused) as refused:
        office.create("root", "thing", {"code": "T1", f"a_{name}": ids})
    assert [problem.path for problem in refused.value.problems] == [f"a_{name}"]


def test_an_upload_of_a_field_with_several_is_opened_by_who_sees_the_field(
    office: Office, root: Reader
) -> None:
    file_id = upload(office, "images")
    office.create("root", "thing", {"code": "T1", "a_images": (file_id,)})
    answer = root.get(f"/files/{file_id}").response
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert io.BytesIO(answer.content).read() == PNG


def test_only_records_are_referred_to(things: Project) -> None:
    assert things.form_by_id["thing"].by_id["a_users"].value_type == Many(Record("user"))
