"""Options of field types, connectors and operations as JSON Schema: what pydantic says, made as lax as YAML.

A text may be written without quotes, so a number or a flag is taken for it; a setting of a connection
may be `${NAME}` whatever it will be when the environment is read.
"""

from collections.abc import Mapping
from typing import Any

from orderkit.language.schema.values import json_value, read_value
from orderkit.model.options import About, OptionModel

Schema = dict[str, Any]

TEXT_TYPES = ["string", "number", "boolean"]
ENVIRONMENT: Schema = {"type": "string", "pattern": r"\$\{[A-Z][A-Z0-9_]*\}"}
_KEPT = frozenset(
    ["type", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "minProperties"]
)


def about_options(options: type[OptionModel]) -> Mapping[str, About]:
    """Return what is said of each option that a consultant may write."""
    return {
        name: about
        for name, field in options.model_fields.items()
        for about in field.metadata
        if isinstance(about, About)
    }


def option_schemas(options: type[OptionModel], *, from_environment: bool = False) -> Mapping[str, Schema]:
    """Return the schema of each option by name."""
    whole = options.model_json_schema()
    definitions = whole.get("$defs", {})
    abouts = about_options(options)
    found = {}
    for name, schema in whole.get("properties", {}).items():
        lax = _lax(schema, definitions, from_environment=from_environment)
        found[name] = {**_told(abouts.get(name)), **lax}
    return found


def argument_schemas(options: type[OptionModel]) -> Mapping[str, Schema]:
    """Return the arguments of an operation by name; each value may be an expression or a template."""
    return {name: _told(about) for name, about in about_options(options).items()}


def required_options(options: type[OptionModel]) -> list[str]:
    """Return the options that must be written."""
    return [name for name, field in options.model_fields.items() if field.is_required()]


def _told(about: About | None) -> Schema:
    if about is None:
        return {}
    told: Schema = {"description": f"{about.zh}\n\n{about.en}"}
    if about.example:
        told["examples"] = [json_value(read_value(about.example))]
    return told


def _lax(schema: Schema, definitions: Mapping[str, Schema], *, from_environment: bool) -> Schema:
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[-1]]
    lax = {key: value for key, value in schema.items() if key in _KEPT}

    def inner(each: Schema) -> Schema:
        return _lax(each, definitions, from_environment=from_environment)

    if "anyOf" in schema:
        lax["anyOf"] = [inner(each) for each in schema["anyOf"]]
    if "items" in schema:
        lax["items"] = inner(schema["items"])
    if "properties" in schema:
        lax["properties"] = {name: inner(each) for name, each in schema["properties"].items()}
        lax["required"] = schema.get("required", [])
    if "additionalProperties" in schema:
        more = schema["additionalProperties"]
        lax["additionalProperties"] = inner(more) if isinstance(more, dict) else more
    if lax == {"type": "string"}:
        lax["type"] = TEXT_TYPES
    if from_environment and lax.get("type") in ("integer", "number"):
        return {"anyOf": [lax, ENVIRONMENT]}
    return lax
