"""A plan as values: entries, each with its weight, and what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from orderkit.database.changes.judging import Judgement, Severity
from orderkit.database.changes.kinds import Change
from orderkit.model.errors import Problem
from orderkit.model.labels import Label


class Area(StrEnum):
    """What part of a project an entry is about; the order is the order of the page."""

    FORMS = "forms"
    WORKFLOWS = "workflows"
    PERMISSIONS = "permissions"
    REPORTS = "reports"
    INTEGRATIONS = "integrations"
    LEDGERS = "ledgers"
    SHEETS = "sheets"
    PROJECT = "project"
    API = "api"
    DATABASE = "database"


class Manner(StrEnum):
    """What happens to the subject of an entry."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What an entry brings about elsewhere. `subject` is a path like that of an entry, or empty."""

    words: Label
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change.

    Args:
        severity: what it means for data and for those who rely on what was.
        area: the part of the project.
        subject: the path of what changes: `order.lines.cost`, `order_life.ship`, `sales/order`.
        manner: what happens to it.
        attribute: the word of what changes about it (`required`, `by`), empty where it is the whole.
        before: how it was, in words; None where there was nothing.
        after: how it is from now on.
        words: the change as a sentence that stands alone.
        consequences: what else is affected, by this.
    """

    severity: Severity
    area: Area
    subject: str
    manner: Manner
    words: Label
    attribute: str = ""
    before: Label | None = None
    after: Label | None = None
    consequences: tuple[Consequence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChange:
    """A change of the tables with what it means there."""

    change: Change
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that changes: `entries`, the heaviest first; `refusals` say what cannot be done as it is.

    `against` is what the project is compared with, where that is known. `tables` are the changes of the database in the order in which they are made, `sql` their statements
    by dialect where somebody asked for them, `notes` what holds of the whole.
    """

    project: str
    against: Label | None = None
    entries: tuple[Entry, ...] = ()
    refusals: tuple[Problem, ...] = ()
    tables: tuple[TableChange, ...] = ()
    notes: tuple[Label, ...] = ()
    sql: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes and nothing is refused."""
        return not self.entries and not self.refusals

    def of(self, severity: Severity) -> tuple[Entry, ...]:
        """Return the entries of one weight, in their order."""
        return tuple(entry for entry in self.entries if entry.severity is severity)
