"""What records look like in requests and answers, as JSON Schemas: four for a form.

`order` is what is read, `order:create` and `order:update` what is sent, `order:bulk` what may be given to many; see
`names` for what they are called outside. A hidden field is left out of an answer, so nothing but the id is promised there.
"""

from typing import Any

from orderkit.catalog import Catalog
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import text_of
from orderkit.model.project import Project
from orderkit.web.api.openapi.examples import creation_example, is_needed, record_example
from orderkit.web.api.openapi.parts import reference
from orderkit.web.editing.decoding import may_be_given_to_many

Schema = dict[str, Any]

PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "urn:orderkit:problem:<code>"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "code", "message"],
                "properties": {
                    "path": {"type": "string", "examples": ["lines.2.qty"]},
                    "code": {"type": "string", "examples": ["required"]},
                    "message": {"type": "string"},
                    "help": {"type": "string"},
                },
            },
        },
    },
}

_FILE_SCHEMA: Schema = reference("schemas", ":file")
_TOLD: dict[str, Schema] = {
    "_title": {"type": "string", "readOnly": True, "description": "What people call this record."},
    "_titles": {
        "type": "object",
        "readOnly": True,
        "additionalProperties": {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
        },
        "description": "The titles of the records that references name, by field; a list where there are several.",
    },
    "_files": {
        "type": "object",
        "readOnly": True,
        "additionalProperties": {
            "anyOf": [_FILE_SCHEMA, {"type": "array", "items": _FILE_SCHEMA}],
        },
        "description": "The attachments, by field; a list where there may be several.",
    },
    "_masked": {
        "type": "array",
        "readOnly": True,
        "items": {"type": "string"},
        "description": "The fields whose values are masked for the caller.",
    },
}

FILE: Schema = {
    "type": "object",
    "required": ["id", "name", "media_type", "size", "href"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "media_type": {"type": "string"},
        "size": {"type": "integer"},
        "href": {"type": "string"},
    },
}


def form_schemas(form: Form, project: Project, catalog: Catalog, locale: str) -> dict[str, Schema]:
    """Return the schemas of one form and of its rows, by component name."""
    schemas: dict[str, Schema] = {
        form.id: _read(form, project, catalog, locale),
        f"{form.id}:create": _written(form, project, catalog, locale, is_new=True),
        f"{form.id}:update": _written(form, project, catalog, locale, is_new=False),
    }
    if form.parent is None:
        schemas[f"{form.id}:bulk"] = {
            "type": "object",
            "properties": {
                each.id: field_schema(each, catalog, locale)
                for each in form.fields
                if may_be_given_to_many(each, catalog)
            },
            "additionalProperties": False,
        }
    for collection in form.lines:
        row_form = project.form_by_id[collection.form]
        schemas[row_form.id] = _read(row_form, project, catalog, locale)
        schemas[f"{row_form.id}:write"] = _row_written(row_form, project, catalog, locale)
    return schemas


def field_schema(field: Field, catalog: Catalog, locale: str) -> Schema:
    """Return the schema of a field's value; what is not required may be null."""
    schema: Schema = {**catalog.fields[field.type].json_schema(field.options)}
    if not field.required and field.type != "boolean":
        if isinstance(schema.get("type"), str):
            schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    schema["title"] = text_of(field.label, locale)
    if field.help is not None:
        schema["description"] = text_of(field.help, locale)
    return schema


def is_writable(field: Field) -> bool:
    """Return whether a request may give this field at all; roles and states may still forbid it."""
    by_people = field.system in {SystemRole.NONE, SystemRole.OWNER}
    return (
        by_people
        and not field.is_derived
        and (field.copy is None or field.editable)
        and field.type != "lines"
    )


def _read(form: Form, project: Project, catalog: Catalog, locale: str) -> Schema:
    properties: dict[str, Schema] = {}
    for field in form.fields:
        if field.type == "lines" or field.system is SystemRole.PARENT:
            continue
        schema = field_schema(field, catalog, locale)
        if field.mask is not None:
            schema = {"title": schema["title"], "description": "Masked text for some callers."}
        properties[field.id] = schema if is_writable(field) else {**schema, "readOnly": True}
    for collection in form.lines:
        rows = {"$ref": f"#/components/schemas/{collection.form}"}
        properties[collection.id] = {"type": "array", "items": rows}
    told = _TOLD if form.parent is None else {k: v for k, v in _TOLD.items() if k != "_title"}
    schema = {"type": "object", "title": text_of(form.label, locale), "required": ["id"]}
    schema["properties"] = {**properties, **told}
    if form.parent is None:
        schema["examples"] = [record_example(form, project, catalog)]
    return schema


def _written(form: Form, project: Project, catalog: Catalog, locale: str, *, is_new: bool) -> Schema:
    properties = _writable(form, catalog, locale)
    for collection in form.lines:
        field = form.by_id.get(collection.id)
        limits = {} if field is None else catalog.fields[field.type].json_schema(field.options)
        rows = {"$ref": f"#/components/schemas/{collection.form}:write"}
        properties[collection.id] = {**limits, "type": "array", "items": rows}
    schema: Schema = {
        "type": "object",
        "title": text_of(form.label, locale),
        "properties": properties,
        "patternProperties": {"^_": {"description": "What answers tell besides fields; ignored."}},
        "additionalProperties": False,
    }
    if is_new:
        needed = [field.id for field in form.fields if is_needed(field)]
        if needed:
            schema["required"] = needed
        schema["examples"] = [creation_example(form, project, catalog)]
    return schema


def _row_written(form: Form, project: Project, catalog: Catalog, locale: str) -> Schema:
    identity: Schema = {"type": "integer", "description": "A row that is there already; left out, a new one."}
    return {
        "type": "object",
        "title": text_of(form.label, locale),
        "properties": {"id": identity, **_writable(form, catalog, locale)},
        "patternProperties": {"^_": {"description": "What answers tell besides fields; ignored."}},
        "additionalProperties": False,
        "examples": [creation_example(form, project, catalog)],
    }


def _writable(form: Form, catalog: Catalog, locale: str) -> dict[str, Schema]:
    return {field.id: field_schema(field, catalog, locale) for field in form.fields if is_writable(field)}
