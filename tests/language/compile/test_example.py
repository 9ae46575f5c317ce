"""What the compiler makes of the example: the facts that the engine relies on."""

from decimal import Decimal
from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.source import read_directory
from orderkit.model.analysis.reports import RatioMeasure
from orderkit.model.exchange.integrations import Event, EventKind
from orderkit.model.expressions.nodes import Literal, Root, Structure
from orderkit.model.expressions.types import Choice, Number, Record, Rows
from orderkit.model.forms import Collection, SystemRole
from orderkit.model.people import HasRole, ManagerOf, NamedPerson
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import EditGrant, Step

FOLDER = Path(__file__).parents[3] / "examples" / "order-management"


@pytest.fixture(scope="module")
def project() -> Project:
    project = compile_project(read_directory(FOLDER), built_in()).value
    assert project is not None
    return project


def test_system_fields_come_first_and_the_state_last(project: Project) -> None:
    order = project.form_by_id["order"]
    assert [field.id for field in order.fields if field.system is not SystemRole.NONE] == [
        "id",
        "number",
        "owner",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "revision",
        "status",
    ]
    assert order.fields[-1].system is SystemRole.STATE
    assert order.fields[-1].workflow == "order_life"
    assert isinstance(order.by_id["status"].value_type, Choice)
    assert project.form_by_id["customer"].by_id.get("number") is None


def test_lines_are_a_form_that_refers_to_its_parent(project: Project) -> None:
    lines = project.form_by_id["order.lines"]
    assert lines.table == "order__lines"
    assert lines.parent == "order"
    assert [field.id for field in lines.fields[:3]] == ["id", "order", "position"]
    assert lines.parent_field is not None
    assert lines.parent_field.value_type == Record("order")
    assert project.form_by_id["order"].by_id["lines"].value_type == Rows("order.lines")


def test_reverse_references_and_lines_are_collections(project: Project) -> None:
    assert project.form_by_id["order"].collections == (
        Collection(id="lines", form="order.lines", via="order", is_lines=True),
        Collection(id="receipts", form="receipt", via="order", is_lines=False),
    )


def test_money_is_exact_and_of_the_projects_currency(project: Project) -> None:
    price = project.form_by_id["order.lines"].by_id["price"]
    assert price.value_type == Number(scale=4, currency="CNY")
    limit = project.form_by_id["customer"].by_id["credit_limit"]
    assert limit.default == Literal(Decimal("0.00"), Number(scale=2, currency="CNY"))


def test_users_and_departments_are_always_there(project: Project) -> None:
    assert project.form_by_id["user"].is_built_in
    assert project.form_by_id["department"].by_id["head"].value_type == Record("user")


def test_the_workflow_is_complete(project: Project) -> None:
    life = project.workflow_by_id["order_life"]
    assert life.state_by_id["planning"].edit == (
        EditGrant(who=HasRole("planner"), fields=("plan_start", "plan_end")),
    )
    assert life.transition_by_id["settle"].by is None
    assert life.transition_by_id["settle"].auto
    first = life.approvals[0].steps[0]
    assert isinstance(first, Step)
    assert first.approvers == ManagerOf(NamedPerson("owner"))
    ask = life.transition_by_id["cancel"].ask[0]
    assert (ask.field.id, ask.is_own, ask.required) == ("reason", True, True)
    ship = life.transition_by_id["ship"].after[0]
    assert (ship.kind, ship.options["to"]) == ("send", NamedPerson("owner"))


def test_ratios_are_over_the_measures(project: Project) -> None:
    margin = project.report_by_id["sales"].measure_by_id["margin"]
    assert isinstance(margin, RatioMeasure)
    assert Root("measures", Record("measures")) in _roots(margin.expression)


def _roots(expression: object) -> list[Root]:
    if isinstance(expression, Root):
        return [expression]
    slots = getattr(type(expression), "__slots__", ())
    return [root for name in slots for root in _roots(getattr(expression, name))]


def test_the_integration_calls_what_the_connection_offers(project: Project) -> None:
    posted = project.integration_by_id["receipt_posted"]
    assert posted.event == Event(
        form="receipt", kind=EventKind.ENTERED, workflow="receipt_life", subject="confirmed"
    )
    assert (posted.connection, posted.operation) == ("finance", "post")
    assert isinstance(posted.arguments, Structure)
    assert [entry.name for entry in posted.arguments.entries] == ["path", "body"]
    assert project.connection_by_id["finance"].limits.rate == (60, 60)


def test_the_import_fills_paths_through_references(project: Project) -> None:
    retail = project.import_by_id["online_retail"]
    assert retail.create_missing == ("customer", "lines.product")
    assert retail.is_history
    assert retail.waive == {"lines.qty.check"}
    assert [field for field, _ in retail.set][:2] == ["customer.code", "customer.name"]


def test_administrators_and_everyone_are_roles(project: Project) -> None:
    assert {"admin", "everyone"} <= project.role_by_id.keys()
