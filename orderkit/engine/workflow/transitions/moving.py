"""Moving a record from one state to the next: the only place where that happens.

A move writes instance, record and timeline, runs the actions, enters the next state (which may begin
an approval) and lets automatic transitions follow. It expects the instance to be locked.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from orderkit.engine import records
from orderkit.engine.hooks import Happening
from orderkit.engine.records import Update
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import SYSTEM, Unit
from orderkit.engine.workflow.acting import RecordContext, run_actions
from orderkit.engine.workflow.approvals.approvals import EndingName, Review, approval_of, ending_of
from orderkit.engine.workflow.approvals.choosing import Chosen, keep_choice
from orderkit.engine.workflow.approvals.copies import send_copies
from orderkit.engine.workflow.approvals.step_rows import close
from orderkit.engine.workflow.clocks.entering import entered
from orderkit.engine.workflow.clocks.tasks import follow_tasks
from orderkit.engine.workflow.doing import sub_flows
from orderkit.engine.workflow.doing.following import begin_after
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import Instance, advance_instance, find_instance, lock_instance
from orderkit.engine.workflow.transitions.asks import Answers
from orderkit.engine.workflow.transitions.conditions import (
    guard_problems,
    lock_balances_read,
    missing_problems,
)
from orderkit.engine.workflow.undoing.noting import doing
from orderkit.engine.workflow.undoing.undoing import undo_entry
from orderkit.engine.workflow.wording import of_both
from orderkit.model.errors import Conflict, Problem, Refused
from orderkit.model.exchange.integrations import EventKind
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Action, Approval, Transition

MAX_MOVES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step from a state to the next, with all that belongs to it.

    `place` names the actions of `after`, so that what they queue for one visit is queued once. `undoes` is the
    visit whose entering is taken back, `approvers` whom the submitter chose for the steps of the approval that
    it leads into.
    """

    verb: str
    target: str
    place: str
    transition: str | None = None
    values: Mapping[str, Scalar] = field(default_factory=dict)
    comment: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    do: tuple[Action, ...] = ()
    after: tuple[Action, ...] = ()
    undoes: int | None = None
    approvers: Chosen = field(default_factory=dict)


class Movements:
    """What is moving in this unit: records on their way, and how often each was moved."""

    def __init__(self) -> None:
        self._under_way: set[tuple[str, int]] = set()
        self._moves: Counter[tuple[str, int]] = Counter()

    @contextmanager
    def of(self, instance: Instance) -> Iterator[None]:
        """Mark a record as under way. Raises Refused when it is moved round and round."""
        key = (instance.workflow, instance.record_id)
        self._moves[key] += 1
        if self._moves[key] > MAX_MOVES:
            message = label(
                zh=f"流转连续触发超过 {MAX_MOVES} 次，请检查流程的自动流转",
                en=f"more than {MAX_MOVES} transitions set each other off; look at the automatic ones",
            )
            raise Refused([Problem(path="", code="loop", message=message)])
        is_outermost = key not in self._under_way
        self._under_way.add(key)
        try:
            yield
        finally:
            if is_outermost:
                self._under_way.discard(key)

    def is_under_way(self, workflow: str, record_id: int) -> bool:
        """Return whether a move of this record is going on further out."""
        return (workflow, record_id) in self._under_way


def movements_of(unit: Unit) -> Movements:
    """Return what is moving in this unit."""
    return unit.keep(Movements, Movements)


def press(
    unit: Unit, instance: Instance, row: RecordRow, transition: Transition, answers: Answers | None = None
) -> Instance:
    """Move the record along a transition whose conditions have been checked."""
    given = Move(
        verb="do",
        target=transition.target,
        place=f"transition:{transition.id}",
        transition=transition.id,
        values={} if answers is None else answers.fields,
        data={} if answers is None else {"values": answers.own},
        comment=None if answers is None else answers.comment,
        do=transition.do,
        after=transition.after,
        undoes=None if instance.resting_in.approval is None else instance.visit,
        approvers={} if answers is None else answers.approvers,
    )
    return move(unit, instance, row, given)


def press_by_rule(unit: Unit, row: RecordRow, transition_id: str) -> None:
    """Press a transition of the record as the system. Raises Refused or Conflict when it cannot be."""
    system = unit.acting_as(SYSTEM)
    for workflow in unit.project.workflows_by_form.get(row.form, ()):
        instance = lock_instance(system, workflow, row)
        transition = instance.definition.transition_by_id.get(transition_id)
        if transition is None:
            continue
        problems = refusals(system, instance, row, transition)
        if problems:
            raise Refused(problems)
        press(system, instance, row, transition)
        return
    raise Conflict(label(zh=f"没有流转 {transition_id}", en=f"there is no transition {transition_id}"))


def refusals(unit: Unit, instance: Instance, row: RecordRow, transition: Transition) -> tuple[Problem, ...]:
    """Return why the system cannot press a transition now."""
    if instance.state not in transition.sources:
        message = of_both(
            "当前状态是“{state}”", "the state is “{state}” now", state=instance.resting_in.label
        )
        return (Problem(path="", code="state", message=message),)
    missing = missing_problems(unit.project, row, transition)
    if not missing:
        lock_balances_read(unit, instance, row, transition)
    return missing or guard_problems(unit, instance, row, transition)


def move(unit: Unit, instance: Instance, row: RecordRow, given: Move) -> Instance:
    """Move a record and return its life as it stands when everything that follows has happened."""
    with movements_of(unit).of(instance):
        with doing(unit, instance, None):
            moved = _write(unit, instance, row, given)
        if given.undoes is not None:
            undo_entry(unit, moved, row, given.undoes)
        keep_choice(unit, moved, given.approvers)
        context = RecordContext(
            unit=unit, row=row, instance=moved, press=press_by_rule, transition=given.transition
        )
        with doing(unit, moved, given.transition):
            run_actions(given.do, context)
        _publish(unit, moved, row, given)
        sub_flows.note_end(unit, moved)
        key = f"action/{moved.workflow}/{moved.record_id}/{moved.visit}/{given.place}"
        begin_after(given.after, replace(context, key=key))
    # An action may have moved the record on already; then it is that move which entered a state.
    current = find_instance(unit, unit.project.workflow_by_id[moved.workflow], row.id)
    if current is not None and current.visit == moved.visit:
        enter(unit, current, row)
        current = find_instance(unit, unit.project.workflow_by_id[moved.workflow], row.id)
    return current or moved


def enter(unit: Unit, instance: Instance, row: RecordRow) -> None:
    """Begin what belongs to the state: its approval, or automatic transitions out of it."""
    approval = approval_of(instance)
    if approval is None:
        settle(unit, instance, row)
        return
    ended = Review(unit, instance, row, approval).begin()
    send_copies(unit, instance, row, approval, "started")
    if ended is None:
        follow_tasks(unit, instance, row)
    else:
        end_approval(unit.acting_as(SYSTEM), instance, row, ended)


def end_approval(
    unit: Unit,
    instance: Instance,
    row: RecordRow,
    ended: EndingName,
    comment: str | None = None,
    *,
    given: Approval | None = None,
) -> Instance:
    """Lead the record where its approval ends; one that was `given` before is revoked from the state behind it."""
    approval = given or approval_of(instance)
    assert approval is not None
    ending = ending_of(approval, ended)
    assert ending is not None, f"{approval.id} has no ending {ended}"
    # Behind an approval the visit before this one is that of the approval.
    visit = instance.visit if given is None else instance.visit - 1
    way = Move(
        verb=ended,
        target=ending.target,
        place=f"approval:{approval.id}:{ended}",
        after=ending.after,
        comment=comment,
        undoes=None if ending.keep or ended is EndingName.APPROVED else visit,
    )
    send_copies(unit, instance, row, approval, ended)
    return move(unit, instance, row, way)


def settle(unit: Unit, instance: Instance, row: RecordRow) -> None:
    """Press the first automatic transition that may be pressed; entering its target tries again."""
    for transition in automatic_from(instance):
        system = unit.acting_as(SYSTEM)
        if not refusals(system, instance, row, transition):
            press(system, instance, row, transition)
            return


def automatic_from(instance: Instance) -> Sequence[Transition]:
    """Return the automatic transitions out of the state, in the order written."""
    return [t for t in instance.definition.transitions if t.auto and instance.state in t.sources]


def _write(unit: Unit, instance: Instance, row: RecordRow, given: Move) -> Instance:
    if instance.resting_in.approval is not None:
        close(unit, instance, given.verb)
    # The submitter is the person whose press began what is going on, also through automatic moves.
    submitter_id = instance.submitter_id if unit.person.is_system else unit.person.id
    if given.verb != "do":
        submitter_id = instance.submitter_id
    moved = advance_instance(unit, instance, given.target, submitter_id=submitter_id)
    revision = row.get("revision")
    values = {**given.values, instance.definition.state_field: given.target}
    records.apply(unit, [Update(form=row.form, id=row.id, values=values)], by_rule=True)
    entered(unit, moved, row)
    write_event(
        unit,
        moved,
        given.verb,
        transition=given.transition,
        source=instance.state,
        comment=given.comment,
        data={**given.data, "revision": revision},
    )
    return moved


def _publish(unit: Unit, moved: Instance, row: RecordRow, given: Move) -> None:
    current = rows_of(unit).row(row.form, row.id) or row
    happenings = []
    if given.transition is not None:
        happenings.append(_happening(moved, current, EventKind.DID, given.transition))
    happenings.append(_happening(moved, current, EventKind.ENTERED, moved.state))
    unit.runtime.hooks.events.happened(unit, happenings)


def _happening(instance: Instance, row: RecordRow, kind: EventKind, subject: str) -> Happening:
    return Happening(
        kind=kind,
        form=instance.form,
        record_id=instance.record_id,
        row=row,
        workflow=instance.workflow,
        subject=subject,
    )
