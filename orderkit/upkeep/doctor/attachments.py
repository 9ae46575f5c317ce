"""Rows that name attachments against what the store holds."""

from collections.abc import Iterator

import sqlalchemy as sa

from orderkit.database.schema.system_tables import file as file_table
from orderkit.engine.runtime import FileStore
from orderkit.model.codes import ERROR, WARNING, Code
from orderkit.model.labels import label
from orderkit.upkeep.doctor.observation import Observation

MISSING = Code(
    "OK6605",
    "attachment-missing",
    ERROR,
    since="0.1",
    explain="""
        A row names an attachment whose content is not in the store, so nobody can open it. Look for the folder or
        bucket that was meant (`ORDERKIT_FILES_URL`), or restore the attachments from a backup.
    """,
    zh="有记录指向的附件在存储中没有内容，无法打开。请检查目录或存储桶（`ORDERKIT_FILES_URL`）是否正确，或从备份恢复附件。",
)
NOBODYS = Code(
    "OK6606",
    "attachment-of-nobody",
    WARNING,
    since="0.1",
    explain="""
        The store holds content that no row names: an upload was interrupted, or the database is of an earlier
        day than the attachments. It does no harm, takes room, and may be deleted when it stays.
    """,
    zh="存储中有内容没有任何记录指向：上传中断过，或数据库比附件旧。它没有害处，只占空间；若一直存在可以删除。",
)
_ROWS_AT_ONCE = 1_000
_MOST_NAMED = 10


def attachments(connection: sa.Connection, files: FileStore) -> Iterator[Observation]:
    """Yield rows without content, the first ten by name, and how much content has no row."""
    if not sa.inspect(connection).has_table(file_table.name):
        return
    unseen = set(files.digests())
    missing = 0
    found = sa.select(file_table.c.digest, sa.func.min(file_table.c.name).label("name")).group_by(
        file_table.c.digest
    )
    streaming = connection.execution_options(yield_per=_ROWS_AT_ONCE)
    for row in streaming.execute(found.order_by(file_table.c.digest)):
        if row.digest in unseen:
            unseen.discard(row.digest)
        elif not files.holds(row.digest):
            # Asked once more: it may have come while the store was listed.
            missing += 1
            if missing <= _MOST_NAMED:
                words = label(
                    zh=f"附件 {row.name} 的内容（{row.digest[:12]}…）不在 {files.place} 中",
                    en=f"the content of {row.name} ({row.digest[:12]}…) is not in {files.place}",
                )
                yield Observation(code=MISSING, place=row.digest, words=words)
    if missing > _MOST_NAMED:
        more = missing - _MOST_NAMED
        words = label(zh=f"还有 {more} 个附件没有内容", en=f"{more} more attachments have no content")
        yield Observation(code=MISSING, place="", words=words)
    if unseen:
        words = label(
            zh=f"{files.place} 中有 {len(unseen)} 个文件没有记录指向（例如 {min(unseen)[:12]}…）",
            en=f"{files.place} holds {len(unseen)} files that no row names (such as {min(unseen)[:12]}…)",
        )
        yield Observation(code=NOBODYS, place=min(unseen), words=words, is_fault=False)
