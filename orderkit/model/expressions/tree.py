"""Walking expression trees: what a node is made of, and which names it uses."""

from collections.abc import Iterator
from typing import assert_never

from orderkit.model.expressions.nodes import (
    Aggregate,
    Balance,
    Binary,
    Call,
    Changed,
    Each,
    Expression,
    Find,
    Get,
    IfElse,
    IsEmpty,
    Items,
    Literal,
    Root,
    Structure,
    Template,
    Unary,
)


def children(expression: Expression) -> tuple[Expression, ...]:
    """Return the direct parts of a node, in the order written."""
    match expression:
        # The most frequent ones first.
        case Get(base=base):
            return (base,)
        case Literal() | Root() | Changed():
            return ()
        case Binary(left=left, right=right):
            return (left, right)
        case Unary(operand=operand) | IsEmpty(operand=operand):
            return (operand,)
        case IfElse(test=test, then=then, otherwise=otherwise):
            return (test, then, otherwise)
        case Items(items=items):
            return items
        case Call(arguments=arguments):
            return arguments
        case Aggregate(rows=rows, value=value, where=where):
            return tuple(part for part in (rows, value, where) if part is not None)
        case Find(where=where, by=by):
            return (where,) if by is None else (where, by)
        case Balance(keys=keys, where=where):
            given = tuple(key.value for key in keys)
            return given if where is None else (*given, where)
        case Template(parts=parts):
            return tuple(part.expression for part in parts if part.expression is not None)
        case Structure(entries=entries):
            return tuple(entry.value for entry in entries)
        case Each(rows=rows, where=where, value=value):
            return (rows, value) if where is None else (rows, where, value)
        case _:
            assert_never(expression)


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield the node and everything below it, parents first."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Get):
            waiting.append(node.base)
        elif not isinstance(node, Literal | Root):
            waiting += reversed(children(node))


def root_names(expression: Expression) -> frozenset[str]:
    """Return the names of places that the tree uses and does not bind itself.

    `changed(field)` speaks of this record, so it counts as `record`.
    """
    match expression:
        case Root(name=name):
            return frozenset({name})
        case Changed():
            return frozenset({"record"})
        case _:
            used = frozenset[str]().union(*(root_names(child) for child in children(expression)))
            match expression:
                case Aggregate(row=row) | Find(row=row) | Balance(row=row) | Each(row=row):
                    return used - {row}
                case _:
                    return used
