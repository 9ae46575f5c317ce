"""Which formulas would lose what they gave, because they now read a new field that records which exist leave empty.

An operation on empty is empty: an amount that takes a new discount off has no value where there is none.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from orderkit.database.changes.finding.models import Cell
from orderkit.database.changes.kinds import AddColumn, Change, Recompute
from orderkit.database.schema.tables import Tables
from orderkit.model.expressions.nodes import Binary, BinaryOperator, Expression, Get, Unary, UnaryOperator
from orderkit.model.expressions.types import Record
from orderkit.model.labels import Label, label

_ARITHMETIC = frozenset(
    {
        BinaryOperator.ADD,
        BinaryOperator.SUBTRACT,
        BinaryOperator.MULTIPLY,
        BinaryOperator.DIVIDE,
        BinaryOperator.REMAINDER,
    }
)


def emptied(changes: Iterable[Change], target: Tables) -> Iterator[Label]:
    """Yield a note for each formula whose stored values certainly become empty, and how to keep them."""
    found = tuple(changes)
    empty = frozenset(_left_empty(found, target))
    for change in found:
        if isinstance(change, Recompute) and change.before is not None:
            read = next(_emptying(change.formula, empty), None)
            if read is not None:
                yield _told(f"{change.form}.{change.column}", ".".join(read))


def _left_empty(changes: Iterable[Change], target: Tables) -> Iterator[Cell]:
    """Yield the new fields that have no value in records that exist: a `default:` alone is for new ones."""
    for change in changes:
        if isinstance(change, AddColumn) and change.filled_by is None and change.column.is_nullable:
            yield target[change.table].form, change.column.name


def _emptying(expression: Expression, empty: AbstractSet[Cell]) -> Iterator[Cell]:
    """Yield the empty fields without which the expression has no value, whatever else it reads."""
    match expression:
        case Get(base=base, field=field) if isinstance(base.type, Record):
            if (base.type.form, field) in empty:
                yield base.type.form, field
            yield from _emptying(base, empty)
        case Binary(operator=operator, left=left, right=right) if operator in _ARITHMETIC:
            yield from _emptying(left, empty)
            yield from _emptying(right, empty)
        case Unary(operator=UnaryOperator.NEGATE, operand=operand):
            yield from _emptying(operand, empty)
        case _:
            pass


def _told(formula: str, read: str) -> Label:
    return label(
        zh=f"{formula} 的公式用到新字段 {read}，它在已有记录里是空的：这些记录的 {formula} 会变空；请给 {read} 写 `backfill:`，"
        f"或在公式里写 `coalesce({read.rpartition('.')[2]}, …)`",
        en=f"{formula} is worked out from {read}, which is new and empty in records that exist: their {formula} becomes "
        f"empty; give {read} a `backfill:`, or write `coalesce({read.rpartition('.')[2]}, …)` in the formula",
    )
