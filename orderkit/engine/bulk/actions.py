"""What is done to each record of a run, and how a run keeps it until it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from orderkit.catalog import Catalog
from orderkit.fields.field_type import Invalid
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, FieldId, FormId
from orderkit.model.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """The same values for every record; None empties a field."""

    values: Mapping[FieldId, Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A transition, with what it asks for answered alike for every record; or taking records back."""

    workflow: str
    transition: str
    values: Mapping[str, Scalar] = field(default_factory=dict)
    comment: str | None = None
    is_withdrawal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """The end of each record."""


BulkAction = Edit | Move | Remove

Stored = dict[str, Any]


def to_json(action: BulkAction, form: FormId, project: Project, catalog: Catalog) -> Stored:
    """Return an action as a run keeps it. Values of fields that the project does not know are left out."""
    match action:
        case Edit():
            values = _written(action.values, project.form_by_id[form].by_id, catalog)
            return {"kind": "edit", "values": values}
        case Move():
            fields = _asked(project, action.workflow, action.transition)
            return {
                "kind": "move",
                "workflow": action.workflow,
                "transition": action.transition,
                "values": _written(action.values, fields, catalog),
                "comment": action.comment,
                "is_withdrawal": action.is_withdrawal,
            }
        case Remove():
            return {"kind": "remove"}
        case _:
            assert_never(action)


def from_json(stored: Stored, form: FormId, project: Project, catalog: Catalog) -> BulkAction:
    """Return the action of a run."""
    match stored["kind"]:
        case "edit":
            return Edit(values=_read(stored["values"], project.form_by_id[form].by_id, catalog))
        case "move":
            fields = _asked(project, stored["workflow"], stored["transition"])
            return Move(
                workflow=stored["workflow"],
                transition=stored["transition"],
                values=_read(stored["values"], fields, catalog),
                comment=stored["comment"],
                is_withdrawal=stored["is_withdrawal"],
            )
        case _:
            return Remove()


def _asked(project: Project, workflow: str, transition: str) -> Mapping[str, Field]:
    life = project.workflow_by_id.get(workflow)
    found = None if life is None else life.transition_by_id.get(transition)
    return {} if found is None else {each.field.id: each.field for each in found.ask}


def _written(values: Mapping[str, Scalar], fields: Mapping[str, Field], catalog: Catalog) -> Stored:
    return {
        name: catalog.fields[fields[name].type].to_json(fields[name].options, value)
        for name, value in values.items()
        if name in fields
    }


def _read(stored: Stored, fields: Mapping[str, Field], catalog: Catalog) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for name, text in stored.items():
        known = fields.get(name)
        if known is None:
            continue
        value = catalog.fields[known.type].from_json(known.options, text)
        if not isinstance(value, Invalid):
            found[name] = value
    return found
