"""Checks `balance(stock.available, product=…, warehouse=…)`: a number of a ledger for some of its keys."""

from typing import TYPE_CHECKING

from orderkit.language.expressions.calls.aggregates import keyword_of
from orderkit.language.expressions.naming import NamedWord
from orderkit.language.expressions.problems import (
    NOT_STORABLE,
    UNKNOWN_NAME,
    WRONG_ARGUMENTS,
    mended,
)
from orderkit.language.expressions.scope import LedgerScope
from orderkit.language.expressions.syntax.tree import CallSyntax, Syntax, path_of
from orderkit.language.findings.nearest import did_you_mean
from orderkit.model.expressions.nodes import Balance, Entry, Expression
from orderkit.model.expressions.types import Boolean
from orderkit.model.labels import label

if TYPE_CHECKING:
    from orderkit.language.expressions.checking import Checker

WHERE = "where"


def balance(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    """Check a call of `balance`; keys that are not given are added up over."""
    if checker.scope.is_stored:
        checker.report(
            syntax.start,
            syntax.name_end,
            NOT_STORABLE,
            label(zh="保存的值不能用 `balance()`", en="a stored value cannot use `balance()`"),
            label(zh="改用 `virtual`，读取时计算", en="use `virtual`, which is evaluated at each read"),
        )
        return None
    named = _named(checker, syntax)
    if named is None:
        return None
    name, ledger, measure = named
    given = keyword_of(checker, syntax, frozenset({*ledger.keys, WHERE}))
    keys: list[Entry] = []
    for key, type_ in ledger.keys.items():
        if key in given:
            value = checker.check_as(given[key].value, type_)
            keys += [] if value is None else [Entry(key, value)]
    with checker.row(name, None) as row:
        where = checker.check_as(given[WHERE].value, Boolean()) if WHERE in given else None
    if len(keys) + (where is not None) < len(given):
        return None
    return Balance(name, measure, tuple(keys), row.name, where, ledger.numbers[measure])


def _named(checker: "Checker", syntax: CallSyntax) -> tuple[str, LedgerScope, str] | None:
    """Return the ledger and its number that the first argument names, or report what it is instead."""
    argument = syntax.arguments[0] if syntax.arguments else None
    path = () if argument is None else path_of(argument)
    if argument is None or len(syntax.arguments) > 1 or len(path) != 2:
        checker.report(
            syntax.start,
            syntax.end,
            WRONG_ARGUMENTS,
            label(
                zh="`balance` 要一个台账的数，再按名称给出键",
                en="`balance` takes a number of a ledger, then keys by name",
            ),
            label(
                zh="例如 `balance(stock.available, product=product)`",
                en="such as `balance(stock.available, product=product)`",
            ),
        )
        return None
    name, measure = path
    ledger = checker.scope.ledgers.get(name)
    if ledger is None:
        checker.report(
            argument.start,
            argument.start + len(name),
            UNKNOWN_NAME,
            label(zh=f"没有台账 `{name}`", en=f"there is no ledger `{name}`"),
            did_you_mean(name, checker.scope.ledgers),
            mend=mended(argument.start, argument.start + len(name), name, checker.scope.ledgers),
        )
        return None
    checker.names.append(NamedWord(argument.start, argument.start + len(name), "ledger", name))
    if ledger.is_broken:
        return None
    if measure not in ledger.numbers:
        _no_number(checker, argument, name, measure, ledger)
        return None
    return name, ledger, measure


def _no_number(checker: "Checker", argument: Syntax, name: str, measure: str, ledger: LedgerScope) -> None:
    checker.report(
        argument.end - len(measure),
        argument.end,
        UNKNOWN_NAME,
        label(
            zh=f"台账 `{name}` 没有 `{measure}` 这个数", en=f"the ledger `{name}` keeps no number `{measure}`"
        ),
        did_you_mean(measure, ledger.numbers, ledger.labels),
        mend=mended(argument.end - len(measure), argument.end, measure, ledger.numbers, ledger.labels),
    )
