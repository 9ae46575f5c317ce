"""What turns one state of the tables into another, as far as tables alone can tell.

States are compared with each other, never with a live database. A column or table is renamed only
where the model says `renamed_from`. What the models add to it (options, formulas, moves, what may be
lost) is found by `between`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from orderkit.database.changes.finding.names import Names
from orderkit.database.changes.kinds import (
    AddColumn,
    AddForeignKey,
    AddIndex,
    AlterColumn,
    Change,
    CreateTable,
    DropBalances,
    DropColumn,
    DropForeignKey,
    DropIndex,
    MakeBalances,
    RenameColumn,
    RenameTable,
)
from orderkit.database.changes.reversing import reversed_changes
from orderkit.database.schema.tables import FormTable, Tables


def diff(old: Tables, new: Tables) -> tuple[Change, ...]:
    """Return the changes that turn `old` into `new`, in an order in which they can be applied.

    Keys and indexes go first, then renames, then new tables and columns, then new indexes and keys,
    and at the end what is dropped; so no step meets a name that another still holds.
    """
    gone, made = _balances(old, new)
    old, new = (
        {name: table for name, table in tables.items() if table.balances is None} for tables in (old, new)
    )
    names = Names(old, new)
    pairs = names.pairs()
    renamed = {
        after.name: _as_renamed(first, after, names.columns(after.name), names.tables)
        for first, after in pairs
    }
    created = [table for name, table in new.items() if name not in renamed]
    dropped = [table for name, table in old.items() if name not in names.tables]
    return (
        *gone,
        *_drops_of_keys(pairs, renamed),
        *(
            RenameTable(old=first.name, new=after.name, old_form=first.form, new_form=after.form)
            for first, after in pairs
            if first.name != after.name
        ),
        *(
            RenameColumn(
                table=after.name,
                form=after.form,
                old=column.name,
                new=replace(column, name=names.columns(after.name)[column.name]),
            )
            for first, after in pairs
            for column in first.columns
            if column.name in names.columns(after.name)
        ),
        *_creates(created, {*renamed}),
        *(change for _, after in pairs for change in _column_changes(renamed[after.name], after)),
        *_adds_of_keys(pairs, renamed),
        *made,
        *(
            DropColumn(table=after.name, column=column)
            for _, after in pairs
            for column in renamed[after.name].columns
            if after.column(column.name) is None
        ),
        *reversed_changes(_creates(dropped, {*names.tables})),
    )


def _balances(old: Tables, new: Tables) -> tuple[list[Change], list[Change]]:
    """Return the balances that go and those that come; what changed in any way is added up anew."""
    before = {name: table for name, table in old.items() if table.balances is not None}
    after = {name: table for name, table in new.items() if table.balances is not None}
    called = {after[name].renamed_from or name for name in after}
    gone: list[Change] = [
        DropBalances(table=table, is_anew=name in after or name in called)
        for name, table in before.items()
        if after.get(name) != table
    ]
    made: list[Change] = [
        MakeBalances(table=table, is_anew=name in before or table.renamed_from in before)
        for name, table in after.items()
        if before.get(name) != table
    ]
    return gone, made


def _as_renamed(
    first: FormTable, after: FormTable, columns: Mapping[str, str], tables: Mapping[str, str]
) -> FormTable:
    """Return the old table as it stands once names have changed; keys and indexes keep their own names."""
    if (
        first.name == after.name
        and not columns
        and all(tables.get(k.target) == k.target for k in first.foreign_keys)
    ):
        return replace(first, form=after.form)
    return replace(
        first,
        name=after.name,
        form=after.form,
        columns=tuple(replace(each, name=columns.get(each.name, each.name)) for each in first.columns),
        foreign_keys=tuple(
            replace(
                key, column=columns.get(key.column, key.column), target=tables.get(key.target, key.target)
            )
            for key in first.foreign_keys
        ),
        indexes=tuple(
            replace(index, columns=tuple(columns.get(name, name) for name in index.columns))
            for index in first.indexes
        ),
    )


Pairs = Sequence[tuple[FormTable, FormTable]]


def _drops_of_keys(pairs: Pairs, renamed: Mapping[str, FormTable]) -> Iterable[Change]:
    for first, after in pairs:
        standing = renamed[after.name]
        for key, same in zip(first.foreign_keys, standing.foreign_keys, strict=True):
            if same not in after.foreign_keys:
                yield DropForeignKey(table=first.name, key=key)
        for index, like in zip(first.indexes, standing.indexes, strict=True):
            if like not in after.indexes:
                yield DropIndex(table=first.name, index=index)


def _adds_of_keys(pairs: Pairs, renamed: Mapping[str, FormTable]) -> Iterable[Change]:
    for _, after in pairs:
        standing = renamed[after.name]
        for index in after.indexes:
            if index not in standing.indexes:
                yield AddIndex(table=after.name, index=index)
        for key in after.foreign_keys:
            if key not in standing.foreign_keys:
                yield AddForeignKey(table=after.name, key=key)


def _column_changes(standing: FormTable, after: FormTable) -> Iterable[Change]:
    if standing.columns == after.columns:
        return
    for column in after.columns:
        before = standing.column(column.name)
        if before is None:
            yield AddColumn(table=after.name, column=column)
        elif before != column:
            yield AlterColumn(table=after.name, form=after.form, old=before, new=column)


def _creates(tables: Sequence[FormTable], there: set[str]) -> Sequence[CreateTable]:
    """Return the creation of `tables` in their order; keys to tables that are not there yet come later."""
    made = {*there}
    coming = {table.name for table in tables}
    changes = []
    for table in tables:
        made.add(table.name)
        later = tuple(key for key in table.foreign_keys if key.target in coming and key.target not in made)
        changes.append(CreateTable(table=table, later=later))
    return changes
