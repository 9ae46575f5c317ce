"""Projects in YAML beside each other: what was built before, and what is built now."""

from orderkit.catalog import built_in
from orderkit.database.changes.between import Difference, changes_between
from orderkit.database.revisions.snapshots import Snapshot, read_snapshot, snapshot_text
from orderkit.database.schema.tables import tables_of
from orderkit.model.project import Project
from tests.language.examples import compiled, files_of


def project(text: str) -> Project:
    """Return the model of files in one text, divided by lines `# path.yaml`."""
    outcome = compiled(files_of(text))
    assert outcome.value is not None, [str(dict(found.headline)) for found in outcome.found]
    return outcome.value


def snapshot(model: Project) -> Snapshot:
    """Return the state that a first revision of the model leads to."""
    return read_snapshot(snapshot_text(tables_of(model, built_in()), model, ""))


def difference(before: str, after: str, *allow_drop: str) -> Difference:
    """Return what is between two projects in YAML."""
    return changes_between(
        snapshot(project(before)), project(after), built_in(), allow_drop=frozenset(allow_drop)
    )
