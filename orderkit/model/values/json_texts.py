"""JSON that is kept as text: read exactly, and written in the one form in which equal data are equal."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

DEEPEST = 20
_UNKEPT = re.compile(r"[\ud800-\udfff]|(?<!\\)(?:\\\\)*\\u0000")
_WHOLE = 10**15


def read_json(text: str) -> Any:
    """Return what JSON text says, numbers with a fraction as Decimal. Raises ValueError."""
    try:
        value = json.loads(
            text, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_without_duplicates
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    return value


def canonical_json(value: object) -> str:
    """Return JSON text without freedom: keys in order, no blanks. Raises ValueError.

    A number that does not survive a program with floating point is refused, so that every reader sees
    the same; so is what nests deeper than 20.
    """
    text = json.dumps(
        _plain(value, 0), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    # PostgreSQL keeps neither half a surrogate pair nor the character of code 0, which JSON escapes.
    if _UNKEPT.search(text):
        raise ValueError("a character that databases do not keep")
    return text


def _plain(value: object, depth: int) -> object:
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    match value:
        case None | bool() | str():
            return value
        case int():
            return value
        case float() | Decimal():
            return _number(Decimal(repr(value)) if isinstance(value, float) else value)
        case Mapping():
            if not all(isinstance(key, str) for key in value):
                raise ValueError("keys are texts")
            return {key: _plain(each, depth + 1) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each, depth + 1) for each in value]
        case _:
            return str(value)


def _number(value: Decimal) -> int | float:
    if not value.is_finite() or value.adjusted() > 300:
        raise ValueError("no number of JSON")
    if value == value.to_integral_value() and abs(value) < _WHOLE:
        return int(value)
    nearest = float(value)
    if Decimal(repr(nearest)) != value:
        raise ValueError("more digits than programs keep")
    return nearest


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found
