"""One project that writes the whole language: it compiles, is stored, built, served and laid out.

`whole/` is a workshop with orders, stock, credit, payments and deliveries. A new word is written there too,
or a test below names it.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from orderkit.artifact.serving import Opened, app_of, open_served
from orderkit.catalog import built_in
from orderkit.cli import main
from orderkit.engine import workflow
from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.accounts.tokens import make_token
from orderkit.engine.importing import seeds
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.language.compile import compile_project
from orderkit.language.expressions.calls.functions import NAMES
from orderkit.language.findings import render_human
from orderkit.language.format import format_file
from orderkit.language.schema import json_value, schema_files
from orderkit.language.source import load_file, read_directory
from orderkit.language.spec.words import Key
from orderkit.model.errors import Refused
from orderkit.model.expressions.nodes import AggregateFunction, Expression
from orderkit.model.people import ManagerOf, NamedPerson, Who
from orderkit.model.project import Project
from orderkit.model.stored import canonical, from_json, model_hash, to_json
from orderkit.web.request.cookies import SESSION
from tests.language.written_words import ACTIONS, WrittenWords, all_words
from tests.support.office import Office, Staff
from tests.web.reader import Page

WHOLE = Path(__file__).parent / "whole"
FILES = read_directory(WHOLE)
SOURCES = [path for path in FILES if path.endswith(".yaml")]
SCHEMAS = schema_files(built_in())
WORDS = {f"{words.name['en']}.{key.name}": key for words in all_words() for key in words.keys}
OPTIONS = [
    (each.name, option)
    for each in built_in().fields.values()
    for option in each.Options.model_fields
    if not (each.name == "lines" and option == "form")
]


@cache
def written() -> WrittenWords:
    return WrittenWords(FILES)


@cache
def whole() -> Project:
    outcome = compile_project(FILES, built_in())
    assert outcome.value is not None
    return outcome.value


@cache
def parts() -> tuple[object, ...]:
    """Return everything that stands somewhere in the model."""
    return tuple(_parts(whole()))


def _parts(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, tuple | list | frozenset):
        inner = list(value)
    elif isinstance(value, Mapping):
        inner = list(value.values())
    else:
        inner = [getattr(value, each.name) for each in fields(value)] if is_dataclass(value) else []
    for each in inner:
        yield from _parts(each)


def text() -> str:
    return "\n".join(FILES[path].decode() for path in SOURCES)


def test_it_compiles_without_a_finding() -> None:
    found = compile_project(FILES, built_in()).found
    sources = {path: FILES[path].decode() for path in SOURCES}
    assert not found, render_human(found, sources, "en")


@pytest.mark.parametrize("key", WORDS.values(), ids=WORDS)
def test_every_key_of_every_map_is_written(key: Key[object]) -> None:
    assert key in written()


@pytest.mark.parametrize(
    ("action", "word"), [(each.name, word) for each in ACTIONS.values() for word in each.words]
)
def test_every_word_of_every_action_is_written(action: str, word: str) -> None:
    assert (action, word) in written().of_actions


@pytest.mark.parametrize("name", built_in().fields)
def test_every_field_type_is_written(name: str) -> None:
    assert (name, "type") in written().of_types


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_every_option_of_every_type_is_written(name: str, option: str) -> None:
    assert (name, option) in written().of_types


def test_every_connector_is_connected() -> None:
    assert {each.connector for each in whole().connections} == set(built_in().connectors)


def test_every_function_is_called() -> None:
    called = set(re.findall(r"\b([a-z_]+)\(", text()))
    assert {*NAMES, *AggregateFunction, "find", "balance"} - called == set()


def test_every_kind_of_expression_is_kept() -> None:
    assert set(get_args(Expression)) - {type(each) for each in parts()} == set()


def test_every_way_to_name_people_is_kept() -> None:
    assert set(get_args(Who)) - {type(each) for each in parts()} == set()
    named = {each.name for each in parts() if isinstance(each, NamedPerson)}
    assert named == {
        "owner",
        "submitter",
        "approver",
        "previous",
        "holder",
        "followers",
        "everyone",
        "system",
    }
    assert {each.is_chain for each in parts() if isinstance(each, ManagerOf)} == {True, False}


def test_what_is_stored_is_read_again() -> None:
    stored = to_json(whole())
    again = from_json(stored, built_in().fields)
    assert again == whole()
    assert canonical(to_json(again)) == canonical(stored)
    assert model_hash(again) == model_hash(whole())


@pytest.mark.parametrize("path", SOURCES)
def test_the_schema_of_its_kind_accepts_each_file(path: str) -> None:
    file = load_file(path, FILES[path]).value
    assert file is not None
    (root,) = (json_value(each) for each in file.documents)
    assert isinstance(root, dict)
    kind = next(kind for kind in root if f"{kind}.json" in SCHEMAS)
    validator = Draft202012Validator(SCHEMAS[f"{kind}.json"])
    assert [f"{each.json_path}: {each.message}" for each in validator.iter_errors(root)] == []


def test_laying_it_out_keeps_the_model() -> None:
    laid_out = {
        path: format_file(path, data).data if path.endswith(".yaml") else data for path, data in FILES.items()
    }
    outcome = compile_project(laid_out, built_in())
    assert outcome.found == ()
    assert outcome.value is not None
    assert model_hash(outcome.value) == model_hash(whole())
    assert {path: format_file(path, data).data for path, data in laid_out.items() if path in SOURCES} == {
        path: laid_out[path] for path in SOURCES
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "workshop"
    shutil.copytree(WHOLE, folder)
    for command in ("build", "migrate"):
        with pytest.raises(SystemExit) as left:
            main(["--lang", "en", command, str(folder)])
        assert left.value.code == 0
    return folder


def test_build_says_once_of_each_place_that_it_awaits_its_engine(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--lang", "en", "build", str(built)])
    said = [line for line in capsys.readouterr().err.splitlines() if "no engine of this version" in line]
    places = [line.split(": ")[0] for line in said]
    assert len(places) == len(set(places)) == len(whole().awaiting)
    assert {each.what for each in whole().awaiting} >= {
        "ledger",
        "matching",
        "alert",
    }


@pytest.fixture(scope="module")
def opened(built: Path) -> Opened:
    return open_served(built, environment={})


@pytest.fixture(scope="module")
def office(opened: Opened) -> Office:
    """The served project with its reference records, and somebody who may do everything."""
    with opened.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        seeds.apply(unit)
    return Office(opened.runtime, [Staff(login="root", roles=("admin", "sales", "planner"))])


@pytest.fixture(scope="module")
def browser(opened: Opened, office: Office) -> Iterator[TestClient]:
    with opened.runtime.write(SYSTEM, Channel.PAGE) as unit:
        session = start_session(unit, office.ids["root"])
        token = make_token(unit, office.ids["root"], "test")
    with TestClient(app_of(opened, with_worker=False), base_url="http://shop.test") as client:
        client.cookies.set(SESSION, session.token, domain="shop.test")
        client.headers["authorization"] = f"Bearer {token}"
        yield client


@pytest.mark.parametrize("path", ["/readyz", "/", "/inbox", "/imports", "/api/v1/openapi.json"])
def test_the_app_answers(browser: TestClient, path: str) -> None:
    assert browser.get(path).status_code == 200


@pytest.mark.parametrize("form", [form.id for form in whole().forms if form.parent is None])
def test_each_form_has_a_list_a_sheet_to_fill_and_an_interface(browser: TestClient, form: str) -> None:
    answers = [browser.get(path) for path in (f"/forms/{form}", f"/forms/{form}/new", f"/api/v1/{form}")]
    assert [each.status_code for each in answers] == [200, 200, 200], [each.text[:500] for each in answers]


def test_sections_of_one_name_stand_on_a_tab_and_the_others_above(browser: TestClient) -> None:
    page = Page(browser.get("/forms/order/new"))
    assert [each.text for each in page.all(role="tab")] == ["算出来的", "其它"]
    for name, panel in (("process", "tab-2-panel"), ("customer", None)):
        field = next(each for each in page.elements if each.attributes.get("data-field") == name)
        assert [
            each.attributes["id"] for each in field.ancestors if each.attributes.get("role") == "tabpanel"
        ] == ([panel] if panel else [])


@pytest.mark.parametrize("path", ["/dashboards/overview", "/reports/sales"])
def test_what_is_reported_is_shown(browser: TestClient, path: str) -> None:
    assert browser.get(path).status_code == 200


def test_an_order_is_handed_in_once_its_approvers_are_chosen_and_taken_back(
    browser: TestClient, office: Office
) -> None:
    """Without them it is refused at their field; withdrawn, it waits for nobody any more."""
    day = office.today + timedelta(days=10)
    customer = office.create("root", "customer", {"code": "C001", "name": "甲公司"})
    product = office.create(
        "root", "product", {"code": "P001", "name": "支架", "list_price": Decimal(100), "cost": Decimal(60)}
    )
    rows = [{"product": product, "qty": Decimal(6)}]
    order = office.create("root", "order", {"customer": customer, "need_by": day}, {"lines": rows})
    assert office.value("order", order, "total") == Decimal("600.00")
    assert office.value("order", order, "days_left") == 10
    office.do("root", "order", order, "quote")
    with pytest.raises(Refused) as caught:
        office.do("root", "order", order, "place")
    assert [problem.path for problem in caught.value.problems] == ["approvers.picked"]
    for path in (f"/{order}", f"/{order}/edit", "?view=late", "/export"):
        assert browser.get(f"/forms/order{path}").status_code == 200, path
    answer = browser.get(f"/api/v1/order/{order}")
    assert (answer.status_code, answer.json()["days_left"]) == (200, 10)
    with office.act("root") as unit:
        workflow.do(unit, "order", order, "place", approvers={"picked": [office.ids["root"]]})
    assert office.value("order", order, "status") == "review"
    assert browser.get(f"/forms/order/{order}").status_code == 200
    with office.act("root") as unit:
        workflow.withdraw(unit, "order", order)
    assert office.value("order", order, "status") != "review"
