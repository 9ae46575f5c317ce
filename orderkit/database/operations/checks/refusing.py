"""Refuses to change what would not survive, naming the rows."""

from collections.abc import Sequence

import sqlalchemy as sa

from orderkit.database.changes.checks import Check
from orderkit.database.changes.telling import place_of, rows_told
from orderkit.database.operations.checks.checking import Failing, failing
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import label

ROWS_DO_NOT_FIT = Code(
    "OK6300",
    "rows-do-not-fit",
    ERROR,
    since="0.1",
    explain="""
        Rows of the database do not fit the new structure: a field that is required now is empty in them, a
        value that must be unique stands in several, a text is no number, or digits would be lost. The
        message names up to ten of them, with what stands there. The revision that found them has changed
        nothing, or has stopped before this step and goes on when `orderkit migrate` is run again.

        Correct the rows in the app of the revision before, or give the field a `default:`, a `backfill:`
        or a `convert:` and build again.
        """,
    zh="数据库中有记录不符合新的结构：现在必填的字段为空、必须唯一的值有重复、文本不是数字，或会丢失小数位。"
    "提示中最多列出十条记录及其值。请先在原来的应用里改正这些记录，或为字段写上 `default:`、`backfill:` 或 "
    "`convert:` 后重新构建，再运行 `orderkit migrate`。",
)


def refuse_failing(connection: sa.Connection, *checks: Check) -> None:
    """Refuse when rows do not fulfil the checks; those of all of them are named at once."""
    found = [each for check in checks if (each := failing(connection, check)) is not None]
    if found:
        raise refusal(found)


def refusal(found: Sequence[Failing]) -> Refused:
    """Return the refusal of rows that do not fit."""
    error = Refused(
        tuple(
            Problem(
                path=place_of(each.check),
                code="data",
                message=rows_told(each.check, each.count, each.ids, each.values),
                known_as=ROWS_DO_NOT_FIT,
            )
            for each in found
        ),
        label(
            zh="已有数据不符合新的结构；请先改正下列记录，再运行 `orderkit migrate`",
            en="data that exists does not fit the new structure; correct these rows, then run `orderkit migrate` again",
        ),
    )
    error.known_as = ROWS_DO_NOT_FIT
    return error
