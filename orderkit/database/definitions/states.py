"""Records of workflows that follow the newest definition, in states which that one does not have.

Most have begun their life, and their instance says where they stand; of those that are older than their
workflow the form's own column does (see `unborn`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from orderkit.database.definitions.stored import FIRST_SHOWN
from orderkit.database.definitions.unborn import AS_IT_IS, Before, unborn, unborn_ids
from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem
from orderkit.model.labels import label, text_of
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import Workflow

MIGRATE = "migrate"

STATE_WITHOUT_SUCCESSOR = Code(
    "OK6401",
    "state-without-successor",
    ERROR,
    since="0.1",
    explain="""
    A workflow whose running records follow the newest definition (`in_flight: migrate`) has lost a state
    in which records stand, and does not say where they go. Nothing was changed. Write
    `migrate: {old_state: new_state}` into the workflow, build, and migrate again; or move those records on
    with the program as it was.
    """,
    zh="""流程写了 `in_flight: migrate`（运行中的单据跟随最新定义），但删除了还有单据停留的状态，又没有说明它们去哪里。未做任何更改。
    请在流程里写 `migrate: {旧状态: 新状态}`，重新构建并迁移；或先用原来的程序把这些单据流转走。""",
)


def migrating(project: Project) -> Sequence[Workflow]:
    """Return the workflows whose running records follow the newest definition."""
    return [each for each in project.workflows if each.in_flight == MIGRATE]


def problems_of_states(
    connection: sa.Connection, project: Project, before: Before = AS_IT_IS
) -> tuple[Problem, ...]:
    """Return the states that are gone, in which records stand, and that no `migrate` leads out of.

    Args:
        connection: on the database, also as it is before the revisions that are to run.
        project: the model that is migrated to.
        before: what its tables are called in the database, where that differs.
    """
    found: list[Problem] = []
    for workflow in migrating(project):
        found += [
            _stranded(connection, workflow, state, count, before)
            for state, count in sorted(_gone(connection, workflow, before).items())
            if state not in workflow.migrate
        ]
    return tuple(found)


def is_to_be_moved(connection: sa.Connection, project: Project) -> bool:
    """Return whether records still stand in states that are gone, because a migration did not end."""
    return any(_gone(connection, workflow, AS_IT_IS) for workflow in migrating(project))


def _gone(connection: sa.Connection, workflow: Workflow, before: Before) -> Mapping[str, int]:
    """Return how many records stand in each state that the workflow does not have."""
    counted = connection.execute(
        sa.select(instances.c.state, sa.func.count())
        .where(instances.c.workflow == workflow.id)
        .group_by(instances.c.state)
    ).all()
    found = Counter({state: count for state, count in counted if state not in workflow.state_by_id})
    found.update(unborn(connection, workflow, before, in_gone_states=True))
    return found


def _stranded(
    connection: sa.Connection, workflow: Workflow, state: str, count: int, before: Before
) -> Problem:
    begun = connection.execute(
        sa.select(instances.c.record_id)
        .where(instances.c.workflow == workflow.id, instances.c.state == state)
        .order_by(instances.c.record_id)
        .limit(FIRST_SHOWN)
    ).scalars()
    older = unborn_ids(connection, workflow, before, limit=FIRST_SHOWN, state=state)
    first = sorted((*begun, *older))[:FIRST_SHOWN]
    ids = ", ".join(map(str, first))
    names = ", ".join(each.id for each in workflow.states)
    return Problem(
        path=f"{workflow.id}.{state}",
        code="state_without_successor",
        known_as=STATE_WITHOUT_SUCCESSOR,
        message=label(
            zh=f"流程“{text_of(workflow.label, 'zh')}”已没有状态 `{state}`，"
            f"但 {workflow.form} 还有 {count} 张单据停在那里（编号 {ids}）",
            en=f"the workflow `{workflow.id}` has no state `{state}` any more, "
            f"but {count} records of {workflow.form} stand in it (ids {ids})",
        ),
        help=label(
            zh=f"在 workflow `{workflow.id}` 写 `migrate: {{{state}: …}}`，目标可以是：{names}",
            en=f"write `migrate: {{{state}: …}}` into the workflow `{workflow.id}`; the target is one of {names}",
        ),
    )
