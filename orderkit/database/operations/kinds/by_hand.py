"""A step of one's own, for revisions that people edit."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from orderkit.database.operations.operation import Context, Operation
from orderkit.database.operations.script import add


def once(title: str, function: Callable[[sa.Connection], None]) -> None:
    """Call the function with the connection, in one transaction with the note that it was done."""
    add(Once(title, function))


@dataclass(frozen=True, slots=True)
class Once(Operation):
    """A function that is called once."""

    words: str
    function: Callable[[sa.Connection], None]

    @property
    def title(self) -> str:
        return self.words

    @property
    def tables(self) -> tuple[str, ...]:
        return ()

    def apply(self, context: Context) -> None:
        self.function(context.connection)
