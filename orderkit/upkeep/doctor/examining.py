"""One look at everything, on one connection that cannot write."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orderkit.catalog import Catalog
from orderkit.database.connections.database import Database
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.migrating.readiness import check_ready
from orderkit.database.migrating.stamp import Stamp, read_stamp
from orderkit.database.revisions.history import head_of
from orderkit.database.schema.tables import tables_of
from orderkit.engine.runtime import FileStore
from orderkit.model.project import Project
from orderkit.upkeep.doctor.attachments import attachments
from orderkit.upkeep.doctor.observation import Observation
from orderkit.upkeep.doctor.searching import searching
from orderkit.upkeep.doctor.soundness import soundness
from orderkit.upkeep.doctor.structure import build, retired, structure


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was looked at, and what was found: faults first, each group in the order of looking."""

    stamp: Stamp
    found: tuple[Observation, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return not any(each.is_fault for each in self.found)


def examine(
    database: Database,
    project: Project,
    catalog: Catalog,
    migrations: Path,
    *,
    model_hash: str,
    files: FileStore,
    now: datetime,
) -> Examination:
    """Look at a database and its attachments; nothing is written.

    Args:
        database: as it is; it need not be ready to be served.
        project: the model that it should belong to.
        catalog: where the field types come from.
        migrations: the build's folder of revisions.
        model_hash: of the build.
        files: where the attachments lie.
        now: by which the time of retired data has ended or not.
    """
    refusal = None
    try:
        check_ready(database, project, migrations)
    except DatabaseUnusable as error:
        refusal = error
    with database.read() as connection:
        stamp = read_stamp(connection)

        def look() -> Iterator[Observation]:
            if refusal is not None:
                assert refusal.known_as is not None
                yield Observation(code=refusal.known_as, place="", words=refusal.explain)
                if refusal.reason in {"empty", "other_project"}:
                    return
            elif stamp.project_revision == head_of(migrations):
                # Anywhere else than at this build's revision the tables differ rightly.
                yield from structure(connection, tables_of(project, catalog))
                yield from build(stamp, model_hash)
                yield from searching(connection, project)
            yield from soundness(connection)
            yield from attachments(connection, files)
            yield from retired(connection, now)

        found = sorted(look(), key=lambda each: not each.is_fault)
    return Examination(stamp=stamp, found=tuple(found))
