"""Workflows: states, who may press what, approvals with their tiers, clocks, and what records in flight do."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from orderkit.database.changes.judging import Severity
from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import Approval, State, Step, Workflow, all_steps
from orderkit.plan.areas.comparing import is_same, paired
from orderkit.plan.areas.objects import ORDER, added, object_changes, removed
from orderkit.plan.areas.sides import Sides
from orderkit.plan.areas.tiers import tiers_of
from orderkit.plan.values import Area, Consequence, Entry, Manner
from orderkit.plan.words.filling import code, filled, listed
from orderkit.plan.words.names import noun_of, sentence
from orderkit.plan.words.people import called, each_of

_ASIDE = frozenset({"id", "states", "transitions", "approvals"})
_PRESS = label(zh="谁可以点", en="who may press it")
_TIERS = label(zh="谁来审批", en="who approves what")
_BLOCKS = label(zh="步骤的先后与分支", en="order and branches of the steps")
_BY = label(zh="可点的人：{who}", en="may be pressed by: {who}")
_PINNED = label(
    zh="进行中的记录按原来的流程走完", en="records in flight go on by the definition they started with"
)
_MIGRATED = label(zh="进行中的记录立即按新流程走", en="records in flight go on by the new definition at once")
_GOES_TO = label(zh="停在此状态的记录转到 {state}", en="records that stand in it go to {state}")
_MUST_GO = label(
    zh="若有记录停在此状态，迁移会拒绝：请写 `migrate: {{{state}: …}}`",
    en="if records stand in it, the migration refuses: write `migrate: {{{state}: …}}`",
)


def workflow_entries(sides: Sides) -> Iterator[Entry]:
    """Yield what changes about workflows; the first entry of each says what becomes of records in flight."""
    gone, come, kept = paired(sides.old.workflows, sides.new.workflows)
    for workflow in gone:
        yield removed(workflow, workflow.id, Area.WORKFLOWS)
    for workflow in come:
        states = listed(state.label for state in workflow.states)
        entry = added(workflow, workflow.id, Area.WORKFLOWS, sides.new)
        yield replace(entry, after=states)
    for old, new in kept:
        yield from _with_flight(list(_workflow_entries(old, new, sides)), new)


def _with_flight(entries: list[Entry], workflow: Workflow) -> Iterator[Entry]:
    for number, entry in enumerate(entries):
        if number == 0:
            words = _PINNED if workflow.in_flight == "pin" else _MIGRATED
            consequence = Consequence(words=words, subject=workflow.id)
            yield replace(entry, consequences=(*entry.consequences, consequence))
        else:
            yield entry


def _workflow_entries(old: Workflow, new: Workflow, sides: Sides) -> Iterator[Entry]:
    without = _ASIDE | ({"form"} if sides.form_after.get(old.form) == new.form else frozenset())
    yield from object_changes(old, new, Area.WORKFLOWS, new.id, sides, without=without)
    yield from _state_entries(old, new, sides)
    yield from _transition_entries(old, new, sides)
    gone, come, kept = paired(old.approvals, new.approvals)
    for approval in gone:
        yield removed(approval, f"{new.id}.{approval.id}", Area.WORKFLOWS)
    for approval in come:
        entry = added(approval, f"{new.id}.{approval.id}", Area.WORKFLOWS, sides.new)
        yield replace(entry, after=tiers_of(approval))
    for before, after in kept:
        yield from _approval_entries(before, after, f"{new.id}.{after.id}", sides)


def _state_entries(old: Workflow, new: Workflow, sides: Sides) -> Iterator[Entry]:
    gone, come, kept = paired(old.states, new.states)
    for state in gone:
        entry = removed(state, f"{new.id}.{state.id}", Area.WORKFLOWS)
        yield replace(entry, consequences=(Consequence(words=_of_gone(state, new), subject=new.id),))
    for state in come:
        yield added(state, f"{new.id}.{state.id}", Area.WORKFLOWS, sides.new)
    for before, after in kept:
        yield from object_changes(before, after, Area.WORKFLOWS, f"{new.id}.{after.id}", sides)
    yield from _order(new.id, new, old.states, new.states)


def _of_gone(state: State, workflow: Workflow) -> Label:
    if workflow.in_flight != "migrate":
        return _PINNED
    target = workflow.migrate.get(state.id)
    if target is None:
        return filled(_MUST_GO, state=state.id)
    known = workflow.state_by_id.get(target)
    return filled(_GOES_TO, state=code(target) if known is None else known.label)


def _transition_entries(old: Workflow, new: Workflow, sides: Sides) -> Iterator[Entry]:
    gone, come, kept = paired(old.transitions, new.transitions)
    for transition in gone:
        yield removed(transition, f"{new.id}.{transition.id}", Area.WORKFLOWS)
    for transition in come:
        entry = added(transition, f"{new.id}.{transition.id}", Area.WORKFLOWS, sides.new)
        words = filled(_BY, who=called(transition.by, sides.new))
        yield replace(entry, consequences=(Consequence(words=words),))
    for before, after in kept:
        subject = f"{new.id}.{after.id}"
        if not is_same(before.by, after.by, sides.renamed):
            yield _people(before, after, subject, attribute="by", what=_PRESS, sides=sides)
        without = frozenset({"id", "by"})
        yield from object_changes(before, after, Area.WORKFLOWS, subject, sides, without=without)
    yield from _order(new.id, new, old.transitions, new.transitions)


def _people(old: Any, new: Any, subject: str, *, attribute: str, what: Label, sides: Sides) -> Entry:
    """Return the entry of a change of who does something; who loses it makes it breaking."""
    before, after = getattr(old, attribute), getattr(new, attribute)
    lost = set(each_of(before)) - set(each_of(after))
    return Entry(
        severity=Severity.BREAKING if lost else Severity.SAFE,
        area=Area.WORKFLOWS,
        subject=subject,
        manner=Manner.CHANGED,
        attribute=attribute,
        words=sentence(Manner.CHANGED, subject, new, what),
        before=called(before, sides.old),
        after=called(after, sides.new),
    )


def _approval_entries(old: Approval, new: Approval, subject: str, sides: Sides) -> Iterator[Entry]:
    without = frozenset({"id", "steps"})
    yield from object_changes(old, new, Area.WORKFLOWS, subject, sides, without=without)
    if is_same(old.steps, new.steps, sides.renamed):
        return
    before, after = tiers_of(old), tiers_of(new)
    if before != after:
        yield Entry(
            severity=Severity.SAFE,
            area=Area.WORKFLOWS,
            subject=subject,
            manner=Manner.CHANGED,
            attribute="tiers",
            words=sentence(Manner.CHANGED, subject, new, _TIERS),
            before=before,
            after=after,
        )
    yield from _step_entries(old, new, subject, sides)


def _step_entries(old: Approval, new: Approval, subject: str, sides: Sides) -> Iterator[Entry]:
    gone, come, kept = paired(tuple(all_steps(old.steps)), tuple(all_steps(new.steps)))
    told = False
    for step in gone:
        told = True
        yield removed(step, f"{subject}.{step.id}", Area.WORKFLOWS)
    for step in come:
        told = True
        yield _new_step(step, f"{subject}.{step.id}", sides.new)
    for before, after in kept:
        place = f"{subject}.{after.id}"
        if not is_same(before.approvers, after.approvers, sides.renamed):
            told = True
            yield _people(before, after, place, attribute="approvers", what=_TIERS, sides=sides)
        without = frozenset({"id", "approvers"})
        for entry in object_changes(before, after, Area.WORKFLOWS, place, sides, without=without):
            told = True
            yield entry
    if not told:
        yield Entry(
            severity=Severity.SAFE,
            area=Area.WORKFLOWS,
            subject=subject,
            manner=Manner.CHANGED,
            attribute="steps",
            words=sentence(Manner.CHANGED, subject, new, _BLOCKS),
            before=listed(step.label for step in all_steps(old.steps)),
            after=listed(step.label for step in all_steps(new.steps)),
        )


def _new_step(step: Step, subject: str, project: Project) -> Entry:
    entry = added(step, subject, Area.WORKFLOWS, project)
    return replace(entry, after=called(step.approvers, project))


def _order(subject: str, workflow: Workflow, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[Entry]:
    """Yield that parts which stay have another order, as pages show it."""
    before = [each.id for each in old if each.id in {part.id for part in new}]
    after = [each.id for each in new if each.id in {part.id for part in old}]
    if before != after:
        yield Entry(
            severity=Severity.SAFE,
            area=Area.WORKFLOWS,
            subject=subject,
            manner=Manner.CHANGED,
            attribute=f"{type(new[0]).__name__.lower()}s",
            words=sentence(Manner.CHANGED, subject, workflow, filled(ORDER, what=noun_of(new[0]))),
            before=listed(code(name) for name in before),
            after=listed(code(name) for name in after),
        )
