"""Divides the operations of a revision into phases, for large tables that people go on writing to."""

from collections.abc import Iterator, Sequence

from orderkit.database.operations.kinds.alterations import Required
from orderkit.database.operations.kinds.altering import AlterTable
from orderkit.database.operations.kinds.updates import Fill, Update
from orderkit.database.operations.operation import InOneTransaction, Operation, Phase
from orderkit.database.operations.sql import quoted


def phases_of(operations: Sequence[Operation]) -> tuple[Phase, ...]:
    """Return the phases in order.

    Rows that come after a backfill has passed are empty where a column is required next. Once the column
    promises to be filled no more of them come, and these few are filled again.
    """
    phases: list[Phase] = []
    fills: dict[tuple[str, str], list[Fill | Update]] = {}
    for operation in operations:
        match operation:
            case AlterTable(table=table, alterations=alterations):
                for each in alterations:
                    first, *rest = each.phases(table)
                    phases.append(first)
                    if isinstance(each, Required):
                        phases.extend(_again(fills.get((table, each.name), ())))
                    phases.extend(rest)
            case Fill(table=table, column=column):
                fills.setdefault((table, column), []).append(operation)
                phases.extend(operation.phases())
            case Update(table=table, column=column, where=where):
                if where == f"{quoted(column)} IS NULL":
                    fills.setdefault((table, column), []).append(operation)
                phases.extend(operation.phases())
            case _:
                phases.extend(operation.phases())
    return tuple(phases)


def _again(fills: Sequence[Fill | Update]) -> Iterator[Phase]:
    for each in fills:
        yield InOneTransaction(title=f"{each.title}: rows of the meantime", run=each.apply)
