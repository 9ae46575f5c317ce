"""The schema files: one a kind, and `orderkit.json`, which picks the one that a file's kind asks for.

Beside them `findings.json`, the shape of what `check --format json` prints.
"""

import json
from collections.abc import Mapping

from orderkit.catalog import Catalog
from orderkit.language.findings.formats.document import findings_schema
from orderkit.language.schema.definitions import Definitions, told
from orderkit.language.schema.options import Schema
from orderkit.language.spec import KINDS, kinds_with_word
from orderkit.model.labels import label

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
ANY_KIND = "orderkit.json"
FINDINGS = "findings.json"
_ID: Schema = {
    "description": told(label(zh="标识", en="its id")),
    "type": "string",
    "pattern": "^[a-z][a-z0-9_]*$",
    "maxLength": 40,
}


def schema_files(catalog: Catalog) -> Mapping[str, Schema]:
    """Return every schema by the name of its file."""
    return {
        **{f"{kind}.json": _schema_of(kind, catalog) for kind in KINDS},
        ANY_KIND: {
            "$schema": _DIALECT,
            "title": "orderkit",
            "type": "object",
            "anyOf": [{"required": [kind]} for kind in KINDS],
            "allOf": [{"if": _is_of(kind), "then": {"$ref": f"{kind}.json"}} for kind in KINDS],
        },
        FINDINGS: findings_schema(),
    }


def _is_of(kind: str) -> Schema:
    """Return the condition that a file is of a kind: its key may be a word of another."""
    others = [{"required": [other]} for other in kinds_with_word(kind)]
    return {"required": [kind], **({"not": {"anyOf": others}} if others else {})}


def written(schema: Schema) -> str:
    """Return the text of a schema's file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _schema_of(kind: str, catalog: Catalog) -> Schema:
    definitions = Definitions(catalog)
    schema = definitions.map_of(KINDS[kind], {kind: _ID})
    return {"$schema": _DIALECT, **schema, "$defs": dict(sorted(definitions.found.items()))}
