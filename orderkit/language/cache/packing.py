"""Findings as JSON and back. It makes only values of `orderkit.language.findings`, whatever it is given."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any

from orderkit.language import findings
from orderkit.language.findings import Code, Finding, Span
from orderkit.model.labels import label

_CODE = "Code"
_TUPLE = ""
_CLASSES: Mapping[str, type[Any]] = {
    each.__name__: each
    for each in vars(findings).values()
    if isinstance(each, type) and (is_dataclass(each) or issubclass(each, (StrEnum, Span)))
}


def packed(found: Iterable[Finding]) -> dict[str, Any]:
    """Return findings as values that JSON knows; each code stands there once."""
    codes: dict[str, Any] = {}
    return {"found": [_packed(finding, codes) for finding in found], "codes": codes}


def unpacked(data: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return the findings that were packed.

    Raises:
        KeyError, TypeError, ValueError: these are none.
    """
    codes = {name: Code(**_arguments(Code, parts, {})) for name, parts in data["codes"].items()}
    found = tuple(_unpacked(each, codes) for each in data["found"])
    if not all(isinstance(finding, Finding) for finding in found):
        raise TypeError("not all of them are findings")
    return found


def _packed(value: object, codes: dict[str, Any]) -> object:
    if isinstance(value, Code):
        codes.setdefault(value.id, _parts(value, codes))
        return [_CODE, value.id]
    if isinstance(value, StrEnum) and type(value).__name__ in _CLASSES:
        return [type(value).__name__, value.value]
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Span):
        return [Span.__name__, *value]
    if isinstance(value, tuple):
        return [_TUPLE, *(_packed(each, codes) for each in value)]
    if isinstance(value, Mapping):
        return {str(key): _packed(each, codes) for key, each in value.items()}
    return [type(value).__name__, *_parts(value, codes)]


def _parts(value: Any, codes: dict[str, Any]) -> list[object]:
    if _CLASSES.get(type(value).__name__) is not type(value):
        raise TypeError(f"{type(value).__name__} is not exported by orderkit.language.findings")
    return [_packed(getattr(value, each.name), codes) for each in fields(value)]


def _unpacked(value: Any, codes: Mapping[str, Code]) -> Any:
    if isinstance(value, dict):
        return label(**{key: _unpacked(each, codes) for key, each in value.items()})
    if not isinstance(value, list):
        return value
    name, *parts = value
    if name == _CODE:
        return codes[parts[0]]
    if name == _TUPLE:
        return tuple(_unpacked(each, codes) for each in parts)
    kind = _CLASSES[name]
    if issubclass(kind, (StrEnum, Span)):
        return kind(*parts)
    return kind(**_arguments(kind, parts, codes))


def _arguments(kind: type[Any], parts: Iterable[Any], codes: Mapping[str, Code]) -> dict[str, Any]:
    names = [each.name for each in fields(kind)]
    return {name: _unpacked(part, codes) for name, part in zip(names, parts, strict=True)}
