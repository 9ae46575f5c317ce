"""Pieces of which the description of every address is made."""

from typing import Any


def items_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list of such things."""
    return {
        "type": "object",
        "required": ["items"],
        "properties": {"items": {"type": "array", "items": schema}},
    }


def json_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the answer that carries such a thing as JSON."""
    return {"description": "OK", "content": {"application/json": {"schema": schema}}}


def reference(kind: str, name: str) -> dict[str, Any]:
    """Return where a component of the document stands: `parameters`, `responses`."""
    return {"$ref": f"#/components/{kind}/{name}"}
