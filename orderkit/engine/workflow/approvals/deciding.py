"""Deciding a task: one person, once, on what they saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, update

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.following import note_changed
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import TIMEOUT, EndingName, approval_of
from orderkit.engine.workflow.approvals.choosing import (
    PREVIOUS,
    chosen_for,
    keep_choice,
    missing_choices,
    problems_of_choice,
    steps_to_choose_for,
)
from orderkit.engine.workflow.approvals.digests import protected_digest
from orderkit.engine.workflow.approvals.holding import Held, hold
from orderkit.engine.workflow.approvals.leave import not_allowed, refused
from orderkit.engine.workflow.approvals.resuming import ASK, DIRECT, RESTART, RESUME
from orderkit.engine.workflow.approvals.returning import (
    SUBMITTER,
    return_choices,
    return_to_step,
    return_to_submitter,
)
from orderkit.engine.workflow.approvals.saying import say
from orderkit.engine.workflow.approvals.signers import begin_after
from orderkit.engine.workflow.approvals.signing import kept_signature
from orderkit.engine.workflow.approvals.step_rows import HELP, TaskRow, step_row
from orderkit.engine.workflow.approvals.tasks import comment_needed
from orderkit.engine.workflow.clocks.tasks import follow_tasks
from orderkit.engine.workflow.events import write_event
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.transitions.moving import end_approval
from orderkit.engine.workflow.views import Decided, TaskState, Verb
from orderkit.model.errors import Refused, Stale
from orderkit.model.labels import label

_DECISIONS = {
    Verb.APPROVE: TaskState.APPROVED,
    Verb.REJECT: TaskState.REJECTED,
    Verb.RETURN: TaskState.RETURNED,
    Verb.ANSWER: TaskState.ANSWERED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What a decision says besides yes or no.

    `to` is to whom it returns (`submitter` or a step), `resume` how it goes on after a return to a step,
    `approvers` whom it chooses for the steps that leave that to whoever decides before them, `signature` an
    uploaded file, `files` uploads that go with the comment.
    """

    to: str | None = None
    resume: str | None = None
    approvers: Mapping[str, Sequence[int]] = field(default_factory=dict)
    signature: int | None = None
    files: Sequence[int] = ()


NOTHING_MORE = Particulars()


def decide_task(
    unit: Unit,
    task_id: int,
    verb: Verb,
    comment: str | None = None,
    more: Particulars = NOTHING_MORE,
    *,
    seen: str | None = None,
) -> Decided:
    """Decide a task as its assignee or their substitute.

    `seen` is `TaskItem.seen` of what the person looked at; without it, the values when the task was
    made count as seen.
    Raises: NotFound (also for who may not see the record), Denied (not yours), Refused (comment missing and the like),
    Stale (protected values changed), Conflict (another decided; names who and when).
    """
    held = hold(unit, task_id, verb)
    if isinstance(held, Decided):
        return held
    comment = (comment or "").strip() or None
    _check(held, verb, comment, seen)
    if verb is Verb.ANSWER:
        return _answer(held, comment)
    ended = _decide(held, verb, comment, more)
    # A decision that others must still join changes no field, so that no write tells of it.
    note_changed(unit, held.instance.form, [held.instance.record_id])
    if ended is None:
        follow_tasks(unit, held.instance, held.row)
        return held.done(verb)
    moved = end_approval(unit, held.instance, held.row, ended)
    return Decided(
        task_id=task_id,
        verb=verb,
        form=moved.form,
        record_id=moved.record_id,
        state=moved.state,
    )


def decide_by_clock(
    unit: Unit, instance: Instance, row: RecordRow, task: TaskRow, verb: Verb
) -> EndingName | None:
    """Decide an open task as the system, on behalf of whoever let its time run out; return how the approval ended.

    An approval so is a task that was skipped: nobody has seen anything. Help that was asked for decides nothing; it
    goes back to its owner.
    """
    approval = approval_of(instance)
    assert approval is not None, "an open task belongs to a state with an approval"
    held = Held(
        unit=unit,
        row=row,
        instance=instance,
        approval=approval,
        task=task,
        step_row=step_row(unit, task.step_id),
    )
    if held.is_help:
        _give_back(held)
        return None
    return _decide(held, verb, None, NOTHING_MORE, reason=TIMEOUT)


def _check(held: Held, verb: Verb, comment: str | None, seen: str | None) -> None:
    if held.is_help != (verb is Verb.ANSWER) or verb not in _DECISIONS:
        raise (
            not_allowed("这个待办只请您答复", "this task asks you for an answer only")
            if held.is_help
            else (
                not_allowed(
                    "这个待办要您审批，不是答复", "this task asks you for a decision, not for an answer"
                )
            )
        )
    if comment is None and (verb is Verb.ANSWER or verb in comment_needed(held.instance.definition)):
        raise refused("required", label(zh="请填写意见", en="a comment is required"), "comment")
    if verb is Verb.ANSWER:
        return
    made_for = held.task.protected_digest if seen is None else seen
    if protected_digest(held.approval, held.row) != made_for:
        raise Stale(label(zh="内容已变更，请重看", en="the content has changed; look at it again"))


def _decide(
    held: Held, verb: Verb, comment: str | None, more: Particulars, *, reason: str | None = None
) -> EndingName | None:
    """Write a decision and go on; with a `reason` it is the system that decides, for whoever has not."""
    unit = held.unit
    target = _target(held, more) if verb is Verb.RETURN else None
    is_approval = verb is Verb.APPROVE
    if is_approval and reason is None:
        _choose(held, more)
    signature = kept_signature(held, more.signature) if is_approval and reason is None else None
    waits = is_approval and _has_signers_after(held)
    state = TaskState.SKIPPED if is_approval and reason is not None else _DECISIONS[verb]
    unit.connection.execute(
        update(tasks)
        .where(tasks.c.id == held.task.id)
        .values(
            state=TaskState.PAUSED if waits else state,
            reason="after" if waits else reason,
            comment=comment,
            protected_digest=protected_digest(held.approval, held.row),
            decided_at=unit.now,
            decided_by=unit.person.id,
            signature_id=signature,
        )
    )
    data = {} if target is None else {"returned_to": target}
    if reason is not None:
        data["reason"] = reason
    write_event(
        unit,
        held.instance,
        verb,
        on_behalf_of_id=held.on_behalf_of_id,
        step=held.step.id,
        comment=comment,
        data=data,
    )
    say(held, comment, more.files)
    review = held.review
    if waits:
        begin_after(held)
        return None
    if target == SUBMITTER:
        return return_to_submitter(review, held.step_row, held.may)
    if target is not None:
        return return_to_step(review, held.step_row, target, direct=_is_direct(held, more))
    return review.conclude(held.step_row)


def _answer(held: Held, comment: str | None) -> Decided:
    """Give a task back to whoever asked for help with it."""
    unit = held.unit
    unit.connection.execute(
        update(tasks)
        .where(tasks.c.id == held.task.id)
        .values(state=TaskState.ANSWERED, comment=comment, decided_at=unit.now, decided_by=unit.person.id)
    )
    _reopen_host(held)
    say(held, comment, ())
    write_event(
        unit,
        held.instance,
        Verb.ANSWER,
        on_behalf_of_id=held.on_behalf_of_id,
        step=held.step.id,
        comment=comment,
        data={"to": [held.task.added_by]},
    )
    note_changed(unit, held.instance.form, [held.instance.record_id])
    follow_tasks(unit, held.instance, held.row)
    return held.done(Verb.ANSWER)


def _give_back(held: Held) -> None:
    """Let help that did not come in time go back to its owner, whose own time now runs on."""
    unit = held.unit
    unit.connection.execute(
        update(tasks)
        .where(tasks.c.id == held.task.id)
        .values(state=TaskState.CANCELLED, reason=TIMEOUT, decided_at=unit.now, decided_by=unit.person.id)
    )
    _reopen_host(held)
    write_event(
        unit,
        held.instance,
        "unanswered",
        on_behalf_of_id=held.on_behalf_of_id,
        step=held.step.id,
        data={"reason": TIMEOUT},
    )


def _reopen_host(held: Held) -> None:
    """Open the task for which help was asked, once nobody is left who was asked."""
    others = select(tasks.c.id).where(
        tasks.c.host_id == held.task.host_id, tasks.c.kind == HELP, tasks.c.state == TaskState.OPEN
    )
    if held.unit.connection.execute(others).first() is None:
        held.unit.connection.execute(
            update(tasks)
            .where(tasks.c.id == held.task.host_id, tasks.c.state == TaskState.PAUSED)
            .values(state=TaskState.OPEN, reason=None)
        )


def _target(held: Held, more: Particulars) -> str:
    """Return to whom a task is returned: the only one, or whom the person named."""
    found = return_choices(held.unit, held.instance, held.approval, held.may, held.step_row)
    names = [each.to for each in found]
    if not names:
        raise not_allowed("此审批不能退回", "this approval cannot be returned")
    if more.to is None:
        return SUBMITTER if SUBMITTER in names else names[-1]
    if more.to not in names:
        raise refused("return", label(zh="不能退回到那里", en="it cannot be returned there"), "to")
    return more.to


def _is_direct(held: Held, more: Particulars) -> bool:
    allowed = {ASK: {DIRECT, RESTART}}.get(held.may.resume, {held.may.resume})
    if more.resume is not None and more.resume not in allowed:
        raise refused(
            "resume", label(zh="退回后不能这样继续", en="it cannot go on like that after a return"), RESUME
        )
    return (more.resume or (RESTART if held.may.resume == ASK else held.may.resume)) == DIRECT


def _choose(held: Held, more: Particulars) -> None:
    """Keep whom this person chose for later steps; the next step must not begin without anybody."""
    steps_left = steps_to_choose_for(held.approval, PREVIOUS)
    problems = problems_of_choice(held.unit, steps_left, more.approvers)
    if problems:
        raise Refused(problems)
    keep_choice(held.unit, held.instance, more.approvers)
    following = held.review.following(held.step_row, held.task.id)
    missing = missing_choices(
        [
            each
            for each in following
            if each in steps_left and not chosen_for(held.unit, held.instance, each.id)
        ]
    )
    if missing:
        raise Refused(missing)


def _has_signers_after(held: Held) -> bool:
    found = select(steps.c.id).where(steps.c.host_id == held.task.id, steps.c.state == "waiting")
    return held.unit.connection.execute(found).first() is not None
