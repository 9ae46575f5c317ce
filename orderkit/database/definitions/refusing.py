"""Refuses to drop what running records still need: said before anything is changed."""

from collections.abc import Sequence

import sqlalchemy as sa

from orderkit.catalog import Catalog
from orderkit.database.definitions.states import migrating
from orderkit.database.definitions.stored import Followed, followed, needed_by
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem
from orderkit.model.labels import label, text_of
from orderkit.model.project import Project

NEEDED_BY_RUNNING = Code(
    "OK6402",
    "needed-by-running-records",
    ERROR,
    since="0.1",
    explain="""
    A revision drops a form, field or option that running records may still come to: they follow the
    definition of the workflow that they started with (`in_flight: pin`), and that one names it. Nothing was
    changed. Let those records end, or move them on, and migrate again; or let them follow the newest
    definition with `in_flight: migrate`; or keep the field until they are done.
    """,
    zh="""某个版本要删除的表单、字段或选项，运行中的单据可能还会用到：它们按发起时的流程定义运行（`in_flight: pin`），而那个定义里写着它。未做任何更改。
    请先让这些单据办结，再迁移；或写 `in_flight: migrate` 让它们跟随最新定义；或先保留该字段。""",
)


def problems_of_drops(
    connection: sa.Connection, project: Project, retires: Sequence[str], catalog: Catalog
) -> tuple[Problem, ...]:
    """Return a problem for each definition whose records need something of `retires`.

    Args:
        connection: on the database as it is before the revision.
        project: the model that is migrated to; its workflows say which records follow the newest definition.
        retires: paths that would be dropped: `order.note`, `order`, `order.kind.custom`.
        catalog: what reads the stored definitions.
    """
    if not retires:
        return ()
    newest = frozenset(each.id for each in migrating(project))
    return tuple(
        _problem(definition, missing)
        for definition, missing in needed_by(followed(connection, catalog), retires, newest)
    )


def _problem(found: Followed, missing: Sequence[str]) -> Problem:
    definition = found.definition
    what = ", ".join(f"`{path}`" for path in missing)
    states = ", ".join(f"{state} ({count})" for state, count in sorted(found.counts.items()))
    ids = ", ".join(map(str, found.first_ids))
    total = sum(found.counts.values())
    return Problem(
        path=missing[0],
        code="needed_by_running_records",
        known_as=NEEDED_BY_RUNNING,
        message=label(
            zh=f"{what} 不能删除：流程“{text_of(definition.label, 'zh')}”的旧定义 {found.hash[:12]} 还有 "
            f"{total} 张单据在用（{states}；编号 {ids}）",
            en=f"{what} cannot be dropped: {total} records still follow the definition {found.hash[:12]} of the "
            f"workflow `{definition.id}`, which names it ({states}; ids {ids})",
        ),
        help=label(
            zh=f"先办结这些单据；或在 workflow `{definition.id}` 写 `in_flight: migrate`；或暂时保留该字段",
            en=f"let these records end first; or write `in_flight: migrate` into the workflow `{definition.id}`; "
            "or keep the field for now",
        ),
    )
