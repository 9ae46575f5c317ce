"""Checks how many arguments a call has, and those that must be written out."""

from typing import TYPE_CHECKING

from orderkit.language.expressions.calls.aggregates import keyword_of
from orderkit.language.expressions.problems import WRONG_ARGUMENTS
from orderkit.language.expressions.syntax.tree import CallSyntax, Constant, Syntax
from orderkit.model.labels import label

if TYPE_CHECKING:
    from orderkit.language.expressions.checking import Checker

_MAX_ROUND = 12


def counted(checker: "Checker", syntax: CallSyntax, least: int, most: int | None) -> bool:
    """Return whether the number of arguments is right, after reporting if it is not."""
    if keyword_of(checker, syntax, frozenset()) or syntax.keywords:
        return False
    count = len(syntax.arguments)
    if count >= least and (most is None or count <= most):
        return True
    if most is None:
        wanted = label(zh=f"至少 {least} 个", en=f"at least {least}")
    elif least == most:
        wanted = label(zh=f"{least} 个", en=str(least))
    else:
        wanted = label(zh=f"{least} 到 {most} 个", en=f"{least} to {most}")
    checker.report(
        syntax.start,
        syntax.end,
        WRONG_ARGUMENTS,
        label(
            zh=f"`{syntax.function}` 要{wanted['zh']}参数，这里有 {count} 个",
            en=f"`{syntax.function}` takes {wanted['en']} arguments, not {count}",
        ),
    )
    return False


def places_of(checker: "Checker", syntax: Syntax) -> int | None:
    """Return a number of decimal places, which must be a literal."""
    if isinstance(syntax, Constant) and type(syntax.value) is int and 0 <= syntax.value <= _MAX_ROUND:
        return syntax.value
    checker.report(
        syntax.start,
        syntax.end,
        WRONG_ARGUMENTS,
        label(
            zh=f"小数位数要写成 0 到 {_MAX_ROUND} 的整数",
            en=f"the number of places must be written as a whole number from 0 to {_MAX_ROUND}",
        ),
    )
    return None
