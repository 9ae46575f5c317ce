"""The whole document: what all operations share, and what follows from each form and report."""

from typing import Any

from orderkit.catalog import Catalog, installed
from orderkit.model.labels import text_of
from orderkit.model.project import Project
from orderkit.web.api.idempotency import LONGEST_KEY
from orderkit.web.api.openapi.bulk import RESULT, RUN
from orderkit.web.api.openapi.names import with_names
from orderkit.web.api.openapi.parts import reference
from orderkit.web.api.openapi.paths import Paths, common_paths, form_paths, report_paths
from orderkit.web.api.openapi.schemas import FILE, PROBLEM, form_schemas
from orderkit.web.api.queries import DEFAULT_LIMIT, MAX_LIMIT

_PERSON = {
    "type": "object",
    "properties": {"id": {"type": ["integer", "null"]}, "name": {"type": "string"}},
}
_TASK = {
    "type": "object",
    "required": ["id", "form", "record", "state", "verbs", "seen"],
    "properties": {
        "id": {"type": "integer"},
        "workflow": {"type": "string"},
        "form": {"type": "string"},
        "record": {"type": "integer"},
        "title": {"type": "string"},
        "form_label": {"type": "string"},
        "step": {"type": "string"},
        "step_label": {"type": "string"},
        "assignee": _PERSON,
        "requested_by": _PERSON,
        "since": {"type": "string", "format": "date-time"},
        "due_at": {"type": ["string", "null"], "format": "date-time"},
        "state": {"type": "string"},
        "reason": {"type": ["string", "null"]},
        "comment": {"type": ["string", "null"]},
        "decided_by": {"anyOf": [_PERSON, {"type": "null"}]},
        "decided_at": {"type": ["string", "null"], "format": "date-time"},
        "verbs": {"type": "array", "items": {"enum": ["approve", "reject", "return", "answer"]}},
        "also": {
            "type": "array",
            "items": {"enum": ["transfer", "delegate", "add_signer", "copy"]},
            "description": "What may be done besides deciding.",
        },
        "substitutes": {"type": "boolean"},
        "is_help": {"type": "boolean"},
        "asked_by": {"anyOf": [_PERSON, {"type": "null"}]},
        "needs_signature": {"type": "boolean"},
        "choices": {"type": ["object", "null"]},
        "comment_on": {"type": "array", "items": {"enum": ["approve", "reject", "return"]}},
        "seen": {"type": "string", "description": "Sent back with the decision: what was decided upon."},
    },
}
_REPORT = {
    "type": "object",
    "required": ["columns", "rows"],
    "properties": {
        "columns": {"type": "array", "items": {"type": "object"}},
        "rows": {"type": "array", "items": {"type": "object"}},
    },
}


def document(project: Project, catalog: Catalog | None = None) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of a project, its texts in the project's main language."""
    return with_names(described(project, catalog))


def described(project: Project, catalog: Catalog | None = None) -> dict[str, Any]:
    """Return the document with its schemas called by what they are, whatever else there is: for comparing two."""
    catalog = catalog or installed()
    locale = project.locale
    forms = [form for form in project.forms if form.parent is None]
    paths: Paths = {}
    schemas: dict[str, Any] = {
        ":problem": PROBLEM,
        ":file": FILE,
        ":task": _TASK,
        ":report": _REPORT,
        ":bulk-run": RUN,
        ":bulk-result": RESULT,
    }
    for form in forms:
        paths.update(form_paths(form, project, catalog, locale))
        schemas.update(form_schemas(form, project, catalog, locale))
    for report in project.reports:
        paths.update(report_paths(report, locale))
    paths.update(common_paths(locale))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": text_of(project.label, locale),
            "version": project.version,
            "description": _DESCRIPTION,
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [
            *({"name": form.id, "description": text_of(form.label, locale)} for form in forms),
            *({"name": name} for name in ("tasks", "reports", "files")),
        ],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "parameters": _PARAMETERS,
            "responses": {
                "Problem": {
                    "description": "A refusal (RFC 9457)",
                    "content": {"application/problem+json": {"schema": reference("schemas", ":problem")}},
                }
            },
            "schemas": schemas,
        },
    }


_DESCRIPTION = """\
The same records, rules and rights as the pages.
Decimals are text, so that no reader rounds them; dates are ISO 8601; references are ids, their titles stand in `_titles`.
Any field filters a list: `?status=ready`, `?total.from=100`, `?name.contains=…`, `?carrier.empty=true`; several values of one field match any of them.
Groups stand before the name: `?any.1.status=ready&any.1.all.1.total.from=100&any.1.all.1.status=new`, joined by `any`, `all`, `none` or `notall`, up to 3 deep.
"""

_PARAMETERS: dict[str, Any] = {
    "Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}},
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of the record as it was read; another revision by now is refused with 412.",
        "schema": {"type": "string", "examples": ['"3"']},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A key of the caller's choice: a request repeated with it is done once and answered the same.",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    },
    "Search": {"name": "q", "in": "query", "schema": {"type": "string"}},
    "Sort": {
        "name": "sort",
        "in": "query",
        "description": "Fields, a minus for descending.",
        "schema": {"type": "string", "examples": ["-ordered_on,number"]},
    },
    "Fields": {
        "name": "fields",
        "in": "query",
        "description": "Only these fields; naming a collection adds its rows.",
        "schema": {"type": "string"},
    },
    "Count": {
        "name": "count",
        "in": "query",
        "description": "Also count the matching records, up to 10,000.",
        "schema": {"type": "string", "enum": ["true", "false"]},
    },
    "Cursor": {"name": "cursor", "in": "query", "schema": {"type": "string"}},
    "Limit": {
        "name": "limit",
        "in": "query",
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    },
}
