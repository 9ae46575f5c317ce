"""Matching: how what came in, such as a payment, finds the open records that it belongs to (核销)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import FormId, Origin
from orderkit.model.labels import Label
from orderkit.model.people import Who


class Spread(StrEnum):
    """Over which open records first an amount is spread that is more than one of them needs."""

    OLDEST_FIRST = "oldest_first"
    NEWEST_FIRST = "newest_first"
    LARGEST_FIRST = "largest_first"
    SMALLEST_FIRST = "smallest_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingRule:
    """A pair for which `when` holds is proposed with this score and reason; the highest score counts."""

    score: int
    when: Expression
    reason: Label
    spread: Spread | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOff:
    """Differences up to an amount are written off; above another, somebody approves it."""

    up_to: Decimal
    approve_above: Decimal | None = None
    approve_by: Who | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingResult:
    """What a confirmed pair leaves behind: a row in `rows` of a collection of the `holder` form."""

    holder: FormId
    collection: str
    rows: FormId
    values: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Rules between two forms. Expressions see the pair as `Root("incoming")` and `Root("open")`.

    `where` says which open records are candidates; pairs that score above `auto_above` need nobody to
    confirm them, the others somebody of `by`.
    """

    id: str
    label: Label
    incoming: FormId
    open: FormId
    rules: tuple[MatchingRule, ...]
    result: MatchingResult
    where: Expression | None = None
    auto_above: int | None = None
    write_off: WriteOff | None = None
    by: Who | None = None
    origin: Origin | None = None
