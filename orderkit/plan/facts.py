"""What a live database adds to a plan: how many rows, which of them would not fit, which records are on their way.

`questions` says what to ask, `with_facts` puts the answers into the plan. Asking is done elsewhere
(`orderkit.cli.planning.live`), by reading alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from orderkit.database.changes.checks import Check, LeftBehind
from orderkit.database.changes.judging import Lock, Severity
from orderkit.database.changes.telling import place_of, rows_told
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem
from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.plan.areas.tables import table_entry
from orderkit.plan.planning import Side, in_order
from orderkit.plan.touching import column_that_goes, table_of, tables_before
from orderkit.plan.values import Area, Consequence, Entry, Plan, TableChange
from orderkit.plan.words.filling import code, filled, listed, same

ROWS_WOULD_NOT_FIT = Code(
    "OK6511",
    "rows-would-not-fit",
    ERROR,
    since="0.1",
    explain="""
    `orderkit plan --database` asked a database and found rows that a new rule would refuse: empty where a
    value is needed from now on, doubles where there may be none, values that are none of the new type. The
    plan names how many and the first ten. `orderkit migrate` would refuse before it changes anything. Mend
    those rows with the app as it is, or say in the YAML what they get: `default:`, `backfill:`, `convert:`.
    """,
    zh="""`orderkit plan --database` 在数据库中找到不符合新规则的记录：今后必填而现在为空、不允许重复而有重复、不是新类型的值。
    计划里写明有多少、最先的十条是哪些；`orderkit migrate` 会在改动之前拒绝。请用现有程序改好这些记录，或在 YAML 中写明它们取什么值：`default:`、`backfill:`、`convert:`。""",
)

# Rewriting or checking a table under a lock, against reading it once.
_TIMES_READING = 5
_BRIEF_SECONDS = 5

_ROWS = label(zh="{count} 条记录{size}", en="{count} rows{size}")
_SIZE = label(zh="，{megabytes} MB", en=", {megabytes} MB")
_VALUES = label(zh="其中 {count} 条有值", en="{count} of them hold a value")
_LEFT = label(
    zh="其中 {count} 个值没有记录接收，只进影子表",
    en="{count} values go to the shadow table only: no record takes them over",
)
_LONG_LOCK = label(
    zh="预计锁表约 {seconds} 秒（刚才通读该表用了 {read} 秒，按 {times} 倍估计）",
    en="locked for about {seconds} s (reading the table once took {read} s just now, taken {times} times)",
)
_BRIEF_LOCK = label(
    zh="只锁一瞬间；若 {seconds} 秒内得不到锁就让路再试",
    en="locked for a moment; gives way and tries again if it cannot have the lock within {seconds} s",
)
_FAIL = label(zh="{count} 条记录不符合：{ids}", en="{count} rows do not fit: {ids}")
_AND_MORE = label(zh="{ids} 等", en="{ids} and more")
_STANDING = label(zh="{state}：{count} 条", en="{state}: {count}")
_IN_FLIGHT = label(zh="进行中的记录 {states}", en="records in flight: {states}")
_PIN = label(zh="它们按原来的流程走完", en="they keep the definition they started with")
_MIGRATE = label(zh="它们立即按新流程走", en="they follow the new definition at once")
_MOVE = label(zh="{count} 条从 {old} 转到 {new}", en="{count} go from {old} to {new}")
_NOWHERE = label(zh="{count} 条停在 {old}，没有去处", en="{count} stand in {old} and have nowhere to go")


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What to ask a database, by the names before the change; `retires` are paths that would be dropped."""

    tables: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    checks: tuple[Check, ...] = ()
    moves: tuple[LeftBehind, ...] = ()
    workflows: tuple[str, ...] = ()
    retires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFacts:
    """A table as it is: rows, bytes where the database tells them, seconds that reading it once took."""

    rows: int
    size_bytes: int | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsThatFail:
    """Rows that do not fulfil a check: how many, the ids of the first ten, and what stands there."""

    check: Check
    count: int
    ids: tuple[int, ...]
    values: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many records stand in a state of a workflow."""

    workflow: str
    state: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The answers. `refusals` are what the migration would refuse beside the checks."""

    tables: Mapping[str, TableFacts]
    values: Mapping[tuple[str, str], int]
    failing: tuple[RowsThatFail, ...]
    standing: tuple[Standing, ...]
    left_behind: Mapping[LeftBehind, int] = field(default_factory=dict)
    refusals: tuple[Problem, ...] = ()
    notes: tuple[Label, ...] = ()


def questions(plan: Plan, old: Side) -> Questions:
    """Return what of a database matters to a plan."""
    changes = [each.change for each in plan.tables]
    before = tables_before(changes)
    touched = [name for change in changes if (name := table_of(change, before)) in old.tables]
    goes = [place for change in changes if (place := column_that_goes(change, before)) is not None]
    known = {workflow.id for workflow in old.project.workflows}
    changed = [_workflow_of(entry) for entry in plan.entries if entry.area is Area.WORKFLOWS]
    return Questions(
        tables=tuple(dict.fromkeys(name for name in touched if name is not None)),
        values=tuple(dict.fromkeys(goes)),
        checks=tuple(dict.fromkeys(check for each in plan.tables for check in each.judgement.checks)),
        moves=tuple(left for each in plan.tables if (left := each.judgement.left_behind) is not None),
        workflows=tuple(dict.fromkeys(name for name in changed if name in known)),
        retires=tuple(each.subject for each in plan.entries if _drops(each)),
    )


def with_facts(plan: Plan, facts: Facts, old: Side, new: Project) -> Plan:
    """Return the plan with what a database answered, and what would be refused because of it."""
    before = tables_before(each.change for each in plan.tables)
    tables = (_with(table_entry(each), _of_table(each, facts, before)) for each in plan.tables)
    flights = {name: _of_workflow(name, facts, old.project, new) for name in old.project.workflow_by_id}
    others = []
    for entry in plan.entries:
        if entry.area is not Area.DATABASE:
            told = flights.pop(_workflow_of(entry), ()) if entry.area is Area.WORKFLOWS else ()
            others.append(_with(entry, told))
    return replace(
        plan,
        entries=in_order((*others, *tables)),
        refusals=(*plan.refusals, *(_refusal(each) for each in facts.failing), *facts.refusals),
        notes=(*plan.notes, *facts.notes),
    )


def _drops(entry: Entry) -> bool:
    return entry.area is Area.FORMS and entry.severity is Severity.DESTRUCTIVE


def _with(entry: Entry, told: Iterable[Label]) -> Entry:
    more = tuple(Consequence(words=words) for words in told)
    return replace(entry, consequences=(*entry.consequences, *more)) if more else entry


def _workflow_of(entry: Entry) -> str:
    return entry.subject.partition(".")[0]


def _of_table(each: TableChange, facts: Facts, before: Mapping[str, str]) -> Iterator[Label]:
    """Yield how many rows a change touches, how long they are locked, and which of them would not fit."""
    name = table_of(each.change, before)
    table = None if name is None else facts.tables.get(name)
    if table is None:
        return
    megabytes = None if table.size_bytes is None else f"{table.size_bytes / 1e6:,.1f}"
    size = same("") if megabytes is None else filled(_SIZE, megabytes=megabytes)
    yield filled(_ROWS, count=f"{table.rows:,}", size=size)
    place = column_that_goes(each.change, before)
    if place is not None and place in facts.values:
        yield filled(_VALUES, count=f"{facts.values[place]:,}")
    left = each.judgement.left_behind
    if left is not None and left in facts.left_behind:
        yield filled(_LEFT, count=f"{facts.left_behind[left]:,}")
    match each.judgement.lock:
        case Lock.LONG:
            seconds = _rounded(table.seconds * _TIMES_READING)
            yield filled(_LONG_LOCK, seconds=seconds, read=_rounded(table.seconds), times=_TIMES_READING)
        case Lock.BRIEF:
            yield filled(_BRIEF_LOCK, seconds=_BRIEF_SECONDS)
        case Lock.NONE:
            pass
    for rows in facts.failing:
        if rows.check in each.judgement.checks:
            yield _told(rows)


def _rounded(seconds: float) -> str:
    return f"{seconds:.0f}" if seconds >= 10 else f"{seconds:.1f}" if seconds >= 0.1 else f"{seconds:.3f}"


def _told(rows: RowsThatFail) -> Label:
    ids: Label = same(", ".join(map(str, rows.ids)))
    if rows.count > len(rows.ids):
        ids = filled(_AND_MORE, ids=ids)
    return filled(_FAIL, count=f"{rows.count:,}", ids=ids)


def _refusal(rows: RowsThatFail) -> Problem:
    return Problem(
        path=place_of(rows.check),
        code="rows_would_not_fit",
        known_as=ROWS_WOULD_NOT_FIT,
        message=filled(
            label(zh="{place}：{rows}", en="{place}: {rows}"),
            place=code(place_of(rows.check)),
            rows=rows_told(rows.check, rows.count, rows.ids, rows.values),
        ),
        help=label(
            zh="请先用现有程序改好这些记录，或写明它们取什么值（`default:`、`backfill:`、`convert:`）",
            en="mend them with the app as it is, or say what they get (`default:`, `backfill:`, `convert:`)",
        ),
    )


def _of_workflow(name: str, facts: Facts, old: Project, new: Project) -> tuple[Label, ...]:
    """Return how many records stand in each state of a workflow, and what becomes of them."""
    standing = [each for each in facts.standing if each.workflow == name and not _is_over(each, old)]
    after = new.workflow_by_id.get(name)
    if not standing or after is None:
        return ()
    states = [filled(_STANDING, state=_state(each, old), count=f"{each.count:,}") for each in standing]
    told = [filled(_IN_FLIGHT, states=listed(states))]
    if after.in_flight != "migrate":
        return (*told, _PIN)
    for each in standing:
        if each.state in after.state_by_id:
            continue
        target = after.state_by_id.get(after.migrate.get(each.state, ""))
        words = _NOWHERE if target is None else _MOVE
        new_state = same("") if target is None else target.label
        told.append(filled(words, count=f"{each.count:,}", old=_state(each, old), new=new_state))
    return (*told, _MIGRATE)


def _is_over(standing: Standing, project: Project) -> bool:
    state = project.workflow_by_id[standing.workflow].state_by_id.get(standing.state)
    return state is not None and state.final is not None


def _state(standing: Standing, project: Project) -> Label:
    known = project.workflow_by_id[standing.workflow].state_by_id.get(standing.state)
    return code(standing.state) if known is None else known.label
