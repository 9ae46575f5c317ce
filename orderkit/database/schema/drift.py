"""Where a live database differs from the tables of a model, in words for people.

`migrate` compares after its last revision, `doctor` whenever it is asked. Something extra does no harm to
a program and may be there for a reason; everything else does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from orderkit.database.schema.inspection import LiveTable, inspected, type_text
from orderkit.database.schema.metadata import column_type
from orderkit.database.schema.tables import FormTable, Tables
from orderkit.model.labels import Label, label


class Difference(StrEnum):
    """How something differs."""

    MISSING = "missing"
    EXTRA = "extra"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One difference. `place` is `table`, `table.column` or the name of an index or key."""

    difference: Difference
    table: str
    place: str
    words: Label
    is_only_emptier: bool = False
    """Whether it is but a column that may be empty and should not: records from before it was required."""

    @property
    def is_harmful(self) -> bool:
        """Whether programs may fail because of it."""
        return self.difference is not Difference.EXTRA


def drift(connection: sa.Connection, tables: Tables) -> tuple[Drift, ...]:
    """Return where the database differs from `tables`, by table. Tables of others are left alone."""
    live = inspected(connection, tables.keys())
    return tuple(
        each
        for name, table in sorted(tables.items())
        for each in (
            _differences(table, live[name], connection.dialect) if name in live else [_missing_table(table)]
        )
    )


def _differences(table: FormTable, live: LiveTable, dialect: sa.Dialect) -> Iterable[Drift]:
    yield from _columns(table, live, dialect)
    keys = {key.name: (key.column, key.target, key.on_delete) for key in table.foreign_keys}
    live_keys = {key.name: (key.column, key.target, key.on_delete) for key in live.keys}
    yield from _named(table.name, label(zh="外键", en="foreign key"), keys, live_keys)
    indexes = {index.name: (index.columns, index.is_unique) for index in table.indexes}
    live_indexes = {index.name: (index.columns, index.is_unique) for index in live.indexes}
    yield from _named(table.name, label(zh="索引", en="index"), indexes, live_indexes)


def _columns(table: FormTable, live: LiveTable, dialect: sa.Dialect) -> Iterable[Drift]:
    for column in table.columns:
        place = f"{table.name}.{column.name}"
        found = live.columns.get(column.name)
        if found is None:
            yield _drift(
                Difference.MISSING, table.name, place, f"缺少列 {place}", f"the column {place} is missing"
            )
            continue
        expected = type_text(column_type(column), dialect)
        if found.type != expected:
            yield _drift(
                Difference.OTHER,
                table.name,
                place,
                f"列 {place} 的类型是 {found.type}，应为 {expected}",
                f"the column {place} is {found.type}, not {expected}",
            )
        if found.is_nullable != column.is_nullable:
            yield _nullability(table.name, place, should_be_nullable=column.is_nullable)
    for name in live.columns:
        if table.column(name) is None:
            place = f"{table.name}.{name}"
            yield _drift(
                Difference.EXTRA,
                table.name,
                place,
                f"多出列 {place}",
                f"there is a column {place} that the model does not have",
            )


def _nullability(table: str, place: str, *, should_be_nullable: bool) -> Drift:
    words = (
        label(
            zh=f"列 {place} 不可为空，应可以为空",
            en=f"the column {place} may not be empty, but should be allowed to",
        )
        if should_be_nullable
        else label(
            zh=f"列 {place} 可以为空，应不可为空", en=f"the column {place} may be empty, but should not"
        )
    )
    return Drift(
        difference=Difference.OTHER,
        table=table,
        place=place,
        words=words,
        is_only_emptier=not should_be_nullable,
    )


def _named(
    table: str,
    what: Label,
    expected: Mapping[str, tuple[object, ...]],
    found: Mapping[str, tuple[object, ...]],
) -> Iterable[Drift]:
    for name, value in expected.items():
        if name not in found:
            yield _drift(
                Difference.MISSING,
                table,
                name,
                f"缺少{what['zh']} {name}（表 {table}）",
                f"the {what['en']} {name} of {table} is missing",
            )
        elif found[name] != value:
            yield _drift(
                Difference.OTHER,
                table,
                name,
                f"{what['zh']} {name}（表 {table}）与模型不同",
                f"the {what['en']} {name} of {table} is not as the model says",
            )
    for name in found.keys() - expected.keys():
        yield _drift(
            Difference.EXTRA,
            table,
            name,
            f"多出{what['zh']} {name}（表 {table}）",
            f"there is a {what['en']} {name} of {table} that the model does not have",
        )


def _missing_table(table: FormTable) -> Drift:
    return _drift(
        Difference.MISSING,
        table.name,
        table.name,
        f"缺少表 {table.name}",
        f"the table {table.name} is missing",
    )


def _drift(difference: Difference, table: str, place: str, zh: str, en: str) -> Drift:
    return Drift(difference=difference, table=table, place=place, words=label(zh=zh, en=en))
