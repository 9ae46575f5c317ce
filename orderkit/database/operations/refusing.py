"""Refuses to change what would not survive, naming the rows."""

from collections.abc import Sequence
from typing import assert_never

import sqlalchemy as sa

from orderkit.database.changes.checks import (
    Casts,
    Check,
    Matches,
    NotChosen,
    NotEmpty,
    OneValue,
    Refers,
    Unique,
)
from orderkit.database.operations.checking import Failing, failing
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import Label, label

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
_MOST_SHOWN = 60


def refuse_failing(connection: sa.Connection, check: Check) -> None:
    """Refuse when rows do not fulfil the check."""
    found = failing(connection, check)
    if found is not None:
        raise refusal([found])


def refusal(found: Sequence[Failing]) -> Refused:
    """Return the refusal of rows that do not fit."""
    error = Refused(
        tuple(
            Problem(path=_place(each.check), code="data", message=_message(each), known_as=ROWS_DO_NOT_FIT)
            for each in found
        ),
        label(
            zh="已有数据不符合新的结构；请先改正下列记录，再运行 `orderkit migrate`",
            en="data that exists does not fit the new structure; correct these rows, then run `orderkit migrate` again",
        ),
    )
    error.known_as = ROWS_DO_NOT_FIT
    return error


def _place(check: Check) -> str:
    match check:
        case Unique(table=table, columns=columns):
            return f"{table}.{', '.join(columns)}"
        case Casts(table=table, old=old):
            return f"{table}.{old.name}"
        case _:
            return f"{check.table}.{check.column}"


def _message(found: Failing) -> Label:
    why, count = _why(found.check), found.count
    rows = ", ".join(
        f"#{id_} ({', '.join(map(_shown, values))})"
        if any(each is not None for each in values)
        else f"#{id_}"
        for id_, values in zip(found.ids, found.values, strict=True)
    )
    rest = count - len(found.ids)
    return label(
        zh=f"{count} 条记录{why['zh']}：{rows}{f'，另有 {rest} 条' if rest else ''}",
        en=f"{count} {'row' if count == 1 else 'rows'} {why['en']}: {rows}{f' and {rest} more' if rest else ''}",
    )


def _shown(value: object) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _why(check: Check) -> Label:
    match check:
        case NotEmpty():
            return label(zh="为空，而该字段现在必填", en="empty, where a value is required now")
        case Unique():
            return label(zh="的值重复，而现在必须唯一", en="with values that must be unique now")
        case Casts(new=new):
            kind = f"{new.kind.value}({new.scale})" if new.scale is not None else new.kind.value
            return label(zh=f"无法无损地转换为 {kind}", en=f"that cannot become {kind} without loss")
        case Refers(target=target):
            return label(zh=f"引用了 {target} 中不存在的记录", en=f"that refer to nothing in {target}")
        case Matches(new_target=target, key=key):
            return label(
                zh=f"在 {target} 中没有（或不止一条）相同 {key} 的记录",
                en=f"without exactly one record of the same {key} in {target}",
            )
        case NotChosen(option=option):
            return label(zh=f"仍选择了 {option}", en=f"that still have {option}")
        case OneValue():
            return label(zh="同属一条记录却有不同的值", en="of the same record with different values")
        case _:
            assert_never(check)
