"""The model as canonical JSON, for the artifact, and back; what earlier releases wrote comes through `upgrades`.

The shape follows from the type hints of the frozen classes: nothing is listed here, so a new class or
field is stored at once. A value whose class the hints leave open (a union, `object`) carries its class
name under `is`; a field that has its default is left out. Options of fields are read by the classes of
the catalog, which the caller hands in.
"""

import hashlib
import json
import types
import typing
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any, Protocol

from orderkit.model import (
    calendars,
    forms,
    ledgers,
    menus,
    pages,
    people,
    project,
    roles,
    scenarios,
    signing_in,
)
from orderkit.model.analysis import alerts, matching, reports
from orderkit.model.exchange import imports, integrations, papers
from orderkit.model.expressions import nodes
from orderkit.model.expressions import types as language_types
from orderkit.model.forms import Field, Origin
from orderkit.model.options import OptionModel
from orderkit.model.project import Project
from orderkit.model.upgrades import CHAIN, Chain, Damaged, WrongFormat
from orderkit.model.values import durations
from orderkit.model.workflow import actions, automations, clocks, workflows

FORMAT_VERSION = CHAIN.format

_CLASS = "is"
_MODULES = (
    language_types,
    durations,
    nodes,
    people,
    forms,
    clocks,
    workflows,
    actions,
    reports,
    roles,
    integrations,
    automations,
    calendars,
    ledgers,
    matching,
    alerts,
    imports,
    menus,
    pages,
    papers,
    scenarios,
    signing_in,
    project,
)


class HasOptions(Protocol):
    """What is needed of a field type: the class that reads its options."""

    Options: type[Any]


FieldTypes = Mapping[str, HasOptions]
Encode = Callable[[Any], Any]
Decode = Callable[[Any, FieldTypes], Any]


def to_json(model: Project) -> dict[str, Any]:
    """Return the model as JSON values, in an order that depends on the model alone."""
    return {"format": FORMAT_VERSION, "project": _codec(Project).encode(model)}


def from_json(data: Mapping[str, Any], catalog_fields: FieldTypes, *, chain: Chain = CHAIN) -> Project:
    """Return the model that `to_json` wrote, here or in an earlier release. Raises WrongFormat."""
    try:
        written_in, written = data["format"], data["project"]
    except (KeyError, TypeError) as error:
        raise Damaged(error) from error
    model = _decoded(_codec(Project).decode, chain.project(written, written_in), catalog_fields)
    assert isinstance(model, Project)
    return model


def part_to_json(part: object) -> Any:
    """Return one object of the model, such as a workflow, as JSON values in the format FORMAT_VERSION."""
    return _encode_open(part)


def part_from_json(
    data: Any, catalog_fields: FieldTypes, *, written_in: int = FORMAT_VERSION, chain: Chain = CHAIN
) -> Any:
    """Return the object that `part_to_json` wrote in the format `written_in`. Raises WrongFormat."""
    return _decoded(_decode_open, chain.part(data, written_in), catalog_fields)


def _decoded(decode: Decode, data: Any, catalog_fields: FieldTypes) -> Any:
    try:
        return decode(data, catalog_fields)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Damaged(error) from error


def part_hash(part: object) -> str:
    """Return the SHA-256 of what one object of the model means, wherever it stands in the files."""
    return hashlib.sha256(canonical(_without_origins(part_to_json(part))).encode()).hexdigest()


def canonical(data: object) -> str:
    """Return JSON text without freedom: no spaces, characters as they are.

    Keys keep the order of the model, for the order of options and columns is what people see.
    """
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def model_hash(model: Project) -> str:
    """Return the SHA-256 of what the model means.

    Moving an object to another line does not change it, so neither does the order of what awaits its engine,
    nor a new release that writes the same things under another format number; nor do scenarios, on which
    nothing hangs that runs.
    """
    meant = _codec(Project).encode(replace(model, awaiting=(), scenarios=()))
    return hashlib.sha256(canonical(_without_origins(meant)).encode()).hexdigest()


def _without_origins(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_origins(value) for key, value in data.items() if not _is_origin(key, value)}
    if isinstance(data, list):
        return [_without_origins(item) for item in data]
    return data


def _is_origin(key: str, value: Any) -> bool:
    return key == "origin" and isinstance(value, dict) and value.keys() == _ORIGIN_KEYS


_ORIGIN_KEYS = {field.name for field in fields(Origin)}


@dataclass(frozen=True, slots=True)
class _Codec:
    """How values of one type are written and read."""

    encode: Encode
    decode: Decode


def _same(value: Any, _: FieldTypes | None = None) -> Any:
    return value


_AS_IT_IS = _Codec(_same, _same)

# What JSON cannot hold by itself, by class name.
_SCALARS: dict[str, tuple[type, Encode, Callable[[Any], Any]]] = {
    "Decimal": (Decimal, str, Decimal),
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "time": (time, time.isoformat, time.fromisoformat),
    "timedelta": (
        timedelta,
        lambda value: [value.days, value.seconds, value.microseconds],
        lambda parts: timedelta(days=parts[0], seconds=parts[1], microseconds=parts[2]),
    ),
}
_SCALAR_NAMES = {entry[0]: name for name, entry in _SCALARS.items()}


@cache
def _codec(hint: Hashable) -> _Codec:
    """Return the codec of a type hint."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint in (str, int, bool) or origin is typing.Literal:
        return _AS_IT_IS
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _Codec(lambda value: value.value, lambda data, _: hint(data))
    if isinstance(hint, type) and is_dataclass(hint):
        return _class_codec(hint)
    if origin is tuple:
        return _tuple_codec(arguments)
    if origin is frozenset:
        return _set_codec(_codec(arguments[0]))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_codec(_codec(arguments[1]))
    if origin in (typing.Union, types.UnionType):
        known = [argument for argument in arguments if argument is not type(None)]
        if len(known) == 1:
            return _optional_codec(_codec(known[0]))
    return _Codec(_encode_open, _decode_open)


def _class_codec(cls: type) -> _Codec:
    hints = typing.get_type_hints(cls)
    parts = [(field.name, _default_of(field), hints[field.name]) for field in fields(cls)]
    # Codecs of the parts are found at the first use, as classes may hold each other.
    codecs: dict[str, _Codec] = {}

    def codec_of(name: str, hint: Any) -> _Codec:
        if name not in codecs:
            codecs[name] = _options_codec() if hint is OptionModel else _codec(hint)
        return codecs[name]

    def encode(value: Any) -> dict[str, Any]:
        found = {}
        for name, default, hint in parts:
            part = getattr(value, name)
            if default is MISSING or not _is_same(part, default):
                found[name] = codec_of(name, hint).encode(part)
        return found

    def decode(data: Any, field_types: FieldTypes) -> Any:
        arguments = {
            name: codec_of(name, hint).decode(data[name], field_types)
            for name, _, hint in parts
            if name in data
        }
        if cls is Field:
            arguments["options"] = field_types[data["type"]].Options.model_validate(data["options"])
        return cls(**arguments)

    return _Codec(encode, decode)


def _default_of(field: Any) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _is_same(value: Any, default: Any) -> bool:
    return type(value) is type(default) and bool(value == default)


def _options_codec() -> _Codec:
    return _Codec(lambda options: options.model_dump(mode="json", exclude_defaults=True), _same)


def _tuple_codec(arguments: tuple[Any, ...]) -> _Codec:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _codec(arguments[0])
        return _Codec(
            lambda value: [item.encode(each) for each in value],
            lambda data, field_types: tuple([item.decode(each, field_types) for each in data]),
        )
    items = [_codec(argument) for argument in arguments]
    return _Codec(
        lambda value: [codec.encode(each) for codec, each in zip(items, value, strict=True)],
        lambda data, field_types: tuple(
            [codec.decode(each, field_types) for codec, each in zip(items, data, strict=True)]
        ),
    )


def _set_codec(item: _Codec) -> _Codec:
    return _Codec(
        lambda value: sorted(item.encode(each) for each in value),
        lambda data, field_types: frozenset([item.decode(each, field_types) for each in data]),
    )


def _mapping_codec(item: _Codec) -> _Codec:
    return _Codec(
        lambda value: {key: item.encode(each) for key, each in value.items()},
        lambda data, field_types: MappingProxyType(
            {key: item.decode(each, field_types) for key, each in data.items()}
        ),
    )


def _optional_codec(item: _Codec) -> _Codec:
    return _Codec(
        lambda value: None if value is None else item.encode(value),
        lambda data, field_types: None if data is None else item.decode(data, field_types),
    )


def _encode_open(value: Any) -> Any:
    """Write a value whose class the hint leaves open, with its class beside it."""
    if value is None or isinstance(value, Enum) or type(value) in (str, int, bool):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Mapping):
        return {_CLASS: "Mapping", "of": {key: _encode_open(each) for key, each in value.items()}}
    if isinstance(value, (tuple, list)):
        return [_encode_open(each) for each in value]
    name = _SCALAR_NAMES.get(type(value))
    if name is not None:
        return {_CLASS: name, "value": _SCALARS[name][1](value)}
    cls = type(value)
    if _classes().get(cls.__name__) is not cls:
        raise TypeError(f"a {cls.__name__} cannot be stored in a model")
    return {_CLASS: cls.__name__, **_codec(cls).encode(value)}


def _decode_open(data: Any, field_types: FieldTypes) -> Any:
    if isinstance(data, list):
        return tuple([_decode_open(each, field_types) for each in data])
    if not isinstance(data, dict):
        return data
    name = data[_CLASS]
    if name == "Mapping":
        return MappingProxyType({key: _decode_open(each, field_types) for key, each in data["of"].items()})
    if name in _SCALARS:
        return _SCALARS[name][2](data["value"])
    return _codec(_classes()[name]).decode(data, field_types)


@cache
def _classes() -> Mapping[str, Any]:
    """Every class of the model by name, which is its word in the JSON."""
    found: dict[str, Any] = {}
    for cls in _model_classes(_MODULES):
        assert cls.__name__ not in found, f"two model classes are named {cls.__name__}"
        found[cls.__name__] = cls
    return found


def _model_classes(modules: Iterable[ModuleType]) -> Iterable[type]:
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, type) and is_dataclass(value) and value.__module__ == module.__name__:
                yield value


__all__ = [
    "FORMAT_VERSION",
    "WrongFormat",
    "canonical",
    "from_json",
    "model_hash",
    "part_from_json",
    "part_hash",
    "part_to_json",
    "to_json",
]
