"""A compiled expression as the browser gets it: the stored form, safe for JavaScript.

There is no second format: what the artifact keeps is what the browser walks. Only whole numbers are
written as text, since JavaScript reads numbers of JSON as floats and would lose digits past the fifteenth,
and decimals without an exponent.
"""

from decimal import Decimal
from typing import Any

from orderkit.model.expressions.nodes import Expression
from orderkit.model.stored import part_to_json


def browser_tree(expression: Expression) -> Any:
    """Return the tree as JSON values."""
    return _safe(part_to_json(expression))


def _safe(data: Any) -> Any:
    if isinstance(data, list):
        return [_safe(each) for each in data]
    if not isinstance(data, dict):
        return data
    if data.get("is") == "Decimal":
        return _number(data["value"])
    return {
        key: _number(value) if key == "value" and type(value) is int else _safe(value)
        for key, value in data.items()
    }


def _number(value: Any) -> Any:
    # Never with an exponent, as `str` writes small numbers.
    return {"is": "Decimal", "value": format(Decimal(value), "f")}
