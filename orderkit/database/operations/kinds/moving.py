"""Values that move between tables: a field to another form, references to other records, lines and forms."""

from collections.abc import Sequence
from typing import Literal

from orderkit.database.changes.checks import Matches, OneValue
from orderkit.database.operations.kinds.updates import Update
from orderkit.database.operations.script import add
from orderkit.database.operations.sql import quoted

OF_RECORDS = ("owner", "created_at", "created_by", "updated_at", "updated_by")


def move_column(
    source: str,
    column: str,
    target: str,
    new_column: str,
    *,
    link: str,
    link_in: Literal["source", "target"],
    scale: int | None = None,
) -> None:
    """Copy the values of a column into one of another table, which is there already.

    `link` is the reference between the two. Where it stands in the target, each of its rows gets the value
    of the row it refers to. Where it stands in the source, the rows that refer to one row must agree; `scale`
    are the decimal places by which a refusal shows them.
    """
    if link_in == "target":
        value = f'SELECT ok_from.{quoted(column)} FROM {quoted(source)} AS ok_from WHERE ok_from."id" = {quoted(target)}.{quoted(link)}'
        demands: tuple[OneValue, ...] = ()
    else:
        value = (
            f"SELECT ok_from.{quoted(column)} FROM {quoted(source)} AS ok_from "
            f'WHERE ok_from.{quoted(link)} = {quoted(target)}."id" AND ok_from.{quoted(column)} IS NOT NULL LIMIT 1'
        )
        demands = (OneValue(table=source, column=column, link=link, scale=scale),)
    words = f"move {source}.{column} to {target}.{new_column}"
    add(Update(words, target, new_column, _same(value), f"({value}) IS NOT NULL", demands))


def retarget(table: str, column: str, old_target: str, new_target: str, *, key: str) -> None:
    """Let a column refer to the row of another table that has the same `key`. Its foreign key is dropped by then."""
    value = (
        f'SELECT ok_new."id" FROM {quoted(old_target)} AS ok_old JOIN {quoted(new_target)} AS ok_new '
        f"ON ok_new.{quoted(key)} = ok_old.{quoted(key)} "
        f'WHERE ok_old."id" = {quoted(table)}.{quoted(column)}'
    )
    check = Matches(table=table, column=column, old_target=old_target, new_target=new_target, key=key)
    words = f"retarget {table}.{column} from {old_target} to {new_target} by {key}"
    add(Update(words, table, column, _same(value), f"{quoted(column)} IS NOT NULL", (check,)))


def lines_from_form(table: str, parent: str, *, position: str = "position") -> None:
    """Number the rows of a table that became lines, in the order of their ids below each parent.

    The table has its new name by then, the column `parent` and an empty `position`.
    """
    value = (
        f"SELECT count(*) FROM {quoted(table)} AS ok_before "
        f"WHERE ok_before.{quoted(parent)} = {quoted(table)}.{quoted(parent)} "
        f'AND ok_before."id" < {quoted(table)}."id"'
    )
    add(Update(f"number the lines of {table}", table, position, _same(value), f"{quoted(position)} IS NULL"))


def form_from_lines(
    table: str, parent: str, parent_table: str, *, columns: Sequence[str] = OF_RECORDS
) -> None:
    """Give the rows of lines that became records what their parents have: owner, and who made them when.

    The table has its new name by then, and the empty columns; `parent` still refers to `parent_table`.
    """
    for column in columns:
        value = (
            f"SELECT ok_parent.{quoted(column)} FROM {quoted(parent_table)} AS ok_parent "
            f'WHERE ok_parent."id" = {quoted(table)}.{quoted(parent)}'
        )
        words = f"fill {table}.{column} from {parent_table}"
        add(Update(words, table, column, _same(value), f"{quoted(column)} IS NULL"))


def _same(sql: str) -> dict[str, str]:
    return {"sqlite": sql, "postgresql": sql}
