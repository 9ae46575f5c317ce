"""Under which columns of a table of rows a sum says something: amounts and quantities, no prices or rates."""

from collections.abc import Iterator, Sequence

from orderkit.model.expressions.nodes import Binary, BinaryOperator, Get, Root
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Number
from orderkit.model.forms import Field, Form

_SUMMED = frozenset({"money", "decimal", "integer"})
_PRODUCTS = frozenset({BinaryOperator.MULTIPLY, BinaryOperator.DIVIDE})
_MONEY_PLACES = 2


def sums_of(form: Form, columns: Sequence[Field]) -> tuple[int | None, ...]:
    """Return for each column the places that its sum keeps, None where there is none.

    Amounts of several currencies and quantities of several units do not add up. Money that a formula of
    the row multiplies is a price: a sum of prices says nothing.
    """
    prices = {name for name in _factors(form) if form.by_id[name].type == "money"}
    return tuple(_places(each) if each.id not in prices else None for each in columns)


def _places(field: Field) -> int | None:
    type_ = field.value_type
    if field.type not in _SUMMED or field.unit is not None or not isinstance(type_, Number):
        return None
    return _MONEY_PLACES if field.type == "money" else 0


def _factors(form: Form) -> Iterator[str]:
    """Yield the fields of the row that its formulas multiply or divide."""
    for field in form.fields:
        formula = field.compute or field.virtual
        if formula is None:
            continue
        for node in walk(formula):
            if isinstance(node, Binary) and node.operator in _PRODUCTS:
                for part in (node.left, node.right):
                    if isinstance(part, Get) and isinstance(part.base, Root) and part.field in form.by_id:
                        yield part.field
