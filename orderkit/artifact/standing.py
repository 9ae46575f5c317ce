"""Whether a running server may go on: a newer build may have migrated its database meanwhile."""

from orderkit.artifact.reading import Artifact
from orderkit.database.connections.database import Database
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.migrating.readiness import check_ready
from orderkit.database.migrating.stamp import Stamp, read_stamp


class Standing:
    """The stamp of the database at which this artifact was last found to fit it.

    Health checks come every few seconds, and reading the revisions of a project anew each time costs tens of
    milliseconds: as long as the stamp is the same, the answer is, too.
    """

    def __init__(self, database: Database, artifact: Artifact) -> None:
        self._database = database
        self._artifact = artifact
        self._found_fit: Stamp | None = None

    def refuse_moved(self) -> None:
        """Raise DatabaseUnusable when the database is no longer one for this artifact."""
        with self._database.read() as connection:
            stamp = read_stamp(connection)
        if stamp == self._found_fit:
            return
        try:
            check_ready(self._database, self._artifact.project, self._artifact.migrations)
        except DatabaseUnusable as error:
            # While a newer build migrates, this one goes on: what that is safe for is known at its end.
            if error.reason != "unfinished":
                raise
            return
        self._found_fit = stamp
