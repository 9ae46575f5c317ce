"""The tables that a database really has, as plain values: what `drift` compares with a model.

Only names, types, whether a column may be empty, keys and indexes are read; rows never.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveColumn:
    """A column. `type` is how the database calls it, without what does not matter to values."""

    type: str
    is_nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveKey:
    """A reference to the `id` of another table."""

    name: str
    column: str
    target: str
    on_delete: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveIndex:
    """An index or unique key."""

    name: str
    columns: tuple[str, ...]
    is_unique: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveTable:
    """A table as it stands."""

    name: str
    columns: Mapping[str, LiveColumn]
    keys: tuple[LiveKey, ...]
    indexes: tuple[LiveIndex, ...]


def inspected(connection: sa.Connection, names: Collection[str]) -> Mapping[str, LiveTable]:
    """Return those of the named tables that there are, in a few queries however many they are."""
    inspector = sa.inspect(connection)
    there = sorted(set(names) & set(inspector.get_table_names()))
    if not there:
        return {}
    columns = inspector.get_multi_columns(filter_names=there)
    keys = inspector.get_multi_foreign_keys(filter_names=there)
    indexes = inspector.get_multi_indexes(filter_names=there)
    dialect = connection.dialect
    return {
        name: LiveTable(
            name=name,
            columns={
                each["name"]: LiveColumn(
                    type=type_text(each["type"], dialect), is_nullable=bool(each["nullable"])
                )
                for each in columns[None, name]
            },
            keys=tuple(
                LiveKey(
                    name=each["name"] or "",
                    column=each["constrained_columns"][0],
                    target=each["referred_table"],
                    on_delete=str(each.get("options", {}).get("ondelete", "NO ACTION")).upper(),
                )
                for each in keys.get((None, name), ())
            ),
            indexes=tuple(
                LiveIndex(
                    name=each["name"] or "",
                    columns=tuple(str(column) for column in each["column_names"]),
                    is_unique=bool(each["unique"]),
                )
                for each in indexes.get((None, name), ())
            ),
        )
        for name in there
    }


def type_text(kept: TypeEngine[object], dialect: sa.Dialect) -> str:
    """Return how a database calls a type; the order of texts is not part of it."""
    name: str = dialect.type_compiler_instance.process(kept)
    return name.split(" COLLATE ", 1)[0]
