"""The OpenAPI document tells the truth: every operation exists, every example is taken."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from orderkit.model.project import Project
from orderkit.web.api.openapi import document
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


def test_what_is_said_of_many_records_takes_no_name_that_a_project_may_give() -> None:
    forms = ("order", "bulk_run", "bulk_result")
    rows = "bulk: {type: lines, fields: {qty: {type: integer, label: {zh: 数量, en: Quantity}}}}"
    name = "name: {type: text, label: {zh: 名称, en: Name}}"
    made = project(
        *(
            f"form: {form}\nlabel: {{zh: 单, en: Slip}}\ntitle: '{{name}}'\nfields:\n  {name}\n  {rows}\n"
            for form in forms
        )
    )
    schemas = document(made)["components"]["schemas"]
    for form in forms:
        assert {"name", "bulk"} <= schemas[form]["properties"].keys()
        assert "qty" in schemas[f"{form}.bulk"]["properties"]
        assert schemas[f"{form}-bulk"]["properties"].keys() == {"name", "owner"}
    assert "is_under_way" in schemas["bulk-run"]["properties"]
    assert "outcome" in schemas["bulk-result"]["properties"]
