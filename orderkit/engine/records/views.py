"""What a reader is shown of records: only what access lets through, with titles already found.

Plain values; nothing here reads the database. `reading`, `paging`, `drafting` and `history` make them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from orderkit.model.errors import Problem
from orderkit.model.expressions.nodes import Expression, Scalar
from orderkit.model.forms import FieldId, FormId, SortKey
from orderkit.model.labels import Label
from orderkit.model.rights import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """An attachment as it stands in a field."""

    id: int
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One of several records or files that a field refers to."""

    id: int
    title: str
    file: FileView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """A record as one reader sees it.

    A hidden field is absent from `values` and `rights`. A masked one holds the masked text. A
    reference holds the id in `values` and what people read in `titles`; a file holds the id and
    stands in `files`. A field with several of them holds their ids, and what each is called in `items`;
    its title names all of them. `units` holds what stands behind numbers. `lines` holds the rows of each visible collection in order.
    `rights` of a line's fields stand on the line's own view.
    """

    form: FormId
    id: int
    revision: int
    title: str
    values: Mapping[FieldId, Scalar]
    titles: Mapping[FieldId, str]
    rights: Mapping[FieldId, Right]
    files: Mapping[FieldId, FileView] = field(default_factory=dict)
    items: Mapping[FieldId, tuple[Item, ...]] = field(default_factory=dict)
    units: Mapping[FieldId, str] = field(default_factory=dict)
    lines: Mapping[str, tuple["RecordView", ...]] = field(default_factory=dict)
    may_update: bool = False
    may_delete: bool = False


class Operator(StrEnum):
    """How a filter compares.

    Every field knows EMPTY, and all but files EQUAL, ONE_OF and NONE_OF; texts CONTAINS; numbers and
    times AT_LEAST and AT_MOST; dates DURING; references to users and departments MINE.
    """

    EQUAL = "eq"
    ONE_OF = "in"
    NONE_OF = "not"
    AT_LEAST = "from"
    AT_MOST = "to"
    CONTAINS = "contains"
    EMPTY = "empty"
    DURING = "during"
    MINE = "mine"


class Whose(StrEnum):
    """What MINE asks for: the reader, or everybody of the reader's department."""

    ME = "me"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One condition of a list. `values` are of the field's type; EMPTY takes one boolean.

    `field` is a field of the form. A day given for a datetime means that day on the clock by which
    the reader sees the field. DURING takes the name of a period (`this_month`, `last_30_days`, `2026-03`),
    counted from today whenever the list is read; MINE takes a `Whose`. NONE_OF also finds records in which nothing stands.
    """

    field: FieldId
    operator: Operator
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Several conditions as one: any of them holds, or all do; negated, where that is not so.

    A comparison with what is not there does not hold, so the negation of it does.
    """

    conditions: tuple["Condition", ...]
    is_any: bool
    is_negated: bool = False


Condition = Filter | Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a list asks for. `where` comes from the model only (views, tiles), never from a person.

    `within` are groups to look into, each a field and the key of its group, see `keys`. `sort` empty
    means the form's own order. `columns` None reads the columns of the form's list;
    lines are read only with `with_lines`.
    """

    form: FormId
    where: Expression | None = None
    filters: tuple[Condition, ...] = ()
    view: str | None = None
    search: str | None = None
    within: tuple[tuple[FieldId, Scalar], ...] = ()
    sort: tuple[SortKey, ...] = ()
    cursor: str | None = None
    limit: int = 50
    columns: tuple[FieldId, ...] | None = None
    with_lines: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Rows in order, and the cursors of the neighbouring pages (None where there is none)."""

    rows: tuple[RecordView, ...]
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many records match. Above 10,000, or fewer if so asked, counting stops: `value` is that, `is_exact` false."""

    value: int
    is_exact: bool

    def __str__(self) -> str:
        return str(self.value) if self.is_exact else f"{self.value}+"


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum, and the currency or unit that it is in where another field says which."""

    value: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Over all records of a list: how many, and the sums of the fields that the reader sees in clear."""

    count: int
    sums: Mapping[FieldId, tuple[Amount, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTotals:
    """One group of a list: the value that its records share (of days, their month as text)."""

    key: Scalar
    totals: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The groups of a list. `is_cut`: there are more than are ever returned."""

    groups: tuple[GroupTotals, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One record that may be picked for a reference."""

    id: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldState:
    """How a field stands in a form being filled in."""

    is_visible: bool
    is_required: bool
    is_readonly: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One row of a collection being filled in; `id` None is a new one."""

    id: int | None
    values: Mapping[FieldId, Scalar]
    titles: Mapping[FieldId, str]
    files: Mapping[FieldId, FileView] = field(default_factory=dict)
    items: Mapping[FieldId, tuple[Item, ...]] = field(default_factory=dict)
    units: Mapping[FieldId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What would be saved: defaults, copies and computed values filled in; hidden fields absent.

    `states` and the paths of `problems` are `need_by`, `lines.2.qty`. `problems` leaves out
    `required` for fields nobody has touched yet only if the caller does; here they all stand.
    """

    form: FormId
    id: int | None
    values: Mapping[FieldId, Scalar]
    titles: Mapping[FieldId, str]
    lines: Mapping[str, tuple[DraftLine, ...]]
    files: Mapping[FieldId, FileView]
    states: Mapping[str, FieldState]
    problems: tuple[Problem, ...]
    items: Mapping[FieldId, tuple[Item, ...]] = field(default_factory=dict)
    units: Mapping[FieldId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One changed value, as texts for the reader's locale. `label` names field and line."""

    path: str
    label: Label
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One step in the life of a record, from the audit or from a workflow.

    `verb` is `created`, `updated`, `deleted`, `computed`, or the workflow's (`did`, `approve`, …);
    `label` names it for people.
    """

    at: datetime
    actor_id: int | None
    actor: str
    on_behalf_of: str | None
    channel: str
    verb: str
    label: Label
    comment: str | None = None
    changes: tuple[FieldChange, ...] = ()
