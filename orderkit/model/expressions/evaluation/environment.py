"""What an evaluation is given: names, records, the day and the zone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from orderkit.model.errors import OrderkitError
from orderkit.model.expressions.evaluation.workdays import STANDARD_WEEK, WorkingDays
from orderkit.model.expressions.nodes import Balance, Find, Scalar
from orderkit.model.labels import label


class EvaluationError(OrderkitError):
    """An expression has no value here: a number is too large, or several records were found where one was meant."""


class RowLike(Protocol):
    """A record. `get` gives scalars, references as ids; `rows` the records of a collection in order."""

    @property
    def form(self) -> str:
        """The form's id."""

    @property
    def id(self) -> int:
        """The record's id."""

    def get(self, field: str) -> Scalar:
        """Return the value of a field, virtual ones included."""

    def rows(self, collection: str) -> Sequence["RowLike"]:
        """Return the records of a collection."""


# Structures for integrations are dicts and lists of these; data from outside is plain JSON.
Value = (
    None
    | bool
    | int
    | Decimal
    | str
    | date
    | time
    | datetime
    | timedelta
    | RowLike
    | list[Any]
    | tuple[Any, ...]
    | dict[str, Any]
)


# Every kind of value but records.
PLAIN = (bool, int, Decimal, str, date, time, timedelta, list, tuple, dict)


class RowStore(Protocol):
    """Where records come from."""

    def row(self, form: str, record_id: int) -> RowLike | None:
        """Return a record, or None when there is none."""

    def find(self, wanted: Find, environment: "Environment") -> RowLike | None:
        """Return the record that a `find` means. Raises EvaluationError for several without an order."""

    def title(self, form: str, record_id: int) -> str:
        """Return the title of a record."""


class NoRecords:
    """A store without records, for expressions that need none."""

    def row(self, form: str, record_id: int) -> RowLike | None:  # noqa: ARG002 - the port's signature
        """Return nothing."""
        return None

    def find(self, wanted: Find, environment: "Environment") -> RowLike | None:  # noqa: ARG002 - the port's signature
        """Return nothing."""
        return None

    def title(self, form: str, record_id: int) -> str:  # noqa: ARG002 - the port's signature
        """Return nothing."""
        return ""


class Balances(Protocol):
    """Where the balances of ledgers come from."""

    def balance(self, wanted: Balance, environment: "Environment") -> Decimal | int | None:
        """Return the number that a `balance` means."""


class NoBalances:
    """No ledgers: every balance is empty, so no condition with one holds."""

    def balance(self, wanted: Balance, environment: "Environment") -> Decimal | int | None:  # noqa: ARG002 - the port's signature
        """Return nothing."""
        return None


_UTC = ZoneInfo("UTC")


MAX_ROWS = 1_000_000
_TOO_MANY_ROWS = label(
    zh=f"表达式要查看的行太多：最多 {MAX_ROWS:,} 行",
    en=f"the expression looks at too many rows: at most {MAX_ROWS:,}",
)


class Meter:
    """Counts the rows that an aggregate looks at, those of aggregates inside it among them."""

    def __init__(self) -> None:
        self._left = MAX_ROWS

    def count(self) -> None:
        """Take note of a row. Raises EvaluationError past the limit."""
        self._left -= 1
        if self._left < 0:
            raise EvaluationError(_TOO_MANY_ROWS)


def _value_itself(form: str, field: str, value: str) -> str:  # noqa: ARG001 - the port's signature
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The surroundings of one evaluation.

    Args:
        roots: what the names of the place stand for.
        store: where references lead.
        balances: where the balances of ledgers come from.
        now: the instant, in UTC; `today()` is its day in `timezone`.
        timezone: the project's zone.
        changed: fields that this write changes; None (no write) makes `changed(…)` false.
        choice_label: what a template prints for a choice: form, field, value → label.
        yes_no: what a template prints for true and false.
        calendar: which days are worked, for `workdays_between`.
        meter: how many rows the aggregate around has looked at; None outside of one.
    """

    roots: Mapping[str, Value] = field(default_factory=dict)
    store: RowStore = field(default_factory=NoRecords)
    balances: Balances = field(default_factory=NoBalances)
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    timezone: ZoneInfo = _UTC
    changed: frozenset[str] | None = None
    choice_label: Callable[[str, str, str], str] = _value_itself
    yes_no: tuple[str, str] = ("是", "否")
    calendar: WorkingDays = STANDARD_WEEK
    meter: Meter | None = None

    @property
    def today(self) -> date:
        """The day in the project's zone."""
        return self.now.astimezone(self.timezone).date()

    def with_root(self, name: str, value: Value) -> "Environment":
        """Return the environment with one more name."""
        return self.with_roots({**self.roots, name: value})

    def with_roots(self, roots: Mapping[str, Value], meter: Meter | None = None) -> "Environment":
        """Return the environment with other names; inside an aggregate, with its meter."""
        return Environment(
            roots=roots,
            store=self.store,
            balances=self.balances,
            now=self.now,
            timezone=self.timezone,
            changed=self.changed,
            choice_label=self.choice_label,
            yes_no=self.yes_no,
            calendar=self.calendar,
            meter=meter or self.meter,
        )
