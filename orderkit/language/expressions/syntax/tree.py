"""What an expression is before its names and types are known: a tree with places in the text."""

from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A number, a text, `true`, `false` or `null`."""

    value: Decimal | int | str | bool | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A bare name."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """`base.name`, or `base['name']` where `is_subscript`; the name's own place is `name_start` to `end`."""

    base: "Syntax"
    name: str
    name_start: int
    start: int
    end: int
    is_subscript: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """`name=value` in a call."""

    name: str
    value: "Syntax"
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSyntax:
    """`function(arguments, keyword=…)`; the name ends at `name_end`."""

    function: str
    arguments: tuple["Syntax", ...]
    keywords: tuple[Keyword, ...]
    start: int
    name_end: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """`-x`, `not x`."""

    operator: str
    operand: "Syntax"
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Infix:
    """`a + b`, `a and b`, `a not in b`; the operator's own place is given for messages."""

    operator: str
    left: "Syntax"
    right: "Syntax"
    operator_start: int
    operator_end: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional:
    """`then if test else otherwise`."""

    test: "Syntax"
    then: "Syntax"
    otherwise: "Syntax"
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSyntax:
    """`[a, b]`."""

    items: tuple["Syntax", ...]
    start: int
    end: int


Syntax = Constant | Name | Attribute | CallSyntax | Prefix | Infix | Conditional | ListSyntax


def children(syntax: Syntax) -> tuple[Syntax, ...]:
    """Return the parts directly below."""
    match syntax:
        case Constant() | Name():
            return ()
        case Attribute():
            return (syntax.base,)
        case CallSyntax():
            return (*syntax.arguments, *(keyword.value for keyword in syntax.keywords))
        case Prefix():
            return (syntax.operand,)
        case Infix():
            return (syntax.left, syntax.right)
        case Conditional():
            return (syntax.test, syntax.then, syntax.otherwise)
        case ListSyntax():
            return syntax.items
        case _:
            assert_never(syntax)


def path_of(syntax: Syntax) -> tuple[str, ...]:
    """Return the names of a dotted path, empty for anything else."""
    match syntax:
        case Name(name=name):
            return (name,)
        case Attribute(base=base, name=name, is_subscript=False):
            path = path_of(base)
            return (*path, name) if path else ()
        case _:
            return ()
