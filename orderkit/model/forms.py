"""Forms: record types with fields, checks and the way they are shown.

The rows of a `lines` field are records of a form of their own, whose id is the path (`order.lines`)
and whose first field, named after the parent form's last word (`order`), refers to the parent.
Built-in `user` and `department` are forms like any other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Literal

from orderkit.model.expressions.nodes import Expression, Scalar, Template
from orderkit.model.expressions.types import Many, Record, Type
from orderkit.model.labels import Label
from orderkit.model.options import OptionModel

FormId = str
FieldId = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an object was declared: path relative to the project, line and column from 1."""

    path: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A condition that must hold. `id` names it in waivers: `lines.qty.check`, `checks.1`."""

    id: str
    that: Expression
    error: Label
    at: FieldId | None = None


class SystemRole(StrEnum):
    """What a field is for that orderkit adds to a form; `NONE` for the fields of the project."""

    NONE = ""
    ID = "id"
    NUMBER = "number"
    OWNER = "owner"
    CREATED_AT = "created_at"
    CREATED_BY = "created_by"
    UPDATED_AT = "updated_at"
    UPDATED_BY = "updated_by"
    REVISION = "revision"
    PARENT = "parent"
    POSITION = "position"
    STATE = "state"


class Mask(StrEnum):
    """In which manner a value is masked (脱敏)."""

    PHONE = "phone"
    NAME = "name"
    ID_CARD = "id_card"
    BANK_CARD = "bank_card"
    EMAIL = "email"
    ADDRESS = "address"
    MIDDLE = "middle"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form. At most one of `copy`, `compute`, `virtual` is set."""

    id: FieldId
    type: str
    options: OptionModel
    value_type: Type
    label: Label
    help: Label | None = None
    placeholder: Label | None = None
    required: bool = False
    readonly: bool = False
    unique: bool = False
    index: bool = False
    set_once: bool = False
    no_copy: bool = False
    editable: bool = False
    default: Expression | None = None
    copy: Expression | None = None
    compute: Expression | None = None
    virtual: Expression | None = None
    checks: tuple[Check, ...] = ()
    visible_if: Expression | None = None
    required_if: Expression | None = None
    readonly_if: Expression | None = None
    where: Expression | None = None
    mask: Mask | None = None
    pii: bool = False
    width: int | None = None
    search: tuple[FieldId, ...] = ()
    renamed_from: FieldId | None = None
    moved_from: str | None = None
    backfill: Expression | None = None
    convert: Expression | None = None
    unit: Template | None = None
    system: SystemRole = SystemRole.NONE
    workflow: str | None = None
    origin: Origin | None = None

    @property
    def target(self) -> FormId | None:
        """The form whose records this field refers to, with one value or with several."""
        of = self.value_type.of if isinstance(self.value_type, Many) else self.value_type
        return of.form if isinstance(of, Record) else None

    @property
    def is_derived(self) -> bool:
        """Whether nobody may write this field: the engine fills it."""
        return self.compute is not None or self.virtual is not None

    @property
    def is_stored(self) -> bool:
        """Whether the field has a column."""
        return self.virtual is None and self.type != "lines"


def ids_in(value: Scalar) -> tuple[int, ...]:
    """Return the ids that a reference or an attachment holds, one or several."""
    values = value if isinstance(value, tuple) else (value,)
    return tuple(each for each in values if isinstance(each, int) and not isinstance(each, bool))


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Records of another form that belong or refer to this one: `via` is their field."""

    id: str
    form: FormId
    via: FieldId
    is_lines: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled group of fields on the record page; those of one `tab` stand together behind its name."""

    label: Label
    fields: tuple[FieldId, ...]
    columns: int = 2
    collapsed: bool = False
    tab: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SortKey:
    """One key of an order of records."""

    field: FieldId
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A named filter of a list."""

    id: str
    label: Label
    where: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLayout:
    """How the list of a form looks."""

    columns: tuple[FieldId, ...]
    filters: tuple[FieldId, ...] = ()
    sort: tuple[SortKey, ...] = ()
    views: tuple[View, ...] = ()
    boards: tuple[FieldId, ...] = ()
    calendar: FieldId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A template of a form for one value of its choice field."""

    value: str
    label: Label
    hide: tuple[FieldId, ...] = ()
    require: tuple[FieldId, ...] = ()
    default: tuple[tuple[FieldId, Expression], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateLines:
    """How rows of a source record become rows of the new one.

    `where`, `set` and `limit` are evaluated with `Root("item")`, the source's row. `link` is the field
    of the new row that refers to it. `limit` bounds the sum of a field over all rows made from one row;
    `tolerance` is the ratio by which it may be exceeded.
    """

    field: FieldId
    each: Expression
    set: tuple[tuple[FieldId, Expression], ...]
    where: Expression | None = None
    link: FieldId | None = None
    limit: tuple[tuple[FieldId, Expression], ...] = ()
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateFrom:
    """A button on the records of `source` that makes a record of this form (下推).

    Expressions name the source's fields. With `many` several source records make one, those that agree
    on `group_by` together. `link` is the field of the new record that refers to the source.
    """

    source: FormId
    label: Label
    where: Expression | None = None
    many: bool = False
    group_by: tuple[str, ...] = ()
    set: tuple[tuple[FieldId, Expression], ...] = ()
    link: FieldId | None = None
    lines: CreateLines | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """How a record is divided in two: rows, or with `quantity` (`lines.qty`) a part of a row, move to the new one."""

    label: Label
    where: Expression | None = None
    quantity: str | None = None
    set: tuple[tuple[FieldId, Expression], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """How records become one: they agree on `same`; of lines that agree on `rows`, the `add` fields are summed."""

    label: Label
    where: Expression | None = None
    same: tuple[FieldId, ...] = ()
    rows: tuple[FieldId, ...] = ()
    add: tuple[FieldId, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Form:
    """A record type. `fields` are in the order written, system fields first."""

    id: FormId
    label: Label
    fields: tuple[Field, ...]
    title: Template
    parent: FormId | None = None
    collections: tuple[Collection, ...] = ()
    number: Template | None = None
    checks: tuple[Check, ...] = ()
    unique: tuple[tuple[FieldId, ...], ...] = ()
    indexes: tuple[tuple[FieldId, ...], ...] = ()
    layout: tuple[Section, ...] = ()
    list: ListLayout
    variant_field: FieldId | None = None
    variants: tuple[Variant, ...] = ()
    create_from: tuple[CreateFrom, ...] = ()
    split: Split | None = None
    merge: Merge | None = None
    is_built_in: bool = False
    renamed_from: FormId | None = None
    origin: Origin | None = None

    @cached_property
    def by_id(self) -> Mapping[FieldId, Field]:
        """Fields by id."""
        return {field.id: field for field in self.fields}

    @cached_property
    def collection_by_id(self) -> Mapping[str, Collection]:
        """Collections (lines and reverse references) by id."""
        return {collection.id: collection for collection in self.collections}

    @cached_property
    def lines(self) -> tuple[Collection, ...]:
        """The `lines` fields of this form, as collections."""
        return tuple(collection for collection in self.collections if collection.is_lines)

    @cached_property
    def stored_fields(self) -> tuple[Field, ...]:
        """The fields that have a column, in order."""
        return tuple(field for field in self.fields if field.is_stored)

    @cached_property
    def parent_field(self) -> Field | None:
        """On a lines form, the field that refers to the parent."""
        return next((f for f in self.fields if f.system is SystemRole.PARENT), None)

    @property
    def table(self) -> str:
        """The SQL name: `order.lines` is kept in `order__lines`."""
        return self.id.replace(".", "__")


OnDelete = Literal["refuse", "clear", "cascade"]
