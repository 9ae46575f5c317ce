"""What a doctor says: one thing that is wrong, or one that should be known."""

from dataclasses import dataclass

from orderkit.model.codes import Code
from orderkit.model.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """`place` is a table, `table.column`, the name of an index, or a file's digest; empty is the whole database.

    What is no fault is said so that nobody is surprised later, and changes no exit code.
    """

    code: Code
    place: str
    words: Label
    help: Label | None = None
    is_fault: bool = True
