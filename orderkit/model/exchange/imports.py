"""Spreadsheet mappings and reference records."""

from collections.abc import Mapping
from dataclasses import dataclass

from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import Origin
from orderkit.model.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportColumn:
    """A field (`ordered_on`, `lines.qty`, `customer.name`) and the heading its values stand under.

    A path through a reference (`customer.name`) fills a record that `create_missing` makes.
    """

    field: str
    heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMapping:
    """How rows of a sheet become records.

    Rows that agree on `match` are one record; the rest of their columns are its lines. `set` is
    evaluated with `Root("row")`, a mapping of headings to cell texts.
    """

    id: str
    label: Label
    form: str
    sheet: str | None
    header_rows: tuple[int, ...]
    match: tuple[str, ...]
    columns: tuple[ImportColumn, ...]
    values: Mapping[str, Mapping[str, str]]
    default: tuple[tuple[str, Expression], ...]
    set: tuple[tuple[str, Expression], ...]
    create_missing: tuple[str, ...]
    is_history: bool
    waive: frozenset[str]
    where: Expression | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """Reference records kept in git; `match` finds the one that is already there."""

    id: str
    form: str
    match: tuple[str, ...]
    rows: tuple[tuple[tuple[str, Expression], ...], ...]
    origin: Origin | None = None
