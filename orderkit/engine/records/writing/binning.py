"""Putting into the bin what is deleted, whole and in the same transaction; how it comes back is `restoring`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select

from orderkit.database.schema.system_tables import deleted_record, workflow_instance
from orderkit.engine.records.writing.storing import Removal
from orderkit.engine.rows import RecordRow, title_of
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FormId

IDS_AT_ONCE = 10_000


def keep_in_bin(unit: Unit, removals: Sequence[Removal]) -> None:
    """Keep records that are about to be deleted, with their lines and where they stood in their workflows."""
    if not removals:
        return
    lives = _lives(unit, removals)
    rows = [
        {
            "form": removal.row.form,
            "record_id": removal.row.id,
            "title": title_of(unit, removal.row),
            "content": {
                "values": _values(unit, removal.row),
                "lines": {
                    collection: [{"id": line.id, "values": _values(unit, line)} for line in lines]
                    for collection, lines in removal.lines.items()
                },
                "lives": lives.get((removal.row.form, removal.row.id), []),
            },
            "deleted_at": unit.now,
            "deleted_by": unit.person.id,
            "channel": unit.channel.value,
        }
        for removal in removals
    ]
    unit.connection.execute(insert(deleted_record), rows)


def _values(unit: Unit, row: RecordRow) -> dict[str, object]:
    fields = unit.runtime.catalog.fields
    return {
        field.id: fields[field.type].to_json(field.options, value)
        for field in row.shape.stored_fields
        if field.id != "id" and (value := row.get(field.id)) is not None
    }


def _lives(unit: Unit, removals: Iterable[Removal]) -> Mapping[tuple[FormId, int], list[dict[str, Any]]]:
    """Return where records stand in their workflows, as JSON."""
    wanted: dict[FormId, list[int]] = {}
    for removal in removals:
        if removal.row.form in unit.project.workflows_by_form:
            wanted.setdefault(removal.row.form, []).append(removal.row.id)
    found: dict[tuple[FormId, int], list[dict[str, Any]]] = {}
    table = workflow_instance
    columns = (table.c.form, table.c.record_id, table.c.workflow, table.c.entered_at, table.c.submitter_id)
    for form_id, ids in wanted.items():
        for start in range(0, len(ids), IDS_AT_ONCE):
            some = table.c.record_id.in_(ids[start : start + IDS_AT_ONCE])
            for row in unit.connection.execute(select(*columns).where(table.c.form == form_id, some)):
                found.setdefault((form_id, row.record_id), []).append(
                    {
                        "workflow": row.workflow,
                        "entered_at": row.entered_at.isoformat(),
                        "submitter_id": row.submitter_id,
                    }
                )
    return found
