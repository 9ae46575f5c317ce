"""Examples that a reader can send as they are: made of the examples that every field type brings."""

from typing import Any

from orderkit.catalog import Catalog
from orderkit.fields.field_type import Accepts
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.project import Project


def example_of(field: Field, catalog: Catalog) -> Any:
    """Return a JSON value that the field accepts, None where its type and limits give none."""
    field_type = catalog.fields[field.type]
    values = field_type.json_schema(field.options).get("enum")
    if isinstance(values, list):
        return values[0]
    for example in field_type.examples:
        if (
            isinstance(example, Accepts)
            and example.value is not None
            and field_type.check(field.options, example.value) is None
        ):
            return field_type.to_json(field.options, example.value)
    return None


def creation_example(form: Form, project: Project, catalog: Catalog) -> dict[str, Any]:
    """Return the smallest body that says everything that must be said about a new record."""
    example = _examples([field for field in form.fields if is_needed(field)], catalog)
    for collection in form.lines:
        row_form = project.form_by_id[collection.form]
        example[collection.id] = [_examples([f for f in row_form.fields if is_needed(f)], catalog)]
    return example


def record_example(form: Form, project: Project, catalog: Catalog) -> dict[str, Any]:
    """Return a record as it is read, with one row in each collection."""
    shown = [field for field in form.fields if field.type != "lines"]
    example = {"id": 1, **_examples(shown, catalog), "_title": "…"}
    for collection in form.lines:
        row_form = project.form_by_id[collection.form]
        row = [f for f in row_form.fields if f.system is not SystemRole.PARENT]
        example[collection.id] = [_examples(row, catalog)]
    return example


def is_needed(field: Field) -> bool:
    """Return whether a new record must give this field: nothing else fills it."""
    return (
        field.required
        and field.system is SystemRole.NONE
        and field.default is None
        and field.copy is None
        and not field.is_derived
        and field.type != "lines"
    )


def _examples(fields: list[Field], catalog: Catalog) -> dict[str, Any]:
    found = {field.id: example_of(field, catalog) for field in fields}
    return {name: value for name, value in found.items() if value is not None}
