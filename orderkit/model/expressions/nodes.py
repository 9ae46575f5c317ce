"""The typed expression tree: what the compiler hands to the three evaluators.

Names are resolved: every name in the source has become a `Get` on a `Root`. The nodes carry their
type, so no evaluator infers anything. There are no source positions here; the compiler keeps them.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from orderkit.model.expressions.types import Boolean, ListOf, Number, Record, Rows, Text, Type

Scalar = None | bool | int | Decimal | str | date | time | datetime | timedelta | tuple[str | int, ...]


class UnaryOperator(StrEnum):
    """Operators on one operand."""

    NEGATE = "-"
    NOT = "not"


class BinaryOperator(StrEnum):
    """Operators on two operands, spelled as in the language."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    REMAINDER = "%"
    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    AND = "and"
    OR = "or"
    IN = "in"


class AggregateFunction(StrEnum):
    """What may be done with a collection."""

    SUM = "sum"
    COUNT = "count"
    MIN = "min"
    MAX = "max"
    AVG = "avg"
    ANY = "any"
    ALL = "all"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. `value` is the Python value that belongs to `type`."""

    value: Scalar
    type: Type


@dataclass(frozen=True, slots=True)
class Root:
    """A name that the place provides.

    `record` (this record, or this line), `me`, `old` (the record before the change), `value` (the
    field being checked), `this` (the record that holds a `where`), `candidate` (the row a `where` or
    `find` looks at), `item`, `row`, `body`, `headers`, `result`, `submitter`, `approver`, `visit`,
    `incoming` and `open` (a pair that is matched), `previous` (a row of a report in an earlier period),
    and `each1`, `each2`, … for the rows of aggregates, numbered by nesting depth.
    """

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Get:
    """A field of a record, or a key of a `Json` value. Of an empty record it is empty."""

    base: "Expression"
    field: str
    type: Type


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`, `not x`."""

    operator: UnaryOperator
    operand: "Expression"
    type: Type


@dataclass(frozen=True, slots=True)
class Binary:
    """`a + b`, `a and b`, `a in b`. `x == null` is an `IsEmpty`, `not in` a `not` around `in`."""

    operator: BinaryOperator
    left: "Expression"
    right: "Expression"
    type: Type


@dataclass(frozen=True, slots=True)
class IsEmpty:
    """`x == null`; `x != null` is a `not` around it. Never empty itself."""

    operand: "Expression"
    type: Boolean = Boolean()


@dataclass(frozen=True, slots=True)
class IfElse:
    """`then if test else otherwise`; an empty test counts as false."""

    test: "Expression"
    then: "Expression"
    otherwise: "Expression"
    type: Type


@dataclass(frozen=True, slots=True)
class Items:
    """A list literal."""

    items: tuple["Expression", ...]
    type: ListOf


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language on values, such as `round(x, 2)` or `coalesce(a, b)`."""

    function: str
    arguments: tuple["Expression", ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`sum(lines.amount, where=lines.qty > 0)`: `value` and `where` see the row as `Root(row)`.

    `value` is None for `count(lines)`.
    """

    function: AggregateFunction
    rows: "Expression"
    row: str
    value: "Expression | None"
    where: "Expression | None"
    type: Type


@dataclass(frozen=True, slots=True)
class Find:
    """The record of `form` for which `where` holds (it sees the row as `Root(row)`).

    None found is empty; several without `by` are an error at run time. With `by`, the first in its
    order is taken, the last with `descending`.
    """

    form: str
    row: str
    where: "Expression"
    by: "Expression | None"
    descending: bool
    type: Record


@dataclass(frozen=True, slots=True)
class Balance:
    """`balance(stock.available, product=…, warehouse=…)`: a number of a ledger, added up over keys not given.

    `where` sees the row of balances as `Root(row)`. Nothing posted is 0.
    """

    ledger: str
    measure: str
    keys: tuple["Entry", ...]
    row: str
    where: "Expression | None"
    type: Number


@dataclass(frozen=True, slots=True)
class Changed:
    """`changed(field)`: whether this write changes the field; true for every field of a new record."""

    field: str
    type: Boolean = Boolean()


@dataclass(frozen=True, slots=True)
class TemplatePart:
    """A piece of a template: fixed text, or an expression with an optional format.

    `{ordered_on:%Y%m%d}` has format `%Y%m%d`. `{seq:4}` is the text part of a number: expression
    None, text "", format "seq:4".
    """

    text: str = ""
    expression: "Expression | None" = None
    format: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """Text with expressions in it. Empty parts print as nothing; choices print their label."""

    parts: tuple[TemplatePart, ...]
    type: Text = Text()


@dataclass(frozen=True, slots=True)
class Entry:
    """One assignment of a structure: our side on the left."""

    name: str
    value: "Expression"


@dataclass(frozen=True, slots=True)
class Structure:
    """A map of assignments in a value place: `{account: 1002, debit: =amount}`."""

    entries: tuple[Entry, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Each:
    """`{each: lines, where: …, set: …}` in a value place: a list with one `value` a row."""

    rows: "Expression"
    row: str
    where: "Expression | None"
    value: "Expression"
    type: ListOf


Expression = (
    Literal
    | Root
    | Get
    | Unary
    | Binary
    | IsEmpty
    | IfElse
    | Items
    | Call
    | Aggregate
    | Find
    | Balance
    | Changed
    | Template
    | Structure
    | Each
)

__all__ = [
    "Aggregate",
    "AggregateFunction",
    "Balance",
    "Binary",
    "BinaryOperator",
    "Call",
    "Changed",
    "Each",
    "Entry",
    "Expression",
    "Find",
    "Get",
    "IfElse",
    "IsEmpty",
    "Items",
    "Literal",
    "Number",
    "Root",
    "Rows",
    "Scalar",
    "Structure",
    "Template",
    "TemplatePart",
    "Unary",
    "UnaryOperator",
]
