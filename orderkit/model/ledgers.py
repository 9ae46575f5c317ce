"""Ledgers: balances by keys that only postings change, each within bounds that hold under concurrency.

A row of balances, and an entry, are seen by expressions as a record of `Record(ledger id)` and
`Record("stock.entries")`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from orderkit.model.expressions.nodes import Expression, Template
from orderkit.model.expressions.types import Number, Type
from orderkit.model.forms import Field, Form, FormId, ListLayout, Origin
from orderkit.model.labels import Label
from orderkit.model.options import OptionModel
from orderkit.model.people import Who

AGAINST = "against"
COST = "cost"
LOT = "lot"
OPENING = "opening"
ENTRY_WORDS = frozenset(
    {
        "id",
        "posting",
        "posted_at",
        "person",
        "form",
        "record_id",
        "row_form",
        "row_id",
        "workflow",
        "instance_id",
        "visit",
        "transition",
        "reason",
        "cause",
        "is_reversal",
        "reverses_id",
        "uses_id",
    }
)
"""What every entry has besides keys and measures, which can have none of these ids."""


class CostMethod(StrEnum):
    """How the cost of what leaves is worked out."""

    MOVING_AVERAGE = "moving_average"
    FIFO = "fifo"


class Pick(StrEnum):
    """Which lots are taken first where a posting names none."""

    FIFO = "fifo"
    FEFO = "fefo"
    LIFO = "lifo"


class Period(StrEnum):
    """What is closed at once."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerKey:
    """What balances are kept by. `type` is that of a reference, a text, a date or a whole number."""

    id: str
    label: Label
    type: Type
    renamed_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerMeasure:
    """A number that postings change; its balance is the sum of its entries, zero at first."""

    id: str
    label: Label
    type: Number
    renamed_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedBalance:
    """A number worked out of measures, such as `on_hand - reserved`."""

    id: str
    label: Label
    expression: Expression
    type: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What a posting does to a measure: adds (`sign` 1) or takes away (-1) an amount.

    The amount is one that the posting is given (`qty`), what is open of another transition's postings
    (`against`), or the cost that the ledger works out (`cost`, where it has a cost method).
    """

    measure: str
    sign: int
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingKind:
    """A kind of posting; `by` is who may post it by hand, nobody where it is None."""

    id: str
    label: Label
    movements: tuple[Movement, ...]
    by: Who | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDefault:
    """Where a key is taken from on records of a form that do not name it themselves."""

    key: str
    form: FormId
    expression: Expression


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """A ledger. `never` are conditions over measures that no posting may make true."""

    id: str
    label: Label
    keys: tuple[LedgerKey, ...]
    measures: tuple[LedgerMeasure, ...]
    postings: tuple[PostingKind, ...]
    balances: tuple[NamedBalance, ...] = ()
    never: tuple[Expression, ...] = ()
    defaults: tuple[KeyDefault, ...] = ()
    cost: CostMethod | None = None
    pick: Pick | None = None
    period: Period | None = None
    renamed_from: str | None = None
    origin: Origin | None = None

    @cached_property
    def posting_by_id(self) -> Mapping[str, PostingKind]:
        """Kinds of postings by id."""
        return {posting.id: posting for posting in self.postings}

    @property
    def entries(self) -> str:
        """What expressions and tables call its entries: `stock.entries`."""
        return f"{self.id}.entries"

    @cached_property
    def numbers(self) -> Mapping[str, LedgerMeasure | NamedBalance]:
        """Measures and balances by id."""
        measures: dict[str, LedgerMeasure | NamedBalance] = {each.id: each for each in self.measures}
        return measures | {each.id: each for each in self.balances}

    @cached_property
    def row_form(self) -> Form:
        """Its rows of balances as queries see them: keys, measures, and what is worked out of these."""
        fields = [
            *(_field(each.id, each.label, each.type, None) for each in self.keys),
            *(_field(each.id, each.label, each.type, None) for each in self.measures),
            *(_field(each.id, each.label, each.type, each.expression) for each in self.balances),
        ]
        return Form(
            id=self.id,
            label=self.label,
            fields=tuple(fields),
            title=Template(()),
            list=ListLayout(columns=()),
        )


def _field(name: str, called: Label, type_: Type, virtual: Expression | None) -> Field:
    return Field(
        id=name,
        type="",
        options=OptionModel(),
        value_type=type_,
        label=called,
        required=True,
        virtual=virtual,
    )
