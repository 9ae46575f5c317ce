"""The OpenAPI document tells the truth: every operation exists, every example is taken."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from orderkit.database.changes.judging import Severity
from orderkit.model.project import Project
from orderkit.plan.values import Area
from orderkit.web.api.openapi import document
from tests.plan.plans import planned
from tests.support.projects import example, project
from tests.web.api.shop import Caller

METHODS = {"get", "post", "patch", "delete"}


@pytest.fixture(params=["the shop", "the example"])
def described(request: pytest.FixtureRequest, shop: Project) -> dict[str, Any]:
    return document(shop if request.param == "the shop" else example())


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, method.upper(), operation


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    def references(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for each in node.values():
                yield from references(each)
        elif isinstance(node, list):
            for each in node:
                yield from references(each)

    for reference in set(references(described)):
        target: Any = described
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]


def test_every_operation_has_a_name_of_its_own_and_a_summary(described: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(described)]
    assert len(names) == len(set(names))
    assert all(operation["summary"] for _, _, operation in operations(described))


def test_it_is_json_and_the_same_each_time(shop: Project) -> None:
    assert json.dumps(document(shop)) == json.dumps(document(shop))


def test_every_operation_exists(admin: Caller, shop: Project) -> None:
    for path, method, _ in operations(document(shop)):
        address = path.removeprefix("/api/v1").replace("{id}", "1").replace("{verb}", "approve")
        address = address.replace("{form}", "order").replace("{field}", "contract")
        answer = admin.call(method, address)
        assert answer.status_code != 405, (method, path)
        assert "no_such_address" not in answer.text, (method, path)
        assert answer.status_code < 500, answer.text


def test_the_server_serves_it(clerk: Caller, shop: Project) -> None:
    assert clerk.get("/openapi.json") == json.loads(json.dumps(document(shop)))


def test_the_example_of_a_creation_is_taken(admin: Caller, customer: int, shop: Project) -> None:
    schemas = document(shop)["components"]["schemas"]
    body = schemas["order.create"]["examples"][0]
    assert body.keys() >= {"customer", "lines"}
    admin.post("/order", {**body, "customer": customer})
    admin.post("/customer", schemas["customer.create"]["examples"][0])


CLASHING = (
    "task",
    "file",
    "report",
    "problem",
    "bulk_run",
    "order",
    "order_create",
    "order_lines",
    "order_bulk",
    "line2",
    "line_2",
)


def slips(*forms: str) -> Project:
    """Return a project whose forms have rows that are called as the API calls other things."""
    name = "{type: text, label: {zh: 名称, en: Name}}"
    rows = "\n".join(
        f"  {each}: {{type: lines, label: {{zh: 行, en: Rows}}, fields: {{of_{each}: {name}}}}}"
        for each in ("bulk", "create", "lines")
    )
    texts = {
        form: f"form: {form}\nlabel: {{zh: 单, en: Slip}}\ntitle: '{{name}}'\nfields:\n  name: {name}\n{rows}\n"
        for form in forms
    }
    return project(**texts)


def test_no_two_names_are_one_to_a_generator_of_clients() -> None:
    described = document(slips(*CLASHING))
    named = [
        list(described["components"]["schemas"]),
        [operation["operationId"] for _, _, operation in operations(described)],
    ]
    for names in named:
        words = ["".join(each for each in name.lower() if each.isalnum()) for name in names]
        assert sorted(words) == sorted(set(words))


def test_a_reference_leads_to_what_was_meant_whatever_else_is_called_so() -> None:
    described = document(slips(*CLASHING))
    schemas, paths = described["components"]["schemas"], described["paths"]

    def meant(holder: dict[str, Any]) -> dict[str, Any]:
        (kind,) = holder["content"].values()
        schema = kind["schema"].get("properties", {}).get("items", {}).get("items") or kind["schema"]
        found: dict[str, Any] = schemas[schema["$ref"].removeprefix("#/components/schemas/")]
        return found

    for form in CLASHING:
        one = paths[f"/api/v1/{form}"]
        read = meant(one["get"]["responses"]["200"])
        assert read is schemas["line_2-2" if form == "line_2" else form], "a form keeps its name"
        assert {"id", "name", "bulk", "create", "lines", "_title"} <= read["properties"].keys()
        assert "id" not in meant(one["post"]["requestBody"])["properties"]
        for rows in ("bulk", "create", "lines"):
            reference = read["properties"][rows]["items"]["$ref"]
            assert f"of_{rows}" in schemas[reference.removeprefix("#/components/schemas/")]["properties"]
    assert "verbs" in meant(paths["/api/v1/tasks/{id}"]["get"]["responses"]["200"])["properties"]
    assert "href" in meant(paths["/api/v1/files/{form}/{field}"]["post"]["responses"]["201"])["properties"]
    assert "is_under_way" in meant(paths["/api/v1/order/bulk/{id}"]["get"]["responses"]["200"])["properties"]
    assert "detail" in meant(described["components"]["responses"]["Problem"])["properties"]


def test_nothing_is_called_otherwise_but_what_would_collide() -> None:
    schemas = document(slips("order"))["components"]["schemas"]
    usual = {"order", "order.update", "order.lines", "order.lines.write", "task", "file", "report", "problem"}
    assert usual | {"order.create", "order.create-2", "order.bulk", "order-bulk-2"} <= schemas.keys()
    assert "of_create" in schemas["order.create"]["properties"], "rows come before what is sent"
    crowded = document(slips("order", "task"))["components"]["schemas"]
    assert schemas["task"] == crowded["orderkit-task"]
    assert {name: crowded[name] for name in schemas.keys() - {"task"}} == {
        name: schema for name, schema in schemas.items() if name != "task"
    }


def test_a_plan_tells_of_nothing_but_the_new_form_that_takes_a_name() -> None:
    found = planned(slips("order"), slips("order", "order_create", "task"))
    told = {each.subject: each.severity for each in found.entries if each.area is Area.API}
    assert told == {"/api/v1/order_create": Severity.SAFE, "/api/v1/task": Severity.SAFE}
    assert not planned(slips(*CLASHING), slips(*CLASHING)).entries
