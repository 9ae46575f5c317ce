"""Balances as hot rows: what a unit posts is gathered, and written at its end, ledger by ledger and row by row.

Each row is locked before it is looked at, so that what is said about it is true; the CHECK of the database
has the last word all the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import ColumnElement, Table, and_, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.engine.ledger.wording import beyond, too_large
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.ledger_bounds import Bound, bounds_of
from orderkit.model.ledgers import OPENING, Ledger
from orderkit.model.values.numbers import fits

Keys = tuple[Scalar, ...]
BEYOND = "balance"
_AT_ONCE = 200
_NAME = "ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an entry does to the row of balances under its keys; `row` is the row of the record it is about."""

    keys: Keys
    moves: Mapping[str, Decimal]
    row: tuple[str | None, int | None]
    posting: str
    has_reason: bool


@dataclass(slots=True)
class _Pending:
    """What has been posted in this unit and stands in no row of balances yet."""

    changes: dict[str, dict[Keys, list[Change]]] = field(default_factory=dict)


class _Bounds(dict[str, tuple[Bound, ...]]):
    """The bounds of each ledger, worked out once in a process."""


def bounds(runtime: Runtime, ledger: Ledger) -> tuple[Bound, ...]:
    """Return the bounds of a ledger."""
    known = runtime.keep(_Bounds, _Bounds)
    if ledger.id not in known:
        known[ledger.id] = bounds_of(ledger)
    return known[ledger.id]


def note_changes(unit: Unit, ledger: Ledger, changes: Iterable[Change]) -> None:
    """Take down what entries do to balances, for the end of the unit."""
    pending = unit.keep(_Pending, _Pending)
    if not pending.changes:
        unit.last_writes.append((_NAME, lambda: write_balances(unit)))
    of_ledger = pending.changes.setdefault(ledger.id, {})
    for each in changes:
        of_ledger.setdefault(each.keys, []).append(each)


def write_balances(unit: Unit) -> None:
    """Write what was taken down. Raises Refused, with a problem for each row that would go beyond a bound."""
    pending = unit.keep(_Pending, _Pending)
    changes, pending.changes = pending.changes, {}
    problems: list[Problem] = []
    for ledger_id in sorted(changes):
        ledger = unit.project.ledger_by_id[ledger_id]
        problems += _write(unit, ledger, changes[ledger_id])
    if problems:
        raise Refused(problems)


def row_ids(unit: Unit, ledger: Ledger, wanted: Sequence[Keys]) -> dict[Keys, int]:
    """Return the row of balances of each of these keys, made where there was none."""
    table = unit.runtime.database.tables[ledger.id]
    ordered = sorted(wanted, key=_order)
    found = _find(unit, ledger, table, ordered)
    missing = [each for each in ordered if each not in found]
    if missing:
        _make(unit, ledger, table, missing)
        found |= _find(unit, ledger, table, missing)
    return found


def _order(keys: Keys) -> tuple[str, ...]:
    return tuple(str(each) for each in keys)


def _find(unit: Unit, ledger: Ledger, table: Table, wanted: Sequence[Keys]) -> dict[Keys, int]:
    names = [key.id for key in ledger.keys]
    found: dict[Keys, int] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = [_same(table, names, keys) for keys in wanted[start : start + _AT_ONCE]]
        query = select(table.c.id, *(table.c[name] for name in names)).where(or_(*some))
        for row in unit.connection.execute(query):
            found[tuple(row)[1:]] = row[0]
    return found


def _same(table: Table, names: Sequence[str], keys: Keys) -> ColumnElement[bool]:
    pairs = zip(names, keys, strict=True)
    return and_(
        *(table.c[name].is_(None) if value is None else table.c[name] == value for name, value in pairs)
    )


def _make(unit: Unit, ledger: Ledger, table: Table, wanted: Sequence[Keys]) -> None:
    zeros = {
        column.name: Decimal(0)
        for column in table.c
        if column.name != "id" and column.name not in {key.id for key in ledger.keys}
    }
    names = [key.id for key in ledger.keys]
    rows = [{**dict(zip(names, keys, strict=True)), **zeros} for keys in wanted]
    inserting = sqlite.insert if unit.runtime.database.dialect == "sqlite" else postgresql.insert
    unit.connection.execute(inserting(table).on_conflict_do_nothing(), rows)


def _write(unit: Unit, ledger: Ledger, changes: Mapping[Keys, Sequence[Change]]) -> list[Problem]:
    table = unit.runtime.database.tables[ledger.id]
    ids = row_ids(unit, ledger, list(changes))
    by_id = {ids[keys]: (keys, some) for keys, some in changes.items()}
    problems: list[Problem] = []
    updates: list[dict[str, object]] = []
    for row_id, before in locked_rows(unit, table, sorted(by_id)).items():
        keys, some = by_id[row_id]
        moves = _moves(some)
        after = {each.id: before[each.id] + moves[each.id] for each in ledger.measures}
        wide = [each for each in ledger.measures if not fits(after[each.id], each.type.scale)]
        if wide:
            problems.append(Problem(path="", code=BEYOND, message=too_large(unit, ledger, keys, wide[0])))
            continue
        is_begun = any(before[each.id] for each in ledger.measures)
        may_begin_below = not is_begun and _is_opening(some)
        floors = {}
        for bound in bounds(unit.runtime, ledger):
            slack = bound.slack(after)
            if slack < before[bound.id] and not may_begin_below:
                message = beyond(unit, ledger, bound, keys, after, [each.row for each in some])
                problems.append(Problem(path="", code=BEYOND, message=message))
            # A floor below zero can only rise, but for what is opened below.
            floor = min(slack, Decimal(0))
            floors[bound.id] = floor if may_begin_below else max(before[bound.id], floor)
        updates.append({"row_id": row_id, **_named("moved", moves), **_named("set", floors)})
    if updates and not problems:
        _update(unit, ledger, table, updates)
    return problems


def locked_rows(unit: Unit, table: Table, ids: Sequence[int]) -> dict[int, Mapping[str, Decimal]]:
    """Return rows of balances, locked until the unit ends, in the order of their ids."""
    found: dict[int, Mapping[str, Decimal]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        query = select(table).where(table.c.id.in_(ids[start : start + _AT_ONCE])).order_by(table.c.id)
        for row in unit.connection.execute(query.with_for_update()):
            found[row.id] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return found


def _moves(changes: Sequence[Change]) -> dict[str, Decimal]:
    total: dict[str, Decimal] = defaultdict(Decimal)
    for each in changes:
        for measure, amount in each.moves.items():
            total[measure] += amount
    return total


def _is_opening(changes: Sequence[Change]) -> bool:
    """Whether all that is posted says, with a reason, what was left over from before."""
    return all(each.posting == OPENING and each.has_reason for each in changes)


def _named(prefix: str, values: Mapping[str, Decimal]) -> dict[str, object]:
    return {f"{prefix}_{name}": value for name, value in values.items()}


def _update(unit: Unit, ledger: Ledger, table: Table, updates: Sequence[Mapping[str, object]]) -> None:
    values: dict[str, object] = {
        each.id: table.c[each.id] + bindparam(f"moved_{each.id}", type_=table.c[each.id].type)
        for each in ledger.measures
    }
    values |= {
        each.id: bindparam(f"set_{each.id}", type_=table.c[each.id].type)
        for each in bounds(unit.runtime, ledger)
    }
    nothing = {f"moved_{each.id}": Decimal(0) for each in ledger.measures}
    unit.connection.execute(
        update(table).where(table.c.id == bindparam("row_id")).values(values),
        [{**nothing, **each} for each in updates],
    )
