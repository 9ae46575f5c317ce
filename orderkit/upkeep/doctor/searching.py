"""Whether searches are helped by the index: a form that it lacks is searched record by record."""

from collections.abc import Iterator

import sqlalchemy as sa

from orderkit.database.schema.system_tables import search_entry, search_form
from orderkit.engine.index.filling import entries_counted, forms_behind
from orderkit.model.codes import WARNING, Code
from orderkit.model.labels import label
from orderkit.model.project import Project
from orderkit.upkeep.doctor.observation import Observation

BEHIND = Code(
    "OK8105",
    "search-index-behind",
    WARNING,
    since="0.1",
    explain="""
        The search index does not cover a form, or not as this build searches it: `orderkit migrate` was not run or
        was stopped, or somebody changed records by hand. Searches of a form that is not covered are right but look
        at every record, and know no pinyin; records written by hand are not found. `orderkit migrate` brings the
        index up to date; after changes by hand, run `DELETE FROM ok_search_form` first, and it is made anew.
    """,
    zh="搜索索引没有覆盖某个表单，或与这次构建的搜索范围不同：`orderkit migrate` 没有运行或中断了，或者有人手工改过记录。未覆盖的表单仍能正确搜索，但要逐条查看，也不支持拼音首字母；手工写入的记录搜不到。运行 `orderkit migrate` 即可更新索引；手工改过数据时，请先执行 `DELETE FROM ok_search_form`，索引会重新建立。",
)


def searching(connection: sa.Connection, project: Project) -> Iterator[Observation]:
    """Yield the forms that the index does not cover, or not all of whose records it has."""
    inspector = sa.inspect(connection)
    if not all(inspector.has_table(table.name) for table in (search_form, search_entry)):
        return
    behind = forms_behind(connection, project)
    for form_id in behind:
        words = label(
            zh=f"搜索索引没有覆盖表单 {form_id}：搜索要逐条查看",
            en=f"the search index does not cover the form {form_id}: searches look at every record",
        )
        yield Observation(code=BEHIND, place=form_id, words=words, help=_HELP, is_fault=False)
    for form_id, (records, entries) in entries_counted(connection, project).items():
        if form_id not in behind and records != entries:
            words = label(
                zh=f"表单 {form_id} 有 {records} 条记录，搜索索引有 {entries} 条：有人手工改过",
                en=f"the form {form_id} has {records} records and the search index {entries}: "
                "somebody changed them by hand",
            )
            yield Observation(code=BEHIND, place=form_id, words=words, help=_ANEW)


_HELP = label(zh="请运行 `orderkit migrate`", en="run `orderkit migrate`")
_ANEW = label(
    zh="请执行 `DELETE FROM ok_search_form`，再运行 `orderkit migrate`",
    en="run `DELETE FROM ok_search_form`, then `orderkit migrate`",
)
