"""The API: what its clients meet, from the OpenAPI documents before and after.

Breaking is what a client of today may stumble over: an address or a field that is gone, a value that must
be sent, that may be of another type, that may be empty, or that is no longer accepted.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orderkit.database.changes.judging import Severity
from orderkit.model.labels import Label, label
from orderkit.plan.values import Area, Consequence, Entry, Manner
from orderkit.plan.words.filling import code, filled

Document = Mapping[str, Any]

_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
# What helps people read a document and binds no client.
_SAID = frozenset({"title", "description", "examples", "summary", "operationId", "tags", "readOnly"})
# How the names of schemas end that are sent, beside those that are answered.
_WRITTEN = (":create", ":update", ":write", ":bulk")
_NEW = label(zh="API 新增地址 {path}", en="API: new address {path}")
_GONE = label(zh="API 地址 {path} 不再存在", en="API: address {path} is gone")
_PARAMETERS = label(zh="API 地址 {path} 的参数改变", en="API: parameters of {path} change")
_FIELD_NEW = label(zh="API 新增字段 {name}", en="API: new field {name}")
_FIELD_GONE = label(zh="API 不再有字段 {name}", en="API: field {name} is gone")
_FIELD_CHANGED = label(zh="API 字段 {name} 改变", en="API: field {name} changes")
_MUST_SEND = label(zh="新建时必须给出", en="must be sent when a record is made")
_NEED_NOT_SEND = label(zh="新建时可以不给", en="need not be sent any more")
_TYPE = label(zh="类型由 {old} 变为 {new}", en="its type changes from {old} to {new}")
_MAY_BE_EMPTY = label(zh="返回值可能为空", en="answers may hold null")
_NEVER_EMPTY = label(zh="返回值不再为空", en="answers never hold null")
_NOT_NULL = label(zh="不再接受空值", en="null is no longer accepted")
_REFUSED = label(zh="不再接受 {values}", en="{values} is no longer accepted")
_ANSWERED = label(zh="返回值可能是 {values}", en="answers may hold {values}")
_MOST_SHOWN = 60
_LIMIT = label(zh="{word} 由 {old} 变为 {new}", en="{word} changes from {old} to {new}")
_NOT_SENT = label(zh="不再能写入", en="can no longer be sent")
_SENT = label(zh="现在可以写入", en="can be sent now")


@dataclass(slots=True)
class _Found:
    """What is found about one field of one form, over its schemas for reading and writing."""

    old: Mapping[str, Any] | None = None
    new: Mapping[str, Any] | None = None
    told: dict[str, tuple[Severity, Label]] = field(default_factory=dict)

    def add(self, severity: Severity, words: Label) -> None:
        self.told.setdefault(words["en"], (severity, words))


def api_entries(old: Document, new: Document) -> Iterator[Entry]:
    """Yield what changes for clients of the API: addresses, then fields."""
    yield from _addresses(old.get("paths", {}), new.get("paths", {}))
    before, after = (side.get("components", {}).get("schemas", {}) for side in (old, new))
    names = {next((name.removesuffix(end) for end in _WRITTEN if name.endswith(end)), name) for name in after}
    for name in sorted(names):
        if name in before and name in after:
            yield from _fields(name, before, after)


def _addresses(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Entry]:
    if old == new:
        return
    before, after = _operations(old), _operations(new)
    for path in _together(before, after):
        yield _address(_GONE, path, Manner.REMOVED, Severity.BREAKING)
    for path in _together(after, before):
        yield _address(_NEW, path, Manner.ADDED, Severity.SAFE)
    for path, operation in after.items():
        if path not in before:
            continue
        weight = _told_parameters(before[path], operation)
        if weight is not None:
            yield _address(_PARAMETERS, path, Manner.CHANGED, weight)


def _together(one: Iterable[str], other: Iterable[str]) -> Iterator[str]:
    """Yield the operations that only one side has; those of a resource that the other lacks whole, as one."""
    known, resources = frozenset(other), {_resource(path) for path in other}
    lacking = (path if _resource(path) in resources else _resource(path) for path in one if path not in known)
    yield from dict.fromkeys(lacking)


def _resource(operation: str) -> str:
    """Return the address of the records that an operation is about: `/api/v1/order`."""
    address = operation.partition(" ")[2]
    return "/".join(address.split("/")[:4])


def _operations(paths: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{method.upper()} {path}": operation
        for path, operations in paths.items()
        for method, operation in operations.items()
        if method in _METHODS
    }


def _address(words: Label, path: str, manner: Manner, severity: Severity) -> Entry:
    return Entry(
        severity=severity, area=Area.API, subject=path, manner=manner, words=filled(words, path=code(path))
    )


def _told_parameters(old: Mapping[str, Any], new: Mapping[str, Any]) -> Severity | None:
    before, after = _bare(old), _bare(new)
    if before == after:
        return None
    names = [{each.get("name", str(each)) for each in side.get("parameters", ())} for side in (old, new)]
    is_asked = before.get("requestBody") != after.get("requestBody")
    return Severity.BREAKING if is_asked or names[0] - names[1] else Severity.SAFE


def _fields(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Entry]:
    found: dict[str, _Found] = {}
    for suffix in ("", *_WRITTEN):
        schema = f"{name}{suffix}"
        if old.get(schema) == new.get(schema):
            continue
        _compare(old.get(schema, {}), new.get(schema, {}), found, is_read=not suffix)
    for path, each in found.items():
        entry = _field_entry(f"{name}.{path}", each)
        if entry is not None:
            yield entry


def _compare(old: Document, new: Document, found: dict[str, _Found], *, is_read: bool) -> None:
    before, after = old.get("properties", {}), new.get("properties", {})
    required = [set(side.get("required", ())) for side in (old, new)]
    for name in {**before, **after}:
        if name not in before or name not in after:
            each = found.setdefault(name, _Found())
            each.old, each.new = each.old or before.get(name), each.new or after.get(name)
            if not is_read and name in before:
                each.add(Severity.BREAKING, _NOT_SENT)
            elif not is_read:
                each.add(Severity.SAFE, _SENT)
        elif _bare(before[name]) != _bare(after[name]):
            each = found.setdefault(name, _Found(before[name], after[name]))
            each.old, each.new = before[name], after[name]
            _of_value(before[name], after[name], each, is_read=is_read)
        if not is_read and name in after and (name in required[0]) != (name in required[1]):
            each = found.setdefault(name, _Found(before.get(name), after[name]))
            is_more = name in required[1]
            each.add(
                Severity.BREAKING if is_more else Severity.SAFE, _MUST_SEND if is_more else _NEED_NOT_SEND
            )


def _of_value(old: Document, new: Document, found: _Found, *, is_read: bool) -> None:
    types = [_types(side) for side in (old, new)]
    if types[0] - {"null"} != types[1] - {"null"}:
        words = filled(_TYPE, old=_named(types[0]), new=_named(types[1]))
        found.add(Severity.BREAKING, words)
    elif types[0] != types[1]:
        is_empty = "null" in types[1]
        if is_read:
            found.add(*((Severity.BREAKING, _MAY_BE_EMPTY) if is_empty else (Severity.SAFE, _NEVER_EMPTY)))
        elif not is_empty:
            found.add(Severity.BREAKING, _NOT_NULL)
    values = [_values(side) for side in (old, new)]
    if values[0] != values[1] and values[1]:
        gone, come = values[0] - values[1], values[1] - values[0]
        if gone and not is_read:
            found.add(Severity.BREAKING, filled(_REFUSED, values=_named(gone)))
        if come and is_read:
            found.add(Severity.SAFE, filled(_ANSWERED, values=_named(come)))
    for word in sorted({*old, *new} - _SAID - {"type", "enum", "anyOf"}):
        if old.get(word) != new.get(word):
            weight = Severity.SAFE if is_read or new.get(word) is None else Severity.BREAKING
            words = filled(_LIMIT, word=code(word), old=_shown(old.get(word)), new=_shown(new.get(word)))
            found.add(weight, words)


def _types(schema: Document) -> set[str]:
    kind = schema.get("type", "any")
    found = {str(each) for each in (kind if isinstance(kind, list) else [kind])}
    if "format" in schema:
        found = {f"{each} ({schema['format']})" if each == "string" else each for each in found}
    return found


def _values(schema: Document) -> set[str]:
    inner = schema.get("items", schema)
    return (
        {str(each) for each in inner.get("enum", ()) if each is not None}
        if isinstance(inner, Mapping)
        else set()
    )


def _named(names: set[str]) -> Label:
    return code(", ".join(sorted(names - {"null"})))


def _shown(value: object) -> Label:
    if value is None:
        return label(zh="无", en="nothing")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return code(text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…")


def _bare(schema: Any) -> Any:
    """Return what of a schema binds clients."""
    if isinstance(schema, Mapping):
        return {name: _bare(value) for name, value in schema.items() if name not in _SAID}
    return [_bare(each) for each in schema] if isinstance(schema, list) else schema


def _field_entry(name: str, found: _Found) -> Entry | None:
    if found.old is None:
        words, manner, least = _FIELD_NEW, Manner.ADDED, Severity.SAFE
    elif found.new is None:
        words, manner, least = _FIELD_GONE, Manner.REMOVED, Severity.BREAKING
    elif found.told:
        words, manner, least = _FIELD_CHANGED, Manner.CHANGED, Severity.SAFE
    else:
        return None
    told = [each for each in found.told.values() if manner is Manner.CHANGED or each[1] is _MUST_SEND]
    return Entry(
        severity=max([least, *(severity for severity, _ in told)]),
        area=Area.API,
        subject=name,
        manner=manner,
        words=filled(words, name=code(name)),
        consequences=tuple(Consequence(words=each) for _, each in told),
    )
