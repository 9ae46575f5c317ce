"""What going back would lose: rows of tables that the newer revisions made, and values of their columns.

What a revision retired comes back from its shadow table, and what it made goes for good. So `migrate`
counts that before the first revision is undone, and asks whether it may go.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from orderkit.database.migrating.refusals import irreversible, script_raised
from orderkit.database.migrating.scripts import Script
from orderkit.database.operations.kinds.alterations import DroppedColumn, RenamedColumn
from orderkit.database.operations.kinds.altering import AlterTable
from orderkit.database.operations.kinds.tables import DropTable
from orderkit.database.operations.operation import Irreversible, Operation
from orderkit.database.operations.script import giving
from orderkit.database.operations.sql import execute, quoted
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import Label, label

WOULD_LOSE = Code(
    "OK6350",
    "going-back-loses-data",
    ERROR,
    since="0.1",
    explain="""
        `orderkit migrate --to` would undo revisions that made tables or columns, and these hold data by now,
        which no shadow table keeps. Nothing was changed. Make a backup (`orderkit backup`), then run the same
        command with `--allow-loss`; to have the newer data again, restore that backup.
    """,
    zh="`orderkit migrate --to` 要撤销的版本建过表或列，其中已有数据，而影子表不保留这些数据。未做任何更改。"
    "请先备份（`orderkit backup`），再在同一命令后加上 `--allow-loss`；以后要找回这些数据，请恢复那份备份。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """How many rows of a table, or values of one of its columns, would go. Named as they are now."""

    table: str
    column: str | None
    count: int


def losses(connection: sa.Connection, scripts: Sequence[Script]) -> tuple[Loss, ...]:
    """Return what undoing the scripts, in the order given, would lose; nothing of those that cannot be looked into."""
    for each in scripts:
        if not each.is_collected:
            _refuse_irreversible(each)
    undone = [_operations(each) for each in scripts if each.is_collected]
    there = frozenset(sa.inspect(connection).get_table_names())
    found = []
    for table, column in _dropped(operation for operations in undone for operation in operations):
        if table not in there:
            continue
        counted = "*" if column is None else _filled(connection, table, column)
        count = (
            0
            if counted is None
            else execute(connection, f"SELECT count({counted}) FROM {quoted(table)}").scalar_one()
        )
        if count:
            found.append(Loss(table=table, column=column, count=count))
    whole = {each.table for each in found if each.column is None}
    return tuple(each for each in found if each.column is None or each.table not in whole)


def _operations(script: Script) -> Sequence[Operation]:
    """Return what undoes a script. Raises what running it would, before anything is undone."""
    try:
        return script.operations(is_undoing=True)
    except Irreversible as error:
        raise irreversible(script.number, error.why, error.zh) from error
    except Exception as error:
        raise script_raised(script.number, error) from error


def _refuse_irreversible(script: Script) -> None:
    """Refuse a script that also uses Alembic's own `op` if it says that it cannot be undone, before another one is.

    Nothing is done by it: without a migration that runs, `op` fails at its first call, and ours are not applied.
    """
    try:
        with giving(lambda _operation: None):
            script.function(is_undoing=True)()
    except Irreversible as error:
        raise irreversible(script.number, error.why, error.zh) from error
    except Exception:  # noqa: BLE001 - whatever else is wrong with it shows when it is run
        return


def paths_dropped(connection: sa.Connection, scripts: Sequence[Script]) -> tuple[str, ...]:
    """Return the fields and forms, as they are called now, that undoing the scripts in the order given would drop."""
    undone = [_operations(each) for each in scripts if each.is_collected]
    there = frozenset(sa.inspect(connection).get_table_names())
    dropped = _dropped(operation for operations in undone for operation in operations)
    return tuple(_path(table, column) for table, column in dropped if table in there)


def would_lose(found: Sequence[Loss], needed: Sequence[Problem] = ()) -> Refused:
    """Return the refusal to go back, naming what would be lost, and what running records need of it."""
    lost = [
        Problem(
            path=_path(each.table, each.column),
            code="would_lose",
            message=_message(each),
            known_as=WOULD_LOSE,
        )
        for each in found
    ]
    error = Refused(
        (*lost, *needed),
        label(
            zh="回到这个版本会丢失下列数据，未做任何更改；请先备份，再加上 `--allow-loss` 运行",
            en="going back to this revision would lose the following, and nothing was changed; "
            "make a backup, then run it with `--allow-loss`",
        ),
    )
    error.known_as = WOULD_LOSE
    return error


def _dropped(operations: Iterable[Operation]) -> Iterator[tuple[str, str | None]]:
    """Yield the tables and columns that operations drop, by the names that they have before the first of them."""
    tables: dict[str, str] = {}
    columns: dict[tuple[str, str], str] = {}
    for operation in operations:
        if operation.renames is not None:
            old, new = operation.renames
            tables[new] = tables.pop(old, old)
        match operation:
            case DropTable(name=name):
                yield tables.get(name, name), None
            case AlterTable(table=name, alterations=alterations):
                table = tables.get(name, name)
                for each in alterations:
                    match each:
                        case RenamedColumn(old=old, new=new):
                            columns[table, new] = columns.pop((table, old), old)
                        case DroppedColumn(name=column):
                            yield table, columns.get((table, column), column)
                        case _:
                            pass
            case _:
                pass


def _filled(connection: sa.Connection, table: str, column: str) -> str | None:
    """Return the SQL of a column's value where it holds one; a truth value that was never set is false."""
    kinds = {each["name"]: each["type"] for each in sa.inspect(connection).get_columns(table)}
    if column not in kinds:
        return None
    name = quoted(column)
    return f"CASE WHEN {name} THEN 1 END" if isinstance(kinds[column], sa.Boolean) else name


def _path(name: str, column: str | None) -> str:
    table = name.replace("__", ".")
    return table if column is None else f"{table}.{column}"


def _message(loss: Loss) -> Label:
    if loss.column is None:
        rows = "row" if loss.count == 1 else "rows"
        return label(zh=f"整张表，{loss.count} 条记录", en=f"the whole table, {loss.count} {rows}")
    values = "value" if loss.count == 1 else "values"
    return label(zh=f"{loss.count} 条记录的值", en=f"{loss.count} {values}")
