"""The state of a project that a revision leads to, as a JSON file beside it.

It keeps the tables as they were made, so that a later orderkit which would lay out the same model
differently sees the difference; and the model, from which `plan` explains what changes for people.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from orderkit.database.schema.tables import Column, ForeignKey, FormTable, Index, Tables
from orderkit.fields.field_type import ColumnKind
from orderkit.model.project import Project
from orderkit.model.stored import to_json

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a revision leads to. `model` is the stored JSON of the model, read only by those who need it."""

    tables: Tables
    model: Mapping[str, Any]


def snapshot_text(tables: Tables, project: Project) -> str:
    """Return the text of a snapshot file; the same state gives the same text."""
    data = {
        "format": FORMAT_VERSION,
        "tables": [_table_json(table) for table in tables.values()],
        "model": to_json(project),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read_snapshot(text: str) -> Snapshot:
    """Return what `snapshot_text` wrote. Raises ValueError or KeyError for anything else."""
    data = json.loads(text)
    if data["format"] != FORMAT_VERSION:
        raise ValueError(f"format {data['format']} is not {FORMAT_VERSION}")
    tables = [_table(each) for each in data["tables"]]
    return Snapshot(tables={table.name: table for table in tables}, model=data["model"])


def _table_json(table: FormTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "form": table.form,
        "columns": [_shortened(column) for column in table.columns],
        "foreign_keys": [asdict(key) for key in table.foreign_keys],
        "indexes": [asdict(index) for index in table.indexes],
    }


def _shortened(column: Column) -> dict[str, Any]:
    """Return what tells the column from a usual one; what is not part of the state is left out."""
    defaults = {each.name: each.default for each in fields(Column)}
    data = {each.name: getattr(column, each.name) for each in fields(Column) if each.compare}
    return {name: value for name, value in data.items() if name == "name" or value != defaults[name]}


def _table(data: Mapping[str, Any]) -> FormTable:
    return FormTable(
        name=data["name"],
        form=data["form"],
        columns=tuple(Column(**{**each, "kind": ColumnKind(each["kind"])}) for each in data["columns"]),
        foreign_keys=tuple(ForeignKey(**each) for each in data["foreign_keys"]),
        indexes=tuple(Index(**{**each, "columns": tuple(each["columns"])}) for each in data["indexes"]),
    )
