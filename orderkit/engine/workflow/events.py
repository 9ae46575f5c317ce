"""The append-only timeline: one row for every step of a record's life, and for what the system did itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from orderkit.database.schema.system_tables import workflow_event
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.instances import Instance


def write_event(
    unit: Unit,
    instance: Instance,
    verb: str,
    *,
    on_behalf_of_id: int | None = None,
    transition: str | None = None,
    source: str | None = None,
    step: str | None = None,
    comment: str | None = None,
    data: Mapping[str, object] | None = None,
) -> None:
    """Add one entry; `instance` is as it stands after the step, the unit's person is the actor."""
    unit.connection.execute(
        insert(workflow_event).values(
            **_entry(unit, instance, verb),
            on_behalf_of_id=on_behalf_of_id,
            transition=transition,
            source=source,
            target=instance.state if source is not None else None,
            step=step,
            comment=comment,
            data={**(data or {}), **_cause(unit)},
        )
    )


def write_starts(unit: Unit, instances: Sequence[Instance]) -> None:
    """Add the first entry of each of these lives, in one statement."""
    rows = [
        {
            **_entry(unit, each, "start"),
            "on_behalf_of_id": None,
            "target": each.state,
            "data": _cause(unit),
        }
        for each in instances
    ]
    unit.connection.execute(insert(workflow_event), rows)


def _cause(unit: Unit) -> dict[str, object]:
    """Return what led here where no person did: the request at the beginning of the chain, or the job."""
    return {} if unit.cause is None else {"cause": unit.cause}


def _entry(unit: Unit, instance: Instance, verb: str) -> dict[str, Any]:
    return {
        "instance_id": instance.id,
        "workflow": instance.workflow,
        "form": instance.form,
        "record_id": instance.record_id,
        "at": unit.now,
        "actor_id": unit.person.id,
        "verb": verb,
        "visit": instance.visit,
        "channel": str(unit.channel),
    }
