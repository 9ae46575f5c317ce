"""A tree that is printed and read again is the same tree, wherever its names come from."""

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.language.expressions import parse, printed
from orderkit.language.expressions.syntax.parsing import MAX_HEIGHT
from orderkit.language.expressions.syntax.tree import (
    Attribute,
    CallSyntax,
    Conditional,
    Constant,
    Infix,
    Keyword,
    ListSyntax,
    Name,
    Prefix,
    Syntax,
)
from tests.database.expressions.strategies import expressions

NAMES = st.sampled_from(["a", "qty", "客户", "x1", "row"])
CONSTANTS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 10**18 - 1),
    st.decimals(0, 10**9, places=3),
    st.text(st.characters(codec="utf-8"), max_size=4),
)
OPERATORS = st.sampled_from(
    ["or", "and", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%", "not in"]
)


def constant(value: Any) -> Syntax:
    return Constant(value=value, start=0, end=0)


def larger(part: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return trees of every kind around smaller ones."""
    at = {"start": st.just(0), "end": st.just(0)}
    operator = {"operator_start": st.just(0), "operator_end": st.just(0)}
    keyword = st.builds(Keyword, name=NAMES, value=part, **at)
    return st.one_of(
        st.builds(Attribute, base=part, name=NAMES, name_start=st.just(0), is_subscript=st.booleans(), **at),
        st.builds(
            CallSyntax,
            function=NAMES,
            arguments=st.lists(part, max_size=2).map(tuple),
            keywords=st.lists(keyword, max_size=2, unique_by=lambda each: each.name).map(tuple),
            name_end=st.just(0),
            **at,
        ),
        st.builds(Prefix, operator=st.sampled_from(["-", "not"]), operand=part, **at),
        st.builds(Infix, operator=OPERATORS, left=part, right=part, **operator, **at),
        st.builds(Conditional, test=part, then=part, otherwise=part, **at),
        st.builds(ListSyntax, items=st.lists(part, max_size=2).map(tuple), **at),
    )


LEAVES = CONSTANTS.map(constant) | st.builds(Name, name=NAMES, start=st.just(0), end=st.just(0))


@st.composite
def trees(draw: st.DrawFn, depth: int) -> Syntax:
    """Return trees of at most this height."""
    found: Syntax = draw(LEAVES | larger_than(depth - 1) if depth else LEAVES)
    return found


@cache
def larger_than(depth: int) -> st.SearchStrategy[Any]:
    return larger(trees(depth))


def without_places(syntax: Any) -> Any:
    """Return the tree with every place at 0."""
    if isinstance(syntax, tuple):
        return tuple(without_places(each) for each in syntax)
    if not is_dataclass(syntax) or isinstance(syntax, type):
        return syntax
    values = {each.name: getattr(syntax, each.name) for each in fields(syntax)}
    moved = {
        name: 0 if name.endswith(("start", "end")) else without_places(value)
        for name, value in values.items()
    }
    return replace(syntax, **moved)


@given(tree=trees(4))
@settings(deadline=None, max_examples=300)
def test_what_is_printed_reads_as_the_same_tree(tree: Syntax) -> None:
    again = parse(printed(tree))
    assert again.syntax is not None, (printed(tree), again.problems)
    assert without_places(again.syntax) == tree


@given(text=expressions(3))
@settings(deadline=None, max_examples=100)
def test_printing_settles_at_once(text: str) -> None:
    tree = parse(text).syntax
    assert tree is not None
    once = printed(tree)
    again = parse(once).syntax
    assert again is not None
    assert printed(again) == once
    assert without_places(again) == without_places(tree)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("((a))+( b*c )", "a + b * c"),
        ("(a+b)*c", "(a + b) * c"),
        ("a-(b-c)", "a - (b - c)"),
        ("a - b - c", "a - b - c"),
        ("not(a and b)", "not (a and b)"),
        ("-(a+b)", "-(a + b)"),
        ("(a if b else c)if d else e", "(a if b else c) if d else e"),
        ("a if b else c if d else e", "a if b else c if d else e"),
        ("0<qty<10", "0 < qty and qty < 10"),
        ("(a == b) == c", "(a == b) == c"),
        ("a not  in [1,2,]", "a not in [1, 2]"),
        ('row["it\'s"].x', "row['it\\'s'].x"),
        ("sum( lines.qty,where = lines.qty>0 )", "sum(lines.qty, where=lines.qty > 0)"),
    ],
)
def test_the_layout_is_one(text: str, wanted: str) -> None:
    tree = parse(text).syntax
    assert tree is not None
    assert printed(tree) == wanted


def test_the_highest_tree_is_printed() -> None:
    text = " + ".join(["a"] * (MAX_HEIGHT - 1))
    tree = parse(text).syntax
    assert tree is not None
    assert printed(tree) == text
