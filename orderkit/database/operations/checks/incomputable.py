"""Names the rows for which an expression has no value, which a database refuses without saying where.

A number may be too large, a date out of range, a text not what it is read as. The rows are found by trying
parts of the table, so it takes a moment, and only where something failed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from orderkit.database.expressions.failures import evaluation_failure
from orderkit.database.operations.sql import execute, quoted
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import Label, label

MOST_NAMED = 10
NO_VALUE = Code(
    "OK6351",
    "formula-without-value",
    ERROR,
    since="0.1",
    explain="""
        A revision fills or computes a column by an expression, and for some rows it has no value: a number is too
        large, a date out of range, a text is not what it is read as, or several records fit where one is meant.
        The message names up to ten of them. Correct these rows in the app of the revision before, or write the
        expression so that it bears them, build again, and run `orderkit migrate`.
    """,
    zh="版本要用表达式填写或计算一列，而对某些记录它没有结果：数字太大、日期超出范围、文本读不成所需的类型，或应取一条时有多条符合。"
    "提示中最多列出十条记录。请先在原来的应用里改正这些记录，或把表达式写得能容下它们并重新构建，再运行 `orderkit migrate`。",
)

Try = Callable[[str | None], str]
"""Returns the SQL to run for the rows of a condition; for all with None."""


@contextmanager
def naming_rows(connection: sa.Connection, table: str, column: str, source: str, run: Try) -> Iterator[None]:
    """Refuse with the rows at fault when the block fails because an expression has no value.

    Args:
        connection: in a transaction, which goes on after a failure.
        table: whose rows are tried.
        column: that gets the value.
        source: the expression as the project writes it.
        run: what the block runs, for a part of the table.
    """
    try:
        with connection.begin_nested():
            yield
    except DBAPIError as error:
        if evaluation_failure(error) is None:
            raise
        found = _at_fault(connection, table, run)
        if not found:
            raise
        raise _refusal(f"{table}.{column}".replace("__", "."), source, found) from error


def _at_fault(connection: sa.Connection, table: str, run: Try) -> list[int]:
    """Return the ids of the first rows for which `run` fails."""

    def first_of(low: int, high: int) -> Iterator[int]:
        if _succeeds(connection, run(f'{quoted(table)}."id" BETWEEN {low} AND {high}')):
            return
        if low == high:
            yield low
            return
        middle = (low + high) // 2
        yield from first_of(low, middle)
        yield from first_of(middle + 1, high)

    low, high = tuple(execute(connection, f'SELECT min("id"), max("id") FROM {quoted(table)}').one())
    if low is None or high is None:
        return []
    rows = first_of(low, high)
    # One more than is named tells that there are more.
    return [row for _, row in zip(range(MOST_NAMED + 1), rows, strict=False)]


def _succeeds(connection: sa.Connection, sql: str) -> bool:
    trial = connection.begin_nested()
    try:
        execute(connection, sql)
    except DBAPIError as error:
        if evaluation_failure(error) is None:
            raise
        return False
    finally:
        trial.rollback()
    return True


def _refusal(path: str, source: str, found: list[int]) -> Refused:
    problem = Problem(
        path=path,
        code="no_value",
        message=_message(source, found),
        help=label(
            zh="请先在原来的应用里改正这些记录，或改写表达式并重新构建，再运行 `orderkit migrate`",
            en="correct these rows in the app of before, or write the expression so that it bears them and build "
            "again; then run `orderkit migrate`",
        ),
        known_as=NO_VALUE,
    )
    return Refused((problem,))


def _message(source: str, found: list[int]) -> Label:
    rows = ", ".join(f"#{row}" for row in found[:MOST_NAMED])
    is_cut = len(found) > MOST_NAMED
    return label(
        zh=f"`{source}` 对这些记录没有结果（数字太大、日期超出范围或文本不能转换）：{rows}{' 等' if is_cut else ''}",
        en=f"`{source}` has no value (a number is too large, a date out of range, or a text cannot be converted) "
        f"for {rows}{' and more' if is_cut else ''}",
    )
