"""Walking expression trees: what a node is made of, and which names it uses."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any, assert_never

from orderkit.model.expressions.nodes import (
    Aggregate,
    Balance,
    Binary,
    Call,
    Changed,
    Each,
    Entry,
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
    TemplatePart,
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


def replaced(expression: Expression, by: Callable[[Expression], Expression | None]) -> Expression:
    """Return the tree with what `by` gives in place of a node, parents first; None keeps the node and looks inside."""
    found = by(expression)
    if found is not None:
        return found
    if isinstance(expression, Literal | Root | Changed):
        return expression
    inside = {each.name: getattr(expression, each.name) for each in fields(expression)}
    return replace(expression, **{name: _replaced_in(value, by) for name, value in inside.items()})


def _replaced_in(value: Any, by: Callable[[Expression], Expression | None]) -> Any:
    """Return what a field of a node holds, with the expressions in it replaced."""
    if isinstance(value, Expression):
        return replaced(value, by)
    if isinstance(value, tuple):
        return tuple(_replaced_in(each, by) for each in value)
    if isinstance(value, Entry):
        return replace(value, value=replaced(value.value, by))
    if isinstance(value, TemplatePart) and value.expression is not None:
        return replace(value, expression=replaced(value.expression, by))
    return value
