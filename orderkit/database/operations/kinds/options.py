"""Options of choices: renamed in every row, or retired with a note of who had them. Several values in one column too."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from orderkit.database.changes.checks import NotChosen
from orderkit.database.operations.checks.foresight import Foresight
from orderkit.database.operations.checks.refusing import refuse_failing
from orderkit.database.operations.kinds.retiring import KEPT_DAYS, forget, keep, kept_in, shadow_name
from orderkit.database.operations.kinds.updates import Update
from orderkit.database.operations.operation import Context, InOneTransaction, Operation, Phase
from orderkit.database.operations.renamings import note_renaming
from orderkit.database.operations.script import add
from orderkit.database.operations.sql import execute, quoted, text


def rename_options(form: str, table: str, column: str, names: Mapping[str, str]) -> None:
    """Rename options in every row, all at once: two may change places."""
    add(RenameOptions(form, table, column, tuple(names.items())))


def retire_option(
    form: str, table: str, column: str, option: str, *, path: str, days: int = KEPT_DAYS
) -> None:
    """Take an option out of every row; who had it is kept for `days`. Refused where the field must have a value."""
    del form
    add(RetireOption(table, column, option, path, days))


def restore_option(form: str, table: str, column: str, option: str, *, path: str) -> None:
    """Give an option back to the rows that had it: what undoes `retire_option`."""
    del form
    add(RestoreOption(table, column, option, path))


@dataclass(frozen=True, slots=True)
class RenameOptions(Operation):
    """Other names for options."""

    form: str
    table: str
    column: str
    names: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        listed = ", ".join(f"{old} to {new}" for old, new in self.names)
        return f"rename options of {self.table}.{self.column}: {listed}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def apply(self, context: Context) -> None:
        self._update.apply(context)
        self._note(context)

    def phases(self) -> tuple[Phase, ...]:
        # A batch that was run is not run again, or options that change places would change back.
        return (*self._update.phases(), InOneTransaction(title=f"{self.title}: note", run=self._note))

    def foresee(self, foresight: Foresight) -> None:
        self._update.foresee(foresight)

    def _note(self, context: Context) -> None:
        for old, new in self.names:
            note_renaming(context, "option", f"{self.form}.{self.column}", old, new)

    @property
    def _update(self) -> Update:
        name = f"{quoted(self.table)}.{quoted(self.column)}"
        whens = " ".join(f"WHEN {text(old)} THEN {text(new)}" for old, new in self.names)
        # Flat however many there are: a database reads only so many calls within one another.
        each = f'CASE ok_each."value" {whens} ELSE ok_each."value" END'
        inner = f"trim({name}, '|')"
        listed = f"json_each('[' || replace(json_quote({inner}), '|', '\",\"') || ']')"
        parts = f'unnest(string_to_array({inner}, \'|\')) WITH ORDINALITY AS ok_each("value", "key")'
        several = {
            "sqlite": f'SELECT group_concat({each}, \'|\') FROM (SELECT "value" FROM {listed} ORDER BY "key") AS ok_each',
            "postgresql": f"SELECT string_agg({each}, '|' ORDER BY ok_each.\"key\") FROM {parts}",
        }
        sql = {
            dialect: f"CASE WHEN {name} LIKE '|%' THEN '|' || ({found}) || '|' ELSE CASE {name} {whens} ELSE {name} END END"
            for dialect, found in several.items()
        }
        return Update(self.title, self.table, self.column, sql, f"{name} IS NOT NULL")


@dataclass(frozen=True, slots=True)
class RetireOption(Operation):
    """An option that goes."""

    table: str
    column: str
    option: str
    path: str
    days: int

    @property
    def title(self) -> str:
        return f"retire option {self.option} of {self.table}.{self.column}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def apply(self, context: Context) -> None:
        columns = sa.inspect(context.connection).get_columns(self.table)
        if any(each["name"] == self.column and not each["nullable"] for each in columns):
            refuse_failing(
                context.connection, NotChosen(table=self.table, column=self.column, option=self.option)
            )
        name, among = quoted(self.column), text(f"|{self.option}|")
        find = "instr" if context.is_sqlite else "strpos"
        chosen = f"({name} = {text(self.option)} OR {find}({name}, {among}) > 0)"
        keep(
            context,
            shadow_name(context, f"{self.table}__{self.column}__{self.option}"),
            self.path,
            self.days,
            f'SELECT "id", {name} AS value FROM {quoted(self.table)} WHERE {chosen}',
        )
        rest = f"nullif(replace({name}, {among}, '|'), '|')"
        execute(
            context.connection,
            f"UPDATE {quoted(self.table)} SET {name} = CASE WHEN {name} LIKE '|%' THEN {rest} END WHERE {chosen}",
        )


@dataclass(frozen=True, slots=True)
class RestoreOption(Operation):
    """An option that comes back to the rows that have nothing else since."""

    table: str
    column: str
    option: str
    path: str

    @property
    def title(self) -> str:
        return f"restore option {self.option} of {self.table}.{self.column}"

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def apply(self, context: Context) -> None:
        shadow = kept_in(context.connection, context.number, self.path)
        if shadow is None:
            return
        name = quoted(self.column)
        kept = f'SELECT ok_kept.value FROM {quoted(shadow)} AS ok_kept WHERE ok_kept."id" = {quoted(self.table)}."id"'
        # Several values come back whole if nobody touched them; one only to a row that is still empty.
        untouched = f"nullif(replace(({kept}), {text(f'|{self.option}|')}, '|'), '|')"
        execute(
            context.connection,
            f'UPDATE {quoted(self.table)} SET {name} = ({kept}) WHERE "id" IN (SELECT "id" FROM {quoted(shadow)}) '
            f"AND ({name} IS NULL OR {name} = {untouched})",
        )
        forget(context, shadow)
