"""The live schema against the model, which build it is of, and what is kept although it was dropped."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from orderkit.database.migrating.stamp import Stamp
from orderkit.database.schema import system_tables
from orderkit.database.schema.drift import drift
from orderkit.database.schema.tables import Tables
from orderkit.model.codes import ERROR, WARNING, Code
from orderkit.model.labels import label
from orderkit.upkeep.doctor.observation import Observation

DRIFT = Code(
    "OK6600",
    "schema-drift",
    ERROR,
    since="0.1",
    explain="""
        A table, column, index or key of the live database is not as the model says, although the revision is the
        right one: somebody changed it by hand, or a restore was not whole. Undo the change by hand, or restore a
        backup. What is there beyond the model is told too, but does no harm.
    """,
    zh="数据库的版本正确，但表、列、索引或键与模型不符：有人手工改过，或恢复不完整。请手工改回，或从备份恢复。多出来的东西也会列出，但没有害处。",
)
OTHER_BUILD = Code(
    "OK6601",
    "migrated-by-another-build",
    WARNING,
    since="0.1",
    explain="""
        The database was brought to its revision by another build of the project than this one. The tables are the
        same; labels, rights or workflows may differ. `orderkit migrate` with this build notes its own.
    """,
    zh="数据库是由项目的另一次构建迁移到当前版本的。表相同，但文字、权限或流程可能不同。用这次构建运行 `orderkit migrate` 即可更新记录。",
)
RETIRED = Code(
    "OK6602",
    "retired-data-kept",
    WARNING,
    since="0.1",
    explain="""
        A form, field or option was dropped on purpose, and its data is kept aside in a table `retired_…` until the
        day that is named. A downgrade brings it back until then; afterwards the table may be dropped.
    """,
    zh="某个表单、字段或选项被有意删除，其数据保存在 `retired_…` 表中，直到所示日期。在此之前可以通过降级取回；之后可以删除该表。",
)


def structure(connection: sa.Connection, tables: Tables) -> Iterator[Observation]:
    """Yield where the live tables differ from those of the model, and which of orderkit's own are missing."""
    live = set(sa.inspect(connection).get_table_names())
    for name in sorted(system_tables.metadata.tables.keys() - live):
        words = label(zh=f"缺少 orderkit 自身的表 {name}", en=f"the table {name} of orderkit is missing")
        yield Observation(code=DRIFT, place=name, words=words, help=_MEND)
    for each in drift(connection, tables):
        yield Observation(
            code=DRIFT,
            place=each.place,
            words=each.words,
            help=_MEND if each.is_harmful else None,
            is_fault=each.is_harmful,
        )


def build(stamp: Stamp, model_hash: str) -> Iterator[Observation]:
    """Yield that another build migrated the database."""
    if stamp.model_hash != model_hash:
        known = (stamp.model_hash or "–")[:12]
        words = label(
            zh=f"数据库由模型 {known} 迁移，这次构建是 {model_hash[:12]}",
            en=f"the database was migrated by the model {known}, this build is {model_hash[:12]}",
        )
        yield Observation(code=OTHER_BUILD, place="", words=words, is_fault=False)


def retired(connection: sa.Connection, now: datetime) -> Iterator[Observation]:
    """Yield what is kept aside, and until when."""
    table = system_tables.retired
    if not sa.inspect(connection).has_table(table.name):
        return
    for row in connection.execute(sa.select(table).order_by(table.c.expires_at, table.c.shadow)):
        day = row.expires_at.date().isoformat()
        words = (
            label(
                zh=f"{row.path} 的旧数据在表 {row.shadow} 中，保留期已于 {day} 结束，可以删除",
                en=f"the data of {row.path} is in {row.shadow}; its time ended on {day}, it may be dropped",
            )
            if row.expires_at <= now
            else label(
                zh=f"{row.path} 的旧数据在表 {row.shadow} 中，保留到 {day}",
                en=f"the data of {row.path} is in {row.shadow}, kept until {day}",
            )
        )
        yield Observation(code=RETIRED, place=row.shadow, words=words, is_fault=False)


_MEND = label(zh="请手工改回，或从备份恢复", en="undo the change by hand, or restore a backup")
