"""Ledgers: balances by keys that only postings change, each within bounds that hold under concurrency.

A row of balances, and an entry, are seen by expressions as a record of `Record(ledger id)` and
`Record("stock.entries")`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from orderkit.model.expressions.nodes import Expression
from orderkit.model.expressions.types import Number, Type
from orderkit.model.forms import FormId, Origin
from orderkit.model.labels import Label
from orderkit.model.people import Who

AGAINST = "against"
COST = "cost"
LOT = "lot"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerMeasure:
    """A number that postings change; its balance is the sum of its entries, zero at first."""

    id: str
    label: Label
    type: Number


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
    origin: Origin | None = None

    @cached_property
    def posting_by_id(self) -> Mapping[str, PostingKind]:
        """Kinds of postings by id."""
        return {posting.id: posting for posting in self.postings}
