"""What leaves the app for people without an account: printed documents, and pages of a portal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from orderkit.model.expressions.nodes import Expression, Template
from orderkit.model.forms import FieldId, FormId, Origin
from orderkit.model.labels import Label

# What a template of a document has besides the fields of its record, and what it can do with values. Of Jinja2's
# own filters those are left out that get around the escaping, or make much of little (`center`, `format`).
PRINT_GLOBALS = (
    "this",
    "me",
    "today",
    "label",
    "project",
    "document",
    "range",
    "loop",
    "namespace",
)
PROJECT_FACTS = ("label", "currency", "locale")
DOCUMENT_FACTS = ("label", "copy", "copies", "stamp")
OWN_PRINT_FILTERS = ("money", "rmb_upper", "date", "barcode", "qr", "image")
PRINT_FILTERS = (
    "abs",
    "batch",
    "capitalize",
    "count",
    "d",
    "default",
    "e",
    "escape",
    "first",
    "groupby",
    "int",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "select",
    "selectattr",
    "sort",
    "string",
    "striptags",
    "sum",
    "title",
    "trim",
    "truncate",
    "unique",
    "upper",
)
PRINT_TESTS = (
    "!=",
    "<",
    "<=",
    "==",
    ">",
    ">=",
    "boolean",
    "defined",
    "divisibleby",
    "eq",
    "equalto",
    "even",
    "false",
    "ge",
    "greaterthan",
    "gt",
    "in",
    "iterable",
    "le",
    "lessthan",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "sequence",
    "string",
    "true",
    "undefined",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file of the project that is no text. The model knows it by the SHA-256 of its bytes; they lie in the artifact."""

    path: str
    digest: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """The stamp of the company: a picture that a template puts over the place of a signature, where `when` holds."""

    image: Asset
    width_mm: Decimal
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """A document made from a record: `source` is the text of its Jinja2 template, checked, never run by a build.

    `parts` are the texts of the files that the template takes in, by path; a template reaches no other.

    The sheet is as it lies before the reader, so a landscape one is wider than high; `columns` and `rows` say how
    many records and copies stand on one. `roles` None leaves it to
    every role that may print the form.
    """

    id: str
    label: Label
    form: FormId
    template: str
    source: str
    width_mm: Decimal
    height_mm: Decimal
    columns: int = 1
    rows: int = 1
    copies: int = 1
    parts: Mapping[str, str] = field(default_factory=dict)
    stamp: Stamp | None = None
    font: Asset | None = None
    filename: Template | None = None
    where: Expression | None = None
    roles: tuple[str, ...] | None = None
    origin: Origin | None = None


def assets_of(prints: Iterable[Print]) -> tuple[Asset, ...]:
    """Return the files that documents need besides the model, each once."""
    found = (each for one in prints for each in (one.stamp.image if one.stamp else None, one.font))
    return tuple({each.digest: each for each in found if each is not None}.values())


class LookupManner(StrEnum):
    """How much of a value somebody must know to find a record."""

    EXACT = "exact"
    LAST4 = "last4"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicForm:
    """A record that anybody may make: the fields they fill, and what is set besides."""

    form: FormId
    fields: tuple[FieldId, ...]
    set: tuple[tuple[FieldId, Expression], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """A page without an account.

    A record is found by all of `lookup` together (path → manner) and shows `show`; of its buttons `allow`
    are offered, pressed by the system. `limit` is how many requests of one visitor in how many seconds.
    """

    id: str
    label: Label
    form: FormId
    lookup: Mapping[str, LookupManner] = field(default_factory=dict)
    show: tuple[str, ...] = ()
    shows_timeline: bool = False
    allow: tuple[str, ...] = ()
    create: PublicForm | None = None
    limit: tuple[int, int] = (10, 60)
    origin: Origin | None = None
