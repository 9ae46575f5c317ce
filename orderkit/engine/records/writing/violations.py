"""What the database refuses at the last moment, because somebody else was a moment faster.

Everything was looked up before (`uniqueness`, `removing`, `validating`), so this is about races only.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from orderkit.database.connections.violations import Violations
from orderkit.database.schema.tables import tables_of
from orderkit.engine.runtime import Unit


@contextmanager
def violations_explained(unit: Unit) -> Iterator[None]:
    """Turn a broken constraint into a Conflict that names it; any other fault passes."""
    try:
        yield
    except IntegrityError as error:
        runtime = unit.runtime
        conflict = runtime.keep(
            Violations, lambda: Violations(runtime.project, tables_of(runtime.project, runtime.catalog))
        ).conflict(error)
        if conflict is None:
            raise
        raise conflict from error
