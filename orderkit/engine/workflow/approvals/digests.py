"""What an approval protects, as a digest: two looks at a record show the same if their digests are equal."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import assert_never

from orderkit.engine.rows import RecordRow
from orderkit.model.expressions.nodes import Expression, Get, Root, Scalar
from orderkit.model.expressions.tree import walk
from orderkit.model.forms import SystemRole
from orderkit.model.workflow.workflows import (
    Approval,
    ApprovalPart,
    Choose,
    Loop,
    Parallel,
    Step,
    parts_within,
)


def protected_digest(approval: Approval, row: RecordRow) -> str:
    """Return a digest of the protected values; a collection means all that people enter in its rows."""
    shown = {path: _shown(row, path) for path in sorted(approval.protects)}
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()


def deciding_digest(approval: Approval, row: RecordRow) -> str:
    """Return a digest of what decisions rest on: what is protected, and what the conditions of steps look at."""
    paths = {*approval.protects, *_looked_at(approval.steps)}
    shown = {path: _shown(row, path) for path in sorted(paths)}
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()


def _looked_at(parts: Iterable[ApprovalPart]) -> Iterator[str]:
    for part in parts:
        conditions: list[Expression | None] = []
        match part:
            case Step(when=when):
                conditions.append(when)
            case Choose(branches=branches) | Parallel(branches=branches):
                conditions += [each.when for each in branches]
            case Loop(rows=rows, where=where):
                conditions += [rows, where]
            case _:
                assert_never(part)
        for condition in conditions:
            if condition is not None:
                yield from _fields_of_record(condition)
        for inner in parts_within(part):
            yield from _looked_at(inner)


def _fields_of_record(condition: Expression) -> Iterator[str]:
    for each in walk(condition):
        if isinstance(each, Get) and isinstance(each.base, Root) and each.base.name in {"record", "this"}:
            yield each.field


def _shown(row: RecordRow, path: str) -> object:
    first, _, rest = path.partition(".")
    if first not in row.shape.collection_by_id:
        return _text(row.get(first))
    return [[_text(each.get(name)) for name in _columns(each, rest)] for each in row.rows(first)]


def _columns(row: RecordRow, name: str) -> list[str]:
    if name:
        return [name]
    kept = {SystemRole.NONE, SystemRole.ID}
    return [field.id for field in row.shape.stored_fields if field.system in kept]


def _text(value: Scalar) -> str | None:
    return None if value is None else str(value)
