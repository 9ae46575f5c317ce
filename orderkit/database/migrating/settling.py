"""Notes that a migration came to its end, so that the next one with the same artifact may be short (see `settled`)."""

from collections.abc import Iterator

import sqlalchemy as sa

from orderkit.database.definitions.states import migrating
from orderkit.database.migrating import journal
from orderkit.database.migrating.settled import NAME, Followed, Settled, Standing, written
from orderkit.database.migrating.stamp import read_stamp, write_setting
from orderkit.database.schema.system_tables import audit
from orderkit.database.schema.tables import table_name
from orderkit.model.exchange.imports import Seed
from orderkit.model.expressions.nodes import Binary, Expression, Find, Get, Items, Literal, Root, Structure
from orderkit.model.expressions.tree import walk
from orderkit.model.project import Project
from orderkit.model.stored import part_hash
from orderkit.model.workflow.workflows import Workflow


def note_settled(connection: sa.Connection, project: Project, artifact: str | None) -> None:
    """Note that nothing is left to do for the artifact with this fingerprint.

    In the transaction that applied the seeds: what others change meanwhile is no part of the note, and so
    found by the next run. Nothing is noted where only a whole run can know: an artifact without a
    fingerprint, seeds that say something else tomorrow.
    """
    if artifact is None or not all(_is_constant(seed) for seed in project.seeds):
        return
    stamp = read_stamp(connection)
    forms = tuple(sorted({each for seed in project.seeds for each in _looked_at(project, seed)}))
    counted = sa.select(sa.func.count()).select_from(audit).where(audit.c.form.in_(forms))
    settled = Settled(
        artifact=artifact,
        locale=project.locale,
        standing=Standing(
            project=stamp.project,
            model_hash=stamp.model_hash,
            system_revision=stamp.system_revision,
            project_revision=stamp.project_revision,
            leads_to=journal.leads_to(connection, "project", stamp.project_revision or ""),
        ),
        forms=forms,
        changes=connection.execute(counted).scalar_one() if forms else 0,
        followed=tuple(_followed(each) for each in migrating(project)),
    )
    write_setting(connection, NAME, written(settled))


def _followed(workflow: Workflow) -> Followed:
    return Followed(
        workflow=workflow.id,
        definition_hash=part_hash(workflow),
        table=table_name(workflow.form),
        column=workflow.state_field,
        states=tuple(each.id for each in workflow.states),
    )


def _is_constant(seed: Seed) -> bool:
    """Whether a seed says the same whenever it is read: nothing but values, and records by their names."""
    return all(_says_the_same(node) for node in _nodes(seed))


def _says_the_same(node: Expression) -> bool:
    match node:
        case Literal() | Items() | Structure() | Find() | Binary() | Root() | Get(base=Root()):
            return True
        case _:
            return False


def _nodes(seed: Seed) -> Iterator[Expression]:
    return (node for row in seed.rows for _, value in row for node in walk(value))


def _looked_at(project: Project, seed: Seed) -> set[str]:
    """Return the forms whose records a seed writes, or finds by their names."""
    form = project.form_by_id[seed.form]
    written_to = [form, *(project.form_by_id[each.form] for each in form.lines)]
    targets = {field.target for each in written_to for field in each.fields if field.target is not None}
    found = {node.form for node in _nodes(seed) if isinstance(node, Find)}
    return {each.id for each in written_to} | targets | found
