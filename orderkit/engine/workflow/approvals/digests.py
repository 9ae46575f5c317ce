"""What an approval protects, as a digest: two looks at a record show the same if their digests are equal."""

import hashlib
import json

from orderkit.engine.rows import RecordRow
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import SystemRole
from orderkit.model.workflow.workflows import Approval


def protected_digest(approval: Approval, row: RecordRow) -> str:
    """Return a digest of the protected values; a collection means all that people enter in its rows."""
    shown = {path: _shown(row, path) for path in sorted(approval.protects)}
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()


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
