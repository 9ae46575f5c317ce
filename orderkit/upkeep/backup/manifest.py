"""What an archive says of itself: whose data, of which state, and by what it is known to be whole."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from orderkit.model.labels import label
from orderkit.upkeep.backup.refusals import DAMAGED, DOES_NOT_FIT, BackupRefused

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSum:
    """How many rows a table has, and a checksum of them that does not depend on their order."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The last member of an archive. `missing_files` were missing when the backup was made."""

    orderkit: str
    made_at: datetime
    dialect: str
    schema: str | None
    project: str | None
    model_hash: str | None
    system_revision: str | None
    project_revision: str | None
    database_digest: str
    database_size: int
    tables: Mapping[str, TableSum]
    files: int
    missing_files: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(table.rows for table in self.tables.values())


def manifest_text(manifest: Manifest) -> str:
    """Return the manifest as JSON text."""
    data = {"format": FORMAT_VERSION, **asdict(manifest), "made_at": manifest.made_at.isoformat()}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read_manifest(text: bytes) -> Manifest:
    """Return what `manifest_text` wrote. Raises BackupRefused."""
    try:
        data: dict[str, Any] = json.loads(text)
        written_in = data.pop("format")
        if written_in > FORMAT_VERSION:
            raise BackupRefused(
                DOES_NOT_FIT,
                label(
                    zh=f"归档由更新的 orderkit {data.get('orderkit')} 写成：请用那个版本恢复",
                    en=f"the archive was written by a newer orderkit, {data.get('orderkit')}: restore it with that one",
                ),
            )
        tables = {name: TableSum(**each) for name, each in data.pop("tables").items()}
        made_at = datetime.fromisoformat(data.pop("made_at"))
        missing = tuple(data.pop("missing_files"))
        return Manifest(tables=tables, made_at=made_at, missing_files=missing, **data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(f"manifest.json: {error}") from error


def damaged(why: str) -> BackupRefused:
    """Return the refusal of an archive that is not whole."""
    return BackupRefused(
        DAMAGED,
        label(
            zh=f"归档已损坏（{why}）：请换一份备份",
            en=f"the archive is damaged ({why}): take another backup",
        ),
    )
