"""Reading balances: what `balance(…)` means, in memory by a query of its own, and rows of balances as they are."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import cast

from sqlalchemy import select

from orderkit.database.expressions import SqlScope, compile_balance
from orderkit.engine.ledger.balances import locked_rows, row_ids, write_balances
from orderkit.engine.rows.row import LazyRow, RecordRow
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.evaluation import Environment, Value, evaluate
from orderkit.model.expressions.nodes import Balance, Scalar
from orderkit.model.ledgers import Ledger
from orderkit.model.values.numbers import round_half_up


class LedgerBalances:
    """The balances that expressions of one unit read: what it has posted itself counts."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._known: dict[tuple[object, ...], Decimal | int] = {}

    def balance(self, wanted: Balance, environment: Environment) -> Decimal | int | None:
        """Return the number that a `balance` means: nothing posted is 0."""
        unit = self._unit
        if unit.is_writing:
            write_balances(unit)
            return self._ask(wanted, environment)
        if wanted.where is not None:
            return self._ask(wanted, environment)
        # Nothing changes while a unit only reads, and a list asks the same for many records.
        keys = ((each.name, _plain(evaluate(each.value, environment))) for each in wanted.keys)
        question = (wanted.ledger, wanted.measure, *keys)
        if question not in self._known:
            self._known[question] = self._ask(wanted, environment)
        return self._known[question]

    def _ask(self, wanted: Balance, environment: Environment) -> Decimal | int:
        unit = self._unit
        database = unit.runtime.database
        scope = SqlScope(
            project=unit.project,
            tables=database.tables,
            dialect=database.dialect,
            constants=environment,
        )
        found = unit.connection.execute(select(compile_balance(wanted, scope))).scalar_one()
        number = round_half_up(found, wanted.type.scale)
        return number if wanted.type.scale else int(number)


def balances_of(unit: Unit) -> LedgerBalances:
    """Return what expressions of this unit read of ledgers."""
    return unit.keep(LedgerBalances, lambda: LedgerBalances(unit))


def numbers_at(unit: Unit, ledger: Ledger, keys: Mapping[str, Scalar]) -> Mapping[str, Decimal]:
    """Return the measures under these keys; zeros where nothing was posted."""
    table = unit.runtime.database.tables[ledger.id]
    names = [each.id for each in ledger.measures]
    query = select(*(table.c[name] for name in names)).where(
        *(
            table.c[key.id].is_(None) if keys[key.id] is None else table.c[key.id] == keys[key.id]
            for key in ledger.keys
        )
    )
    row = unit.connection.execute(query).one_or_none()
    return dict.fromkeys(names, Decimal(0)) if row is None else dict(row._mapping)  # noqa: SLF001 - its public name


def balance_rows(unit: Unit, ledger: Ledger) -> Sequence[Mapping[str, Scalar]]:
    """Return every row of balances, keys and measures, in the order of the keys."""
    table = unit.runtime.database.tables[ledger.id]
    keys = [table.c[each.id] for each in ledger.keys]
    query = select(*keys, *(table.c[each.id] for each in ledger.measures)).order_by(*keys, table.c.id)
    return [dict(row._mapping) for row in unit.connection.execute(query)]  # noqa: SLF001 - its public name


def lock_balances(unit: Unit, ledger_id: str, keys: Mapping[str, Value]) -> None:
    """Let nobody else change what a balance with these keys says until the unit ends.

    With every key given it is one row, which is made if it has to be; else all rows there are.
    """
    write_balances(unit)
    ledger = unit.project.ledger_by_id[ledger_id]
    table = unit.runtime.database.tables[ledger.id]
    plain = {name: _plain(value) for name, value in keys.items()}
    if any(value is None for value in plain.values()):
        return
    if len(plain) == len(ledger.keys):
        ids = list(row_ids(unit, ledger, [tuple(plain[key.id] for key in ledger.keys)]).values())
    else:
        query = select(table.c.id).where(*(table.c[name] == value for name, value in plain.items()))
        ids = list(unit.connection.execute(query.order_by(table.c.id)).scalars())
    locked_rows(unit, table, ids)


def _plain(value: Value) -> Scalar:
    found: Scalar = value.id if isinstance(value, RecordRow | LazyRow) else cast("Scalar", value)
    return found
