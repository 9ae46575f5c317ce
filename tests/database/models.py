"""Small checked models made by hand, so that tests of the database do not wait for the compiler's rules."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from orderkit.catalog import built_in
from orderkit.model.expressions.nodes import Literal, Template
from orderkit.model.forms import Field, Form, ListLayout, SystemRole
from orderkit.model.labels import label
from orderkit.model.project import Project


def field(name: str, kind: str = "text", options: Mapping[str, Any] | None = None, **rest: Any) -> Field:
    """Return a field; `default` may be a plain value."""
    field_type = built_in().fields[kind]
    read = field_type.Options.model_validate(options or {})
    value_type = field_type.value_type(read)
    if "default" in rest:
        rest["default"] = Literal(rest["default"], value_type)
    return Field(id=name, type=kind, options=read, value_type=value_type, label=label(en=name), **rest)


def form(name: str, *fields: Field, parent: str | None = None, **rest: Any) -> Form:
    """Return a form with its system fields in front."""
    if parent is None:
        system = [
            field("id", "integer", system=SystemRole.ID),
            field("owner", "user", system=SystemRole.OWNER),
            field("created_at", "datetime", system=SystemRole.CREATED_AT),
            field("created_by", "user", system=SystemRole.CREATED_BY),
            field("updated_at", "datetime", system=SystemRole.UPDATED_AT),
            field("updated_by", "user", system=SystemRole.UPDATED_BY),
            field("revision", "integer", system=SystemRole.REVISION),
        ]
    else:
        system = [
            field("id", "integer", system=SystemRole.ID),
            field(parent, "ref", {"to": parent}, system=SystemRole.PARENT),
            field("position", "integer", system=SystemRole.POSITION),
        ]
    rest = {"title": Template(()), "list": ListLayout(columns=())} | rest
    return Form(id=name, label=label(en=name), fields=(*system, *fields), parent=parent, **rest)


DEPARTMENT = form(
    "department",
    field("name", required=True),
    field("parent", "ref", {"to": "department"}),
    field("head", "user"),
    is_built_in=True,
)
USER = form(
    "user",
    field("login", required=True, unique=True),
    field("name", required=True),
    field("department", "ref", {"to": "department"}),
    field("active", "boolean", default=True),
    is_built_in=True,
)
CUSTOMER = form("customer", field("code", required=True, unique=True), field("name", required=True))
ORDER = form(
    "order",
    field("customer", "ref", {"to": "customer"}, required=True),
    field("kind", "choice", {"options": ["standard", "custom"]}, default="standard", required=True),
    field("external_no"),
    field("ordered_on", "date"),
    field("total", "money"),
    unique=(("external_no", "customer"),),
)
LINES = form(
    "order.lines",
    field("product", required=True),
    field("qty", "decimal", {"scale": 3}, required=True),
    parent="order",
)


def shop(*forms: Form, name: str = "shop") -> Project:
    """Return a project of the built-in forms and `forms`; customer, order and lines when none is given."""
    found = {each.id: each for each in (DEPARTMENT, USER, *(forms or (CUSTOMER, ORDER, LINES)))}
    return Project(
        id=name,
        label=label(en=name),
        version="1.0.0",
        locale="zh-CN",
        locales=("zh-CN", "en"),
        timezone="Asia/Shanghai",
        currency="CNY",
        channels={},
        forms=tuple(found[name] for name in sorted(found)),
    )


def with_fields(target: Form, *fields: Field, without: tuple[str, ...] = (), **rest: Any) -> Form:
    """Return `target` with these fields added or replaced, and some left out."""
    new = {each.id: each for each in fields}
    kept = [new.pop(each.id, each) for each in target.fields if each.id not in without]
    return replace(target, fields=(*kept, *new.values()), **rest)
