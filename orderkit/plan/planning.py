"""`plan`: everything that changes between two models, in the order of the page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orderkit.catalog import Catalog
from orderkit.database.changes.between import compared
from orderkit.database.changes.judging import judge_all
from orderkit.database.schema.tables import Tables
from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.plan.areas.access import access_entries
from orderkit.plan.areas.api import Document, api_entries
from orderkit.plan.areas.forms import form_entries
from orderkit.plan.areas.objects import object_entries
from orderkit.plan.areas.sides import Sides
from orderkit.plan.areas.tables import table_entry
from orderkit.plan.areas.workflows import workflow_entries
from orderkit.plan.reaching import Reach
from orderkit.plan.uses import Uses
from orderkit.plan.values import Area, Entry, Plan, TableChange
from orderkit.plan.words.filling import filled, listed

_AREAS = tuple(Area)
_OLDER = label(
    zh="迁移后，旧版程序不能继续使用这个数据库：先停旧版，再迁移",
    en="once migrated, the program of the version before cannot go on with the database: stop it first",
)

_INTO_GONE = label(
    zh="旧版程序仍会把“{workflow}”的记录带进 {states}：请在最后一个旧版程序停止后，再运行一次 `orderkit migrate`",
    en="programs of the version before still lead records of {workflow} into {states}: run `orderkit migrate` again "
    "once the last of them has stopped",
)
_READ_ONLY = label(
    zh="“{workflow}”的记录处于 {states} 时，旧版程序只显示它们，不能修改或流转",
    en="records of {workflow} in {states} are shown by programs of the version before, but neither changed nor moved",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One state of a project: its model, the tables as they were built, and what its API says of itself."""

    project: Project
    tables: Tables
    api: Document


def plan(old: Side | None, new: Side, catalog: Catalog) -> Plan:
    """Return what changes between two states of a project; `old` None means that nothing was there.

    Nothing is read and nothing is run. What cannot be done as it is stands under `refusals`, and the rest
    of the plan is there all the same.
    """
    before = old or Side(project=_nothing(new.project), tables={}, api={})
    sides = Sides(old=before.project, new=new.project, catalog=catalog)
    uses = Uses(new.project)
    reach = Reach(sides, uses)
    between = compared(before.project, before.tables, new.project, new.tables)
    made = between
    if between.problems:
        # What is refused is shown all the same, as it would be if people allowed it.
        refused = frozenset(problem.path for problem in between.problems)
        made = compared(before.project, before.tables, new.project, new.tables, allow_drop=refused)
    judged = judge_all(made.changes, made.before, made.target)
    tables = tuple(TableChange(change=change, judgement=judgement) for change, judgement in judged)
    found = (
        *(reach.told(entry) for entry in (*form_entries(sides), *workflow_entries(sides))),
        *access_entries(sides, uses),
        *(reach.told(entry) for entry in object_entries(sides)),
        *api_entries(before.api, new.api),
        *(table_entry(each) for each in tables),
    )
    return Plan(
        project=new.project.id,
        entries=in_order(found),
        refusals=between.problems,
        tables=tables,
        notes=(*between.notes, *_of_older(tables, sides)),
    )


def _of_older(tables: tuple[TableChange, ...], sides: Sides) -> Iterator[Label]:
    """Yield what programs of the version before may not do any more."""
    if not all(each.judgement.is_safe_for_older for each in tables):
        yield _OLDER
        return
    for workflow in sides.new.workflows:
        before = sides.old.workflow_by_id.get(workflow.id)
        if workflow.in_flight != "migrate" or before is None:
            continue
        gone = [state.label for state in before.states if state.id not in workflow.state_by_id]
        come = [state.label for state in workflow.states if state.id not in before.state_by_id]
        if gone:
            yield filled(_INTO_GONE, states=listed(gone), workflow=workflow.label)
        if come:
            yield filled(_READ_ONLY, states=listed(come), workflow=workflow.label)


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries as a page shows them: the heaviest first, by part of the project, else as found."""
    return tuple(sorted(entries, key=lambda each: (-each.severity, _AREAS.index(each.area))))


def _nothing(project: Project) -> Project:
    """Return the project before its first build: its built-in forms aside, nothing."""
    kept = {name: getattr(project, name) for name in ("id", "label", "version", "locale", "locales")}
    return Project(
        **kept,
        timezone=project.timezone,
        currency=project.currency,
        channels=project.channels,
        calendar=project.calendar,
        forms=(),
    )
