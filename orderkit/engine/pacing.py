"""How many records of a run go into one transaction: as many as are soon done, and few where some are refused.

Together they share what each of them would ask the database alone; but nobody else writes meanwhile on
SQLite, nor to these records anywhere, so a transaction stays short.
"""

from dataclasses import dataclass
from time import sleep

from orderkit.database.connections.database import Database
from orderkit.engine.records import ChangesRefused

LONGEST_SECONDS = 0.15
PAUSE_SECONDS = 0.05
"""Who waits for SQLite from another process only looks now and then: for the first quarter of a second every 50 ms."""
_GROWTH = 4


def give_way(database: Database) -> None:
    """Let others write between two transactions of a run, so that none of them waits for the whole of it.

    PostgreSQL locks only what is written, and the threads of one process take turns by themselves.
    """
    if database.dialect == "sqlite":
        sleep(PAUSE_SECONDS)


@dataclass(slots=True)
class Pace:
    """The `size` of the next transaction. It begins with one record, and no size is above `most`."""

    most: int
    size: int = 1

    def took(self, seconds: float, count: int) -> None:
        """Note how long so many records took that went well."""
        fitting = int(LONGEST_SECONDS * count / max(seconds, 1e-6))
        self.size = max(1, min(fitting, count * _GROWTH, self.most))

    def broke_off(self, error: Exception, count: int) -> None:
        """Note that one of so many was refused: those before it go next, or so few that one is found soon."""
        if isinstance(error, ChangesRefused):
            self.size = min(error.by_change) or 1
        else:
            self.size = max(1, count // _GROWTH)
