"""What is proposed: forms with their fields, and for each sheet how it is imported into them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orderkit.inference.dirt_kinds import Dirt
from orderkit.model.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProposal:
    """A field. `target` is the form that a reference refers to, `search` the fields by which its records are found."""

    id: str
    label: Label
    type: str
    options: Mapping[str, object] = field(default_factory=dict)
    is_required: bool = False
    is_unique: bool = False
    target: str | None = None
    search: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesProposal:
    """Rows that belong to a record."""

    id: str
    label: Label
    fields: tuple[FieldProposal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormProposal:
    """A form. `key` is the field by which people and imports know a record; `unique` are keys of several fields."""

    id: str
    label: Label
    title: str
    fields: tuple[FieldProposal, ...]
    lines: tuple[LinesProposal, ...] = ()
    key: str | None = None
    unique: tuple[tuple[str, ...], ...] = ()
    columns: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    sort: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProposal:
    """How a sheet is read, from each of the files that has it. `values` gives for a field what its cells say and which option is meant.

    `totals` is a heading, with the texts below it that mark rows to be left out. `fills_others`: the sheet
    says nothing of some required fields, since another one has made the records. `is_again`: it is read
    a second time, for references to what the first reading has made.
    """

    id: str
    label: Label
    form: str
    files: tuple[str, ...]
    sheet: str | None
    match: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    totals: tuple[str, tuple[str, ...]] | None = None
    fills_others: bool = False
    is_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the tables suggest. `imports` stand in the order in which they are to be run."""

    locale: str
    forms: tuple[FormProposal, ...]
    imports: tuple[ImportProposal, ...]
    dirt: tuple[Dirt, ...]
