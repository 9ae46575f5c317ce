"""What does not hold together in a database, whatever its model is."""

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa

from orderkit.model.codes import ERROR, Code
from orderkit.model.labels import label
from orderkit.upkeep.doctor.observation import Observation

DANGLING = Code(
    "OK6603",
    "dangling-reference",
    ERROR,
    since="0.1",
    explain="""
        Rows of a table refer to records that do not exist. Nothing in orderkit writes such rows: they were made
        by hand, with foreign keys switched off. Correct or delete them, or restore a backup.
    """,
    zh="表中有些行引用了不存在的记录。orderkit 不会写出这样的行：它们是在关闭外键检查时手工写入的。请改正或删除，或从备份恢复。",
)
NOT_VALID = Code(
    "OK6604",
    "index-or-key-not-valid",
    ERROR,
    since="0.1",
    explain="""
        PostgreSQL has an index that was never finished, or a key or check that was never compared with the rows
        that are there. A migration that was stopped leaves such; `orderkit migrate` rebuilds its own. Otherwise:
        `REINDEX INDEX name`, or `ALTER TABLE table VALIDATE CONSTRAINT name`.
    """,
    zh="PostgreSQL 中有没有建完的索引，或从未与已有的行核对过的键或约束。中断的迁移会留下这样的东西，再次运行 `orderkit migrate` 会重建自己的；否则请执行 `REINDEX INDEX 名称`，或 `ALTER TABLE 表 VALIDATE CONSTRAINT 名称`。",
)

_INVALID_INDEXES = """
    SELECT tables.relname, indexes.relname
    FROM pg_index
    JOIN pg_class AS indexes ON indexes.oid = pg_index.indexrelid
    JOIN pg_class AS tables ON tables.oid = pg_index.indrelid
    WHERE NOT pg_index.indisvalid AND tables.relnamespace = current_schema()::regnamespace
    ORDER BY 1, 2
"""
_NOT_VALIDATED = """
    SELECT tables.relname, pg_constraint.conname
    FROM pg_constraint
    JOIN pg_class AS tables ON tables.oid = pg_constraint.conrelid
    WHERE NOT pg_constraint.convalidated AND tables.relnamespace = current_schema()::regnamespace
    ORDER BY 1, 2
"""


def soundness(connection: sa.Connection) -> Iterator[Observation]:
    """Yield dangling references on SQLite, and what PostgreSQL itself calls invalid."""
    if connection.dialect.name == "sqlite":
        yield from _dangling(connection)
        return
    for table, name in connection.exec_driver_sql(_INVALID_INDEXES):
        words = label(
            zh=f"索引 {name}（表 {table}）没有建完", en=f"the index {name} of {table} was never finished"
        )
        remedy = f"REINDEX INDEX {name}"
        yield Observation(code=NOT_VALID, place=name, words=words, help=label(zh=remedy, en=remedy))
    for table, name in connection.exec_driver_sql(_NOT_VALIDATED):
        words = label(
            zh=f"约束 {name}（表 {table}）没有与已有的行核对过",
            en=f"the constraint {name} of {table} was never compared with the rows that are there",
        )
        remedy = f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"
        yield Observation(code=NOT_VALID, place=name, words=words, help=label(zh=remedy, en=remedy))


def _dangling(connection: sa.Connection) -> Iterator[Observation]:
    """Yield each pair of tables once, with how many rows and the first of them."""
    counted: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], int] = {}
    for table, row, target, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        counted[table, target] += 1
        first.setdefault((table, target), row)
    for (table, target), count in sorted(counted.items()):
        words = label(
            zh=f"表 {table} 有 {count} 行引用了 {target} 中不存在的记录（首个：第 {first[table, target]} 行）",
            en=f"{count} rows of {table} refer to records of {target} that do not exist "
            f"(the first is row {first[table, target]})",
        )
        yield Observation(code=DANGLING, place=table, words=words)
