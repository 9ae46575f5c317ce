"""What a revision consists of: operations as values, each of which knows how it is checked, applied and divided.

A script only makes them (see `script`); `migrating` decides whether all are applied in one transaction, or
phase by phase while people work.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from orderkit.database.changes.checks import Check
from orderkit.database.operations.checks.foresight import Foresight


class Irreversible(Exception):
    """A revision that cannot be undone; the text says why."""

    def __init__(self, why: str, zh: str | None = None) -> None:
        self.why, self.zh = why, zh
        super().__init__(why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where an operation runs, and for which revision. `now` is the same for the whole run."""

    connection: sa.Connection
    number: str
    is_undoing: bool
    now: datetime
    timezone: str

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.connection.dialect.name == "sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class InOneTransaction:
    """A phase that is done or not: it commits together with its row in the journal.

    `alters` is a table on which it takes a strong lock for a moment, if there is one.
    """

    title: str
    run: Callable[[Context], None]
    checks: tuple[Check, ...] = ()
    alters: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InBatches:
    """A phase that goes through a table by id, a transaction for some thousand rows: `run(context, first, last)`."""

    title: str
    table: str
    run: Callable[[Context, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatable:
    """A phase that cannot be in a transaction; what is left of a broken attempt it clears away itself."""

    title: str
    run: Callable[[Context], None]
    checks: tuple[Check, ...] = ()


Phase = InOneTransaction | InBatches | Repeatable


class Operation(ABC):
    """One step of a revision."""

    __slots__ = ()

    @property
    @abstractmethod
    def title(self) -> str:
        """What it does, in words for whoever watches."""

    @property
    @abstractmethod
    def tables(self) -> tuple[str, ...]:
        """The tables that it touches, as they are named when its turn comes."""

    def checks(self) -> tuple[Check, ...]:
        """Return what must hold of the rows, in names as they are when its turn comes."""
        return ()

    @abstractmethod
    def apply(self, context: Context) -> None:
        """Do all of it, in the transaction of the context."""

    def phases(self) -> tuple[Phase, ...]:
        """Return it in parts that hold strong locks for a moment only; PostgreSQL alone divides operations."""
        return (InOneTransaction(title=self.title, run=self.apply, checks=self.checks()),)

    def foresee(self, foresight: Foresight) -> None:
        """Make later checks see the rows as they will be after this operation."""
        del foresight

    @property
    def changes_values(self) -> bool:
        """Whether rows may have other values afterwards, which the search index then has to learn."""
        return True

    @property
    def renames(self) -> tuple[str, str] | None:
        """The old and the new name of a table that it renames."""
        return None
