"""The state of a project that a revision leads to, as a JSON file beside it.

It keeps the tables as they were made, so that a later orderkit which would lay out the same model
differently sees the difference; and the model, from which `changes` finds what it means for rows and
people. Format 2 also says which model and which script it belongs to; format 1 is still read.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from orderkit.catalog import Catalog
from orderkit.database.schema.tables import (
    BalanceTable,
    Column,
    FloorCheck,
    ForeignKey,
    FormTable,
    Index,
    Tables,
)
from orderkit.fields.field_type import ColumnKind
from orderkit.model.project import Project
from orderkit.model.stored import from_json, model_hash, to_json

FORMAT_VERSION = 2
_WITHOUT_HASHES = 1


class UnknownFormat(ValueError):
    """A snapshot that another version of orderkit wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a revision leads to.

    `model` is the stored JSON of the model, read only by those who need it. `model_hash` and
    `script_digest` (of the script as it was generated) are None in snapshots of format 1.
    """

    tables: Tables
    model: Mapping[str, Any]
    model_hash: str | None = None
    script_digest: str | None = None

    def project(self, catalog: Catalog) -> Project:
        """Return the model. Raises WrongFormat."""
        return from_json(self.model, catalog.fields)

    def hash_of_model(self, catalog: Catalog) -> str:
        """Return the hash of the model, whatever the format."""
        return self.model_hash or model_hash(self.project(catalog))


def digest_of(script: str) -> str:
    """Return the SHA-256 of the text of a script."""
    return hashlib.sha256(script.encode()).hexdigest()


def snapshot_text(tables: Tables, project: Project, script: str) -> str:
    """Return the text of a snapshot file; the same state gives the same text.

    Args:
        tables: as the revision leaves them.
        project: the model that they carry.
        script: the text of the revision as it was generated.
    """
    data = {
        "format": FORMAT_VERSION,
        "model_hash": model_hash(project),
        "script_digest": digest_of(script),
        "tables": [_table_json(table) for table in tables.values()],
        # Scenarios test a project; no change of tables or rows follows from them.
        "model": to_json(replace(project, scenarios=())),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read_snapshot(text: str) -> Snapshot:
    """Return what `snapshot_text` wrote.

    Raises:
        UnknownFormat: another version of orderkit wrote it.
        ValueError, KeyError, TypeError: it is damaged.
    """
    data = json.loads(text)
    if data["format"] not in {FORMAT_VERSION, _WITHOUT_HASHES}:
        raise UnknownFormat(f"format {data['format']} is not {FORMAT_VERSION}")
    tables = [_table(each) for each in data["tables"]]
    has_hashes = data["format"] != _WITHOUT_HASHES
    return Snapshot(
        tables={table.name: table for table in tables},
        model=data["model"],
        model_hash=str(data["model_hash"]) if has_hashes else None,
        script_digest=str(data["script_digest"]) if has_hashes else None,
    )


def _table_json(table: FormTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "form": table.form,
        "columns": [_shortened(column) for column in table.columns],
        "foreign_keys": [asdict(key) for key in table.foreign_keys],
        "indexes": [asdict(index) for index in table.indexes],
        **({} if table.balances is None else {"balances": asdict(table.balances)}),
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
        balances=None if data.get("balances") is None else _balances(data["balances"]),
    )


def _balances(data: Mapping[str, Any]) -> BalanceTable:
    return BalanceTable(
        entries=data["entries"],
        keys=tuple(data["keys"]),
        measures=tuple(data["measures"]),
        floors=tuple(FloorCheck(**each) for each in data["floors"]),
    )
