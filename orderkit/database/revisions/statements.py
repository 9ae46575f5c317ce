"""Changes as calls of `operations`, each with the phase of the revision in which it has its turn.

One change may be several statements: a new required column is added, filled, and only then required.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from orderkit.database.changes.kinds import (
    WITHOUT_SQL,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddOptions,
    AlterColumn,
    Change,
    CreateTable,
    DropBalances,
    DropColumn,
    DropForeignKey,
    DropIndex,
    DropTable,
    FormFromLines,
    LinesFromForm,
    MakeBalances,
    MergeOptions,
    MoveColumn,
    OfParent,
    PlaceAmong,
    Recompute,
    RecomputeBefore,
    RemoveOptions,
    RenameColumn,
    RenameOptions,
    RenameTable,
    ReorderOptions,
    RestoreColumn,
    RestoreOption,
    RestoreTable,
    Retarget,
    RetireColumn,
    RetireOption,
    RetireTable,
    SplitOption,
)
from orderkit.database.changes.ordering import Phase, phase
from orderkit.database.revisions.formulas import Formula, Formulas
from orderkit.database.revisions.literals import (
    call,
    column_text,
    key_text,
    text,
    texts,
    type_text,
    value_text,
)
from orderkit.database.schema.tables import Column, FormTable, Index, Tables
from orderkit.fields.field_type import ColumnKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Some lines of a script. Those with `altered` stand in a block about that table."""

    phase: Phase
    lines: Sequence[str]
    altered: str | None = None


class Statements:
    """Writes the changes between two models. `before` is None in the first revision."""

    def __init__(self, after: Formulas, before: Formulas | None) -> None:
        self._after = after
        self._before = before

    def of(self, changes: Sequence[Change]) -> list[Statement]:
        """Return the statements of the changes in the order in which they are made."""
        found: list[Statement] = []
        going = [change for change in changes if isinstance(change, DropTable | RetireTable)]
        coming = [change for change in changes if isinstance(change, CreateTable | RestoreTable)]
        for change in changes:
            if change in going[:1]:
                found += [statement for each in going for statement in _without_ring_keys(each)]
            found += self._of(change)
            if change in coming[-1:]:
                found += [statement for each in coming for statement in _ring_keys(each)]
        return found

    def _of(self, change: Change) -> Iterable[Statement]:  # noqa: C901 - one case a change
        match change:
            case CreateTable():
                return [Statement(phase=Phase.TABLES_COME, lines=_create(change))]
            case RestoreTable(table=table):
                arguments = [text(table.form), text(table.name), f"path={text(table.form)}"]
                made = _create(CreateTable(table=table, later=change.later))
                return [
                    Statement(phase=Phase.TABLES_COME, lines=[*made, *call("ok.restore_table", arguments)])
                ]
            case DropTable(table=table):
                return [_called(change, "drop_table", text(table.name))]
            case RetireTable(table=table):
                path = f"path={text(table.form)}"
                return [_called(change, "retire_table", text(table.form), text(table.name), path)]
            case RenameTable() | LinesFromForm() | FormFromLines():
                names = [text(each) for each in (change.old, change.new, change.old_form, change.new_form)]
                return [Statement(phase=Phase.RENAMES, lines=call("ok.rename_form", names))]
            case AddColumn():
                return self._added(change)
            case DropColumn(table=table_name, column=column):
                return [_altering(change, table_name, "drop_column", text(column.name))]
            case RetireColumn():
                return [_called(change, "retire_column", *_of_column(change, path=change.path))]
            case RestoreColumn():
                return _restored(change)
            case RenameColumn():
                names = [text(change.old), text(change.new.name), f"form={text(change.form)}"]
                return [_altering(change, change.table, "rename_column", *names)]
            case AlterColumn():
                return self._altered(change)
            case AddOptions() | RemoveOptions() | ReorderOptions():
                assert isinstance(change, WITHOUT_SQL)
                return []
            case RenameOptions(mapping=mapping):
                return [_renamed(change, mapping)]
            case MergeOptions(merged=merged, option=option):
                return [_renamed(change, tuple((each, option) for each in merged))]
            case SplitOption():
                return self._split(change)
            case RetireOption() | RestoreOption():
                name = "retire_option" if isinstance(change, RetireOption) else "restore_option"
                return [_called(change, name, *_of_option(change), f"path={text(change.path)}")]
            case MoveColumn():
                return [self._moved(change)]
            case Retarget():
                names = [text(x) for x in (change.table, change.column, change.old_target, change.new_target)]
                return [_called(change, "retarget", *names, f"key={text(change.key)}")]
            case Recompute():
                column = self._column(self._after.tables, change.table, change.column)
                formula = self._after.of(change.formula, change.table, column)
                return [_computed(change, change.table, change.column, formula)]
            case RecomputeBefore(undone=undone):
                return self._computed_before(change, undone)
            case MakeBalances(table=table):
                return [Statement(phase=phase(change), lines=_balances(table))]
            case DropBalances(table=table):
                return [_called(change, "drop_balances", text(table.name))]
            case AddIndex(table=table_name, index=index):
                lines = _create_index(table_name, index, self._scales(table_name, index.columns))
                return [Statement(phase=Phase.KEYS_COME, lines=lines)]
            case DropIndex(table=table_name, index=index):
                return [_called(change, "drop_index", text(index.name), text(table_name))]
            case AddForeignKey(table=table_name, key=key):
                names = [text(each) for each in (key.name, key.column, key.target)]
                names += [] if key.on_delete == "RESTRICT" else [f"ondelete={text(key.on_delete)}"]
                return [_altering(change, table_name, "add_foreign_key", *names)]
            case DropForeignKey(table=table_name, key=key):
                return [_altering(change, table_name, "drop_foreign_key", text(key.name))]
            case _:
                assert_never(change)

    def _added(self, change: AddColumn) -> Iterator[Statement]:
        table, column = change.table, change.column
        is_demanded = not column.is_nullable and column.kind is not ColumnKind.BOOLEAN
        yield _altering(change, table, "add_column", column_text(_optional(column)))
        match change.filled_by:
            case PlaceAmong(link=link):
                lines = call("ok.lines_from_form", [text(table), text(link)])
                yield Statement(phase=Phase.FILLS, lines=lines)
            case OfParent(table=parent, link=link):
                arguments = [text(table), text(link), text(parent), f"columns={texts((column.name,))}"]
                yield Statement(phase=Phase.FILLS, lines=call("ok.form_from_lines", arguments))
            case None:
                if is_demanded or (column.kind is ColumnKind.BOOLEAN and column.backfill):
                    yield _filled(table, column)
            case _ if change.is_computed:
                pass  # A `Recompute` follows.
            case expression:
                # A truth value is never empty, so that every row is given one.
                how = "recompute" if column.kind is ColumnKind.BOOLEAN else "fill_by"
                formula = self._after.of(expression, table, column)
                yield Statement(phase=Phase.FILLS, lines=_by_formula(how, table, column.name, formula))
        if is_demanded:
            if change.filled_by is not None and column.backfill is not None:
                yield _filled(table, column)
            yield _requiring(table, column)

    def _altered(self, change: AlterColumn) -> Iterator[Statement]:
        table, old, new = change.table, change.old, change.new
        if not old.is_nullable and new.is_nullable:
            yield _altering(change, table, "allow_empty", text(new.name))
        if change.convert is not None:
            formula = self._after.converting(change.convert, table, old, new)
            arguments = [text(table), text(new.name), type_text(old), type_text(new), *_sql(formula)]
            yield Statement(phase=Phase.VALUES, lines=call("ok.convert", arguments))
        elif change.changes_type and type_text(old) != type_text(new):
            yield _altering(change, table, "change_type", text(new.name), type_text(old), type_text(new))
        if not change.is_tightening:
            return
        if change.filled_by is not None:
            formula = self._after.of(change.filled_by, table, new)
            yield Statement(phase=Phase.FILLS, lines=_by_formula("fill_by", table, new.name, formula))
        if new.backfill is not None and new.kind is not ColumnKind.BOOLEAN:
            yield _filled(table, new)
        yield _requiring(table, new)

    def _split(self, change: SplitOption) -> Iterator[Statement]:
        first = change.into[0]
        formula = self._after.splitting(change.by, change.table, change.column, change.option, first)
        lines = _by_formula("recompute", change.table, change.column, formula)
        yield Statement(phase=phase(change), lines=lines)
        yield _renamed(change, ((change.option, first),))

    def _computed_before(self, change: RecomputeBefore, undone: Recompute) -> list[Statement]:
        if undone.before is None or self._before is None:
            return []
        column = self._column(self._before.tables, undone.old_table, undone.old_column)
        formula = self._before.of(undone.before, undone.old_table, column)
        return [_computed(change, undone.old_table, undone.old_column, formula)]

    def _moved(self, change: MoveColumn) -> Statement:
        names = [text(each) for each in (change.table, change.column, change.to_table, change.to_column)]
        link_in = "target" if change.is_down else "source"
        scale = self._scales(change.to_table, (change.to_column,)).get(change.to_column)
        # Only upwards rows have to agree, and what stands in them is shown.
        shown = [] if change.is_down or scale is None else [f"scale={scale}"]
        return _called(
            change, "move_column", *names, f"link={text(change.link)}", f"link_in={text(link_in)}", *shown
        )

    def _scales(self, table: str, columns: Sequence[str]) -> Mapping[str, int]:
        """Return the decimal places of those columns that are decimals, after the change or, undone, before it."""
        states = [self._after.tables, *([self._before.tables] if self._before is not None else [])]
        known = next((tables[table] for tables in states if table in tables), None)
        return {} if known is None else known.scales(columns)

    @staticmethod
    def _column(tables: Tables, table: str, name: str) -> Column:
        column = tables[table].column(name)
        assert column is not None
        return column


def _called(change: Change, name: str, *arguments: str) -> Statement:
    return Statement(phase=phase(change), lines=call(f"ok.{name}", arguments))


def _altering(change: Change, table: str, name: str, *arguments: str) -> Statement:
    return Statement(phase=phase(change), lines=call(f"table.{name}", arguments), altered=table)


def _requiring(table: str, column: Column) -> Statement:
    return Statement(phase=Phase.DEMANDS, lines=[f"table.require({text(column.name)})"], altered=table)


def _filled(table: str, column: Column) -> Statement:
    assert column.backfill is not None, "a required column without a value was not made optional"
    arguments = [text(table), text(column.name), type_text(column), value_text(column.backfill, column)]
    return Statement(phase=Phase.FILLS, lines=call("ok.fill", arguments))


def _optional(column: Column) -> Column:
    return column if column.kind is ColumnKind.BOOLEAN else replace(column, is_nullable=True)


def _restored(change: RestoreColumn) -> Iterator[Statement]:
    arguments = [*_of_column(change), type_text(change.column), f"path={text(change.path)}"]
    yield _called(change, "restore_column", *arguments)
    if not change.column.is_nullable and change.column.kind is not ColumnKind.BOOLEAN:
        yield _requiring(change.table, change.column)


def _of_column(change: RetireColumn | RestoreColumn, **named: str) -> list[str]:
    names = [text(each) for each in (change.form, change.table, change.column.name)]
    return [*names, *(f"{name}={text(value)}" for name, value in named.items())]


def _of_option(change: RetireOption | RestoreOption) -> list[str]:
    return [text(each) for each in (change.form, change.table, change.column, change.option)]


def _renamed(
    change: RenameOptions | MergeOptions | SplitOption, mapping: Sequence[tuple[str, str]]
) -> Statement:
    pairs = ", ".join(f"{text(old)}: {text(new)}" for old, new in mapping)
    names = [text(each) for each in (change.form, change.table, change.column)]
    return _called(change, "rename_options", *names, f"{{{pairs}}}")


def _computed(change: Change, table: str, column: str, formula: Formula) -> Statement:
    return Statement(phase=phase(change), lines=_by_formula("recompute", table, column, formula))


def _by_formula(how: str, table: str, column: str, formula: Formula) -> list[str]:
    return call(f"ok.{how}", [text(table), text(column), *_sql(formula)])


def _sql(formula: Formula) -> list[str]:
    return [
        f"source={text(formula.source)}",
        f"sqlite={text(formula.sqlite)}",
        f"postgresql={text(formula.postgresql)}",
    ]


def _create(change: CreateTable) -> list[str]:
    table = change.table
    keys = [key_text(key, is_later=key in change.later) for key in table.foreign_keys]
    arguments = [text(table.name), *map(column_text, table.columns), *keys]
    # A new table has no rows that could disagree.
    indexes = [line for index in table.indexes for line in _create_index(table.name, index, {})]
    return [*call("ok.create_table", arguments), *indexes]


def _balances(table: FormTable) -> list[str]:
    of = table.balances
    assert of is not None, f"{table.name} holds no balances"
    (unique,) = table.indexes
    floors = [
        f"ok.Floor({', '.join(text(part) for part in (each.column, each.name, each.sqlite, each.postgresql))}),"
        for each in of.floors
    ]
    arguments = [
        text(table.name),
        *map(column_text, table.columns),
        f"entries={text(of.entries)}",
        f"keys={texts(of.keys)}",
        f"measures={texts(of.measures)}",
        f"unique={text(unique.name)}",
        *([f"floors=({' '.join(floors)})"] if floors else []),
    ]
    return call("ok.make_balances", arguments)


def _ring_keys(change: CreateTable | RestoreTable) -> Iterator[Statement]:
    for key in change.later:
        names = [text(each) for each in (key.name, change.table.name, key.target, key.column)]
        lines = call("ok.add_ring_key", [*names, f"ondelete={text(key.on_delete)}"])
        yield Statement(phase=Phase.TABLES_COME, lines=lines)


def _without_ring_keys(change: DropTable | RetireTable) -> Iterator[Statement]:
    for key in change.later:
        yield _called(change, "drop_ring_key", text(key.name), text(change.table.name))


def _create_index(table: str, index: Index, scales: Mapping[str, int]) -> list[str]:
    columns = f"[{', '.join(map(text, index.columns))}]"
    unique = ["unique=True"] if index.is_unique else []
    if index.is_unique and scales:
        unique.append(f"scales={{{', '.join(f'{text(name)}: {scale}' for name, scale in scales.items())}}}")
    return call("ok.create_index", [text(index.name), text(table), columns, *unique])
