"""The two tables of a ledger: its entries, which are only ever added to, and its balances, which follow from them.

A row of balances holds one number for each measure and, for each bound, the floor that the database
compares it with. As it can be added up anew from the entries at any time, `changes` makes the table anew
where it changes, and never alters it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from orderkit.database.schema.tables import BalanceTable, Column, FloorCheck, ForeignKey, FormTable, Index
from orderkit.fields.field_type import ColumnKind
from orderkit.model.expressions.types import Date, Number, Record, Type
from orderkit.model.ledger_bounds import Bound, bounds_of
from orderkit.model.ledgers import Ledger, LedgerKey

Naming = Callable[[str, Sequence[str], str], str]
"""Names an index or key of a table, as far as PostgreSQL keeps names."""

Called = tuple[str, str]
"""The SQL names of balances and of entries."""

# What an entry says besides keys and measures; those that are never empty first.
_ALWAYS = (
    ("posted_at", ColumnKind.DATETIME),
    ("posting", ColumnKind.TEXT),
)
_MAYBE = (
    ("form", ColumnKind.TEXT),
    ("record_id", ColumnKind.INTEGER),
    ("row_form", ColumnKind.TEXT),
    ("row_id", ColumnKind.INTEGER),
    ("workflow", ColumnKind.TEXT),
    ("instance_id", ColumnKind.INTEGER),
    ("visit", ColumnKind.INTEGER),
    ("transition", ColumnKind.TEXT),
    ("person", ColumnKind.INTEGER),
    ("reason", ColumnKind.TEXT),
    ("cause", ColumnKind.TEXT),
    ("reverses_id", ColumnKind.INTEGER),
    ("uses_id", ColumnKind.INTEGER),
)


def tables_of_ledger(
    ledger: Ledger, called: Called, before: Called | None, forms: Mapping[str, str], name: Naming
) -> tuple[FormTable, FormTable]:
    """Return the tables of balances and of entries.

    Args:
        ledger: the ledger.
        called: the SQL names of both.
        before: what they were called, if it was renamed.
        forms: the tables of forms.
        name: names keys and indexes.
    """
    table, entries = called
    bounds = bounds_of(ledger)
    keys = tuple(each.id for each in ledger.keys)
    measures = tuple(each.id for each in ledger.measures)
    numbers = tuple(
        Column(
            name=each.id,
            kind=ColumnKind.DECIMAL,
            scale=each.type.scale,
            is_nullable=False,
            backfill=Decimal(0).scaleb(-each.type.scale),
            renamed_from=each.renamed_from,
        )
        for each in ledger.measures
    )
    kept = FormTable(
        name=table,
        form=ledger.id,
        columns=(_ID, *map(_key_column, ledger.keys), *numbers, *map(_floor_column, bounds)),
        indexes=(Index(name=name(table, keys, "key"), columns=keys, is_unique=True),),
        renamed_from=before[0] if before else None,
        balances=BalanceTable(
            entries=entries,
            keys=keys,
            measures=measures,
            floors=tuple(_floor(each, ledger, name(table, (each.id,), "check")) for each in bounds),
        ),
    )
    posted = FormTable(
        name=entries,
        form=ledger.entries,
        columns=(
            _ID,
            *(Column(name=each, kind=kind, is_nullable=False) for each, kind in _ALWAYS),
            *(Column(name=each, kind=kind) for each, kind in _MAYBE),
            Column(name="is_reversal", kind=ColumnKind.BOOLEAN, is_nullable=False, backfill=False),
            *map(_key_column, ledger.keys),
            *numbers,
        ),
        foreign_keys=tuple(_references(ledger, entries, forms, name)),
        indexes=tuple(
            Index(name=name(entries, columns, "idx"), columns=columns)
            for columns in (("form", "record_id"), (*keys, "id"), ("uses_id",), ("reverses_id",))
        ),
        renamed_from=before[1] if before else None,
    )
    return kept, posted


_ID = Column(name="id", kind=ColumnKind.INTEGER, is_nullable=False, is_id=True)


def _key_column(key: LedgerKey) -> Column:
    # Entries from before a key was added have none.
    return Column(name=key.id, kind=_kind(key.type), renamed_from=key.renamed_from)


def _kind(type_: Type) -> ColumnKind:
    match type_:
        case Record():
            return ColumnKind.REFERENCE
        case Number():
            return ColumnKind.INTEGER
        case Date():
            return ColumnKind.DATE
        case _:
            return ColumnKind.TEXT


def _floor_column(bound: Bound) -> Column:
    return Column(
        name=bound.id,
        kind=ColumnKind.DECIMAL,
        scale=bound.scale,
        is_nullable=False,
        backfill=Decimal(0).scaleb(-bound.scale),
    )


def _floor(bound: Bound, ledger: Ledger, name: str) -> FloorCheck:
    scales = {each.id: each.type.scale for each in ledger.measures}
    return FloorCheck(column=bound.id, name=name, sqlite=bound.sql(scales), postgresql=bound.sql())


def _references(ledger: Ledger, table: str, names: Mapping[str, str], name: Naming) -> Iterator[ForeignKey]:
    for key in ledger.keys:
        if isinstance(key.type, Record):
            yield ForeignKey(name=name(table, (key.id,), "fkey"), column=key.id, target=names[key.type.form])
