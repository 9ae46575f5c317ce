"""Remembers what revisions rename, for whatever was written in words of an older one.

Undoing a revision forgets what it renamed (see `migrating.journal`), so nothing is noted then.
"""

from orderkit.database.operations.operation import Context
from orderkit.database.schema import system_tables


def note_renaming(context: Context, kind: str, place: str | None, old: str, new: str) -> None:
    """Note that a form, field or option has another name from this revision on."""
    if not context.is_undoing:
        context.connection.execute(
            system_tables.renaming.insert().values(
                number=context.number, kind=kind, place=place, old=old, new=new
            )
        )
