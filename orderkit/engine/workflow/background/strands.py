"""A strand: actions still to be done in the background one after the other, as the payload of a job keeps them.

What their expressions may name is kept beside them: records by id, data from outside as its JSON, a record
that is gone or was different by what it held.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, cast

from orderkit.engine.jobs.payloads import to_json
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import FieldType
from orderkit.model.expressions.evaluation import RowLike, Value
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.stored import FORMAT_VERSION, part_from_json, part_to_json
from orderkit.model.workflow.workflows import Action

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A record as it was: before a change, or before it was deleted. It has no rows."""

    form: str
    id: int
    values: Mapping[str, Scalar]

    def get(self, field: str) -> Scalar:
        """Return what a field held."""
        return self.id if field == "id" else self.values.get(field)

    def rows(self, collection: str) -> Sequence[RowLike]:  # noqa: ARG002 - the port's signature
        """Return nothing."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """Actions to be done one after the other, about a record or about none.

    Args:
        actions: those that are left.
        key: names it among all strands; `number` counts what was done, so that each step has a key of its own.
        form, record_id: the record that they are about.
        workflow: the life of it that people and expressions are taken from.
        roots: what expressions may name besides, as `kept_roots` keeps it.
        block: the block that it is a branch of; it arrives there at its end.
        loop, cursor: within a loop, its block and the row behind which it goes on; None where none was begun.
        automation: the automation that it belongs to.
        run_as: the login of the person with whose rights it is done; None is the system.
    """

    actions: tuple[Action, ...]
    key: str
    number: int = 0
    form: str | None = None
    record_id: int | None = None
    workflow: str | None = None
    roots: Mapping[str, Any] = field(default_factory=dict)
    block: int | None = None
    loop: int | None = None
    cursor: int | None = None
    automation: str | None = None
    run_as: str | None = None

    def behind(self) -> "Strand":
        """Return what is left when the first action is done."""
        return replace(self, actions=self.actions[1:], number=self.number + 1, loop=None, cursor=None)

    def to_json(self) -> dict[str, Any]:
        """Return it as a payload."""
        return {
            "actions": part_to_json(self.actions),
            "format": FORMAT_VERSION,
            "key": self.key,
            "number": self.number,
            "form": self.form,
            "record_id": self.record_id,
            "workflow": self.workflow,
            "roots": dict(self.roots),
            "block": self.block,
            "loop": self.loop,
            "cursor": self.cursor,
            "automation": self.automation,
            "run_as": self.run_as,
        }


def strand_from_json(data: Mapping[str, Any], fields: Mapping[str, FieldType[Any]]) -> Strand:
    """Return what `to_json` wrote, in this release or an earlier one."""
    given = dict(data)
    written_in = given.pop("format")
    actions = part_from_json(given.pop("actions"), fields, written_in=written_in)
    return Strand(actions=cast("tuple[Action, ...]", actions), **given)


def kept_roots(roots: Mapping[str, Value]) -> dict[str, Any]:
    """Return what names stand for, as JSON."""
    return {name: _kept(value) for name, value in roots.items()}


def live_roots(unit: Unit, kept: Mapping[str, Any]) -> dict[str, Value]:
    """Return what names stand for now: of a record that is gone meanwhile, nothing."""
    return {name: _live(unit, each) for name, each in kept.items()}


def _kept(value: Value) -> dict[str, Any]:
    match value:
        case RecordRow():
            return {"form": value.form, "id": value.id}
        case Snapshot():
            held = part_to_json(dict(value.values))
            return {"form": value.form, "id": value.id, "values": held, "format": FORMAT_VERSION}
        case _:
            return {"json": json.dumps(to_json(value), ensure_ascii=False)}


def _live(unit: Unit, kept: Mapping[str, Any]) -> Value:
    if "json" in kept:
        return cast("Value", json.loads(kept["json"], parse_float=Decimal))
    if "values" not in kept:
        return rows_of(unit).row(kept["form"], kept["id"])
    held = part_from_json(kept["values"], unit.runtime.catalog.fields, written_in=kept["format"])
    return Snapshot(form=kept["form"], id=kept["id"], values=cast("Mapping[str, Scalar]", held))
