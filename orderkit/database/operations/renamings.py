"""Lets what revisions rename reach everything that orderkit itself keeps by name.

Undoing a revision forgets what it renamed (see `migrating.journal`): then the names go back, and only what
forms were called meanwhile is noted.
"""

from orderkit.catalog import installed
from orderkit.database.definitions.names import Kind, Renaming
from orderkit.database.definitions.stored import apply_renaming
from orderkit.database.operations.operation import Context


def note_renaming(context: Context, kind: Kind, place: str | None, old: str, new: str) -> None:
    """Give a form, field or option another name in stored definitions, attachments and counters, and note it."""
    apply_renaming(
        context.connection,
        Renaming(kind=kind, place=place, old=old, new=new),
        installed(),
        number=None if context.is_undoing else context.number,
    )
