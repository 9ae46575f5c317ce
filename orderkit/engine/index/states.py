"""Which forms the index covers, as the database says."""

from typing import NamedTuple

import sqlalchemy as sa

from orderkit.database.schema.system_tables import search_form
from orderkit.model.forms import FormId

READY, FILLING, STALE = "ready", "filling", "stale"


class State(NamedTuple):
    """What the index has of a form. Only one that is `ready` and of the same model may narrow a search."""

    form: FormId
    number: int
    fingerprint: str
    state: str
    progress: int

    def is_ready(self, fingerprint: str) -> bool:
        """Return whether every record has an entry as this model wants it, or one that says it is unknown."""
        return self.state == READY and self.fingerprint == fingerprint


_ALL = sa.select(search_form)


def read_states(connection: sa.Connection) -> dict[FormId, State]:
    """Return the state of each form that the index has."""
    return {row.form: State(**row._asdict()) for row in connection.execute(_ALL)}
