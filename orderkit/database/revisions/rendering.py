"""Writes changes as an Alembic revision that people can read: the same changes give the same text.

Only text is made here; `revisions` puts it into files. What differs between the databases is in
`operations`, so that a revision says what happens and not how.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import assert_never

from orderkit.database.changes.kinds import (
    AddColumn,
    AddForeignKey,
    AddIndex,
    AlterColumn,
    Change,
    CreateTable,
    DropColumn,
    DropForeignKey,
    DropIndex,
    DropTable,
    RenameColumn,
    RenameTable,
)
from orderkit.database.changes.reversing import reversed_changes
from orderkit.database.schema.tables import Backfill, Column, ForeignKey, Index
from orderkit.fields.field_type import ColumnKind

_WIDTH = 100
_INDENT = "    "


def render_revision(number: str, previous: str | None, changes: Sequence[Change]) -> str:
    """Return the text of the revision file `number`, which follows `previous`."""
    script = _Script()
    upgrade = script.body(changes)
    downgrade = script.body(reversed_changes(changes))
    listed = "\n".join(f"- {words}" for words in map(describe, changes))
    follows = f"follows {previous}" if previous else "the first"
    return (
        f'"""Revision {number}, {follows}.\n\n{listed}\n"""\n\n'
        f"{script.imports()}\n"
        f"revision = {_text(number)}\n"
        f"down_revision = {_text(previous) if previous else None}\n"
        "branch_labels = None\n"
        "depends_on = None\n\n\n"
        f"def upgrade() -> None:\n{upgrade}\n\n"
        f"def downgrade() -> None:\n{downgrade}"
    )


def describe(change: Change) -> str:
    """Return the change in words, for the head of a revision and the summary of `build`."""
    match change:
        case CreateTable(table=table):
            return f"create table {table.name}"
        case DropTable(table=table):
            return f"drop table {table.name}"
        case RenameTable(old=old, new=new):
            return f"rename table {old} to {new}"
        case AddColumn(table=name, column=column):
            return f"add column {name}.{column.name}"
        case DropColumn(table=name, column=column):
            return f"drop column {name}.{column.name}"
        case RenameColumn(table=name, old=old, new=column):
            return f"rename column {name}.{old} to {column.name}"
        case AlterColumn(table=name, new=column):
            return f"alter column {name}.{column.name}"
        case AddIndex(index=index):
            return f"add {'unique key' if index.is_unique else 'index'} {index.name}"
        case DropIndex(index=index):
            return f"drop {'unique key' if index.is_unique else 'index'} {index.name}"
        case AddForeignKey(key=key):
            return f"add foreign key {key.name}"
        case DropForeignKey(key=key):
            return f"drop foreign key {key.name}"
        case _:
            assert_never(change)


_OnOneTable = AddColumn | DropColumn | RenameColumn | AlterColumn | AddForeignKey | DropForeignKey


@dataclass(slots=True)
class _Script:
    """Collects the names that the statements need while they are written."""

    used: set[str] = field(default_factory=set)

    def imports(self) -> str:
        modules: dict[str, set[str]] = {}
        for name in self.used:
            modules.setdefault(_MODULE_OF[name], set()).add(name)
        standard = [
            _import(module, modules[module]) for module in ("datetime", "decimal") if module in modules
        ]
        own = [
            _import(module, modules[module]) for module in sorted(modules) if module.startswith("orderkit.")
        ]
        head = "".join(standard) + ("\n" if standard else "")
        return f"{head}import sqlalchemy as sa\nfrom alembic import op\n\n{''.join(own)}"

    def body(self, changes: Sequence[Change]) -> str:
        lines = [line for group in _grouped(changes) for line in self._statements(group)]
        return "".join(f"{_INDENT}{line}\n" if line else "\n" for line in lines or ["pass"])

    def _statements(self, group: Sequence[Change]) -> Iterable[str]:
        first = group[0]
        match first:
            case CreateTable():
                yield from self._creates([change for change in group if isinstance(change, CreateTable)])
            case DropTable():
                yield from self._drops([change for change in group if isinstance(change, DropTable)])
            case RenameTable():
                arguments = [_text(each) for each in (first.old, first.new, first.old_form, first.new_form)]
                yield from _call(self._name("rename_form"), arguments)
            case AddIndex():
                yield from self._create_index(first.table, first.index)
            case DropIndex():
                yield from _call(
                    "op.drop_index", [_text(first.index.name), f"table_name={_text(first.table)}"]
                )
            case (
                AddColumn()
                | DropColumn()
                | RenameColumn()
                | AlterColumn()
                | AddForeignKey()
                | DropForeignKey()
            ):
                yield from self._alters([change for change in group if isinstance(change, _OnOneTable)])
            case _:
                assert_never(first)

    def _creates(self, changes: Sequence[CreateTable]) -> Iterable[str]:
        for change in changes:
            table = change.table
            keys = [self._key(key, is_later=key in change.later) for key in table.foreign_keys]
            columns = [self._column(column) for column in table.columns]
            yield from _call(
                "op.create_table", [_text(table.name), *columns, *keys, "sqlite_autoincrement=True"]
            )
            for index in table.indexes:
                yield from self._create_index(table.name, index)
        for change in changes:
            for key in change.later:
                arguments = [_text(key.name), _text(change.table.name), _text(key.target), _text(key.column)]
                yield from _call(self._name("add_ring_key"), [*arguments, f"ondelete={_text(key.on_delete)}"])

    def _drops(self, changes: Sequence[DropTable]) -> Iterable[str]:
        for change in changes:
            for key in change.later:
                yield from _call(self._name("drop_ring_key"), [_text(key.name), _text(change.table.name)])
        for change in changes:
            yield from _call("op.drop_table", [_text(change.table.name)])

    def _alters(self, changes: Sequence[_OnOneTable]) -> Iterable[str]:
        """Write the changes of one table; what must be filled is filled before it is demanded."""
        table = changes[0].table
        first: list[Sequence[str]] = []
        fills: list[Sequence[str]] = []
        last: list[Sequence[str]] = []
        for change in changes:
            match change:
                case AddColumn(column=column):
                    self._add_column(table, column, first, fills, last)
                case DropColumn(column=column):
                    first.append(_call("table.drop_column", [_text(column.name)]))
                case RenameColumn(old=old, new=column):
                    arguments = [
                        _text(old),
                        f"new_column_name={_text(column.name)}",
                        f"existing_type={self._type(column)}",
                    ]
                    first.append(_call("table.alter_column", arguments))
                case AlterColumn():
                    self._alter_column(table, change, fills, last)
                case AddForeignKey(key=key):
                    arguments = [_text(key.name), _text(key.target), f"[{_text(key.column)}]", '["id"]']
                    first.append(
                        _call("table.create_foreign_key", [*arguments, f"ondelete={_text(key.on_delete)}"])
                    )
                case DropForeignKey(key=key):
                    first.append(_call("table.drop_constraint", [_text(key.name), 'type_="foreignkey"']))
                case _:
                    assert_never(change)
        yield from self._with_table(table, first)
        for lines in fills:
            yield from lines
        yield from self._with_table(table, last)

    def _with_table(self, table: str, calls: Sequence[Sequence[str]]) -> Iterable[str]:
        if calls:
            yield f"with {self._name('alter_table')}({_text(table)}) as table:"
            yield from (f"{_INDENT}{line}" for lines in calls for line in lines)

    def _add_column(
        self,
        table: str,
        column: Column,
        first: list[Sequence[str]],
        fills: list[Sequence[str]],
        last: list[Sequence[str]],
    ) -> None:
        is_filled = not column.is_nullable and column.kind is not ColumnKind.BOOLEAN
        shown = replace(column, is_nullable=column.is_nullable or is_filled)
        first.append(_call("table.add_column", [self._column(shown)]))
        if is_filled or (column.kind is ColumnKind.BOOLEAN and column.backfill):
            assert column.backfill is not None, "a required column without a value was not made optional"
            fills.append(self._fill("fill", table, column, column.backfill))
        if is_filled:
            last.append(self._set_nullable(column))

    def _alter_column(
        self, table: str, change: AlterColumn, fills: list[Sequence[str]], last: list[Sequence[str]]
    ) -> None:
        column = change.new
        if change.changes_type:
            arguments = [_text(table), _text(column.name), self._type(change.old), self._type(column)]
            fills.append(_call(self._name("change_scale"), arguments))
        if change.old.is_nullable == column.is_nullable:
            return
        if not column.is_nullable and column.backfill is not None:
            fills.append(self._fill("fill_empty", table, column, column.backfill))
        last.append(self._set_nullable(column))

    def _fill(self, how: str, table: str, column: Column, value: Backfill) -> list[str]:
        arguments = [_text(table), _text(column.name), self._type(column), self._value(value, column)]
        return _call(self._name(how), arguments)

    def _set_nullable(self, column: Column) -> list[str]:
        arguments = [
            _text(column.name),
            f"existing_type={self._type(column)}",
            f"nullable={column.is_nullable}",
        ]
        return _call("table.alter_column", arguments)

    def _create_index(self, table: str, index: Index) -> list[str]:
        columns = f"[{', '.join(map(_text, index.columns))}]"
        unique = ["unique=True"] if index.is_unique else []
        return _call("op.create_index", [_text(index.name), _text(table), columns, *unique])

    def _column(self, column: Column) -> str:
        parts = [_text(column.name), self._type(column)]
        if column.is_id:
            return f"sa.Column({', '.join([*parts, 'sa.Identity()', 'primary_key=True'])})"
        if not column.is_nullable:
            parts.append("nullable=False")
        if column.kind is ColumnKind.BOOLEAN:
            parts.append("server_default=sa.false()")
        return f"sa.Column({', '.join(parts)})"

    def _key(self, key: ForeignKey, *, is_later: bool) -> str:
        parts = [
            f"[{_text(key.column)}]",
            f"[{_text(f'{key.target}.id')}]",
            f"name={_text(key.name)}",
            f"ondelete={_text(key.on_delete)}",
        ]
        if is_later:
            parts.append("use_alter=True")
        return f"sa.ForeignKeyConstraint({', '.join(parts)})"

    def _type(self, column: Column) -> str:
        match column.kind:
            case ColumnKind.TEXT | ColumnKind.JSON:
                return self._name("CodePointText")
            case ColumnKind.INTEGER | ColumnKind.REFERENCE | ColumnKind.FILE:
                return self._name("BigId") if column.is_id else "sa.BigInteger()"
            case ColumnKind.DECIMAL:
                return f"{self._name('ExactDecimal')}({column.scale or 0})"
            case ColumnKind.BOOLEAN:
                return "sa.Boolean()"
            case ColumnKind.DATE:
                return "sa.Date()"
            case ColumnKind.TIME:
                return "sa.Time()"
            case ColumnKind.DATETIME:
                return f"{self._name('UtcDateTime')}()"
            case ColumnKind.DURATION:
                return f"{self._name('Seconds')}()"
            case ColumnKind.TEXTS:
                return f"{self._name('ManyTexts')}()"
            case ColumnKind.REFERENCES | ColumnKind.FILES:
                return f"{self._name('ManyIds')}()"
            case ColumnKind.NONE:
                raise AssertionError(f"column {column.name} has no kind")

    def _value(self, value: Backfill, column: Column) -> str:
        match value:
            case bool() | int() if column.kind is not ColumnKind.DECIMAL:
                return repr(value)
            case int() | Decimal():
                return f"{self._name('Decimal')}({_text(str(value))})"
            case str():
                return _text(value)
            case datetime():
                return f"{self._name('datetime')}.fromisoformat({_text(value.isoformat())})"
            case date():
                return f"{self._name('date')}.fromisoformat({_text(value.isoformat())})"
            case time():
                return f"{self._name('time')}.fromisoformat({_text(value.isoformat())})"
            case timedelta():
                return f"{self._name('timedelta')}(seconds={int(value.total_seconds())})"
            case tuple():
                return repr(value)
            case _:
                assert_never(value)

    def _name(self, name: str) -> str:
        self.used.add(name)
        return name


_MODULE_OF = {
    **dict.fromkeys(
        ("BigId", "CodePointText", "ExactDecimal", "ManyIds", "ManyTexts", "Seconds", "UtcDateTime"),
        "orderkit.database.schema.column_types",
    ),
    **dict.fromkeys(
        ("add_ring_key", "alter_table", "change_scale", "drop_ring_key", "fill", "fill_empty", "rename_form"),
        "orderkit.database.operations.tables",
    ),
    **dict.fromkeys(("date", "datetime", "time", "timedelta"), "datetime"),
    "Decimal": "decimal",
}


def _grouped(changes: Sequence[Change]) -> Iterable[list[Change]]:
    """Yield runs that are written together: tables made or dropped, and what happens to one table."""

    def key(change: Change) -> object:
        match change:
            case CreateTable() | DropTable():
                return type(change)
            case RenameTable() | AddIndex() | DropIndex():
                return id(change)
            case _:
                return change.table

    return (list(group) for _, group in groupby(changes, key))


def _import(module: str, names: Iterable[str]) -> str:
    return f"from {module} import {', '.join(sorted(names))}\n"


def _call(function: str, arguments: Sequence[str]) -> list[str]:
    """Return a call on one line, or one argument a line where that is too long."""
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= _WIDTH and not any(each.startswith("sa.Column(") for each in arguments[1:]):
        return [line]
    return [f"{function}(", *(f"{_INDENT}{each}," for each in arguments), ")"]


def _text(value: str) -> str:
    """Return a Python string in double quotes; JSON's escapes are Python's."""
    return json.dumps(value, ensure_ascii=False)
