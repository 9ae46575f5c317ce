"""Which fields an expression reads."""

from collections.abc import Iterator

from orderkit.model.expressions.nodes import Expression, Get
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Record


def fields_read(expression: Expression) -> Iterator[tuple[str, str]]:
    """Yield form and field of everything that an expression reads, itself and along references."""
    for node in walk(expression):
        if isinstance(node, Get) and isinstance(node.base.type, Record):
            yield node.base.type.form, node.field
