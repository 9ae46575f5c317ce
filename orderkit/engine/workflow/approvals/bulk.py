"""Deciding several tasks at once: one transaction each, and a result for each, also for those that are left out.

What needs somebody to look closer is left out and says so: a signature, a choice of approvers, an answer, an
added signer who waits, a comment that the rules want.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orderkit.engine.runtime import Channel, Person, Runtime, Unit
from orderkit.engine.workflow.approvals.deciding import decide_task
from orderkit.engine.workflow.approvals.leave import not_allowed, refused
from orderkit.engine.workflow.approvals.tasks import task
from orderkit.engine.workflow.views import Decided, TaskItem, TaskState, Verb
from orderkit.model.errors import Conflict, Denied, NotFound, Refused, Stale
from orderkit.model.labels import Label, label

MOST_AT_ONCE = 500
_WORDS: dict[type[Exception], Label] = {
    NotFound: label(zh="没有这个待办", en="there is no such task"),
    Stale: label(zh="内容已变更，请重看", en="the content has changed; look at it again"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One task to decide, and what its person saw of it (`TaskItem.seen`)."""

    task_id: int
    seen: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one task: `decided`, or why it was left out, which `why` says."""

    task_id: int
    decided: Decided | None = None
    why: Label | None = None


def decide_each(  # noqa: PLR0917 - who decides what, and how
    runtime: Runtime,
    person: Person,
    channel: Channel,
    wanted: Sequence[Wanted],
    verb: Verb,
    comment: str | None = None,
) -> tuple[Result, ...]:
    """Approve or reject several tasks and return a result for each, in their order.

    Raises: Refused when there are too many, or the verb is none for several at once.
    """
    if verb not in {Verb.APPROVE, Verb.REJECT}:
        raise not_allowed("批量只能批准或驳回", "several tasks can only be approved or rejected at once")
    if not wanted:
        raise refused("required", label(zh="请选择待办", en="choose tasks"), "tasks")
    if len(wanted) > MOST_AT_ONCE:
        message = label(
            zh=f"一次最多处理 {MOST_AT_ONCE} 条", en=f"at most {MOST_AT_ONCE} tasks can be decided at once"
        )
        raise refused("too_many", message)
    return tuple(
        _decide(runtime, person, channel, each, verb, comment, beside=len(wanted)) for each in wanted
    )


def _decide(  # noqa: PLR0917 - see above
    runtime: Runtime,
    person: Person,
    channel: Channel,
    wanted: Wanted,
    verb: Verb,
    comment: str | None,
    *,
    beside: int,
) -> Result:
    try:
        with runtime.write(person, channel) as unit:
            _require_simple(unit, wanted.task_id, verb, beside)
            decided = decide_task(unit, wanted.task_id, verb, comment, seen=wanted.seen)
    except Refused as error:
        return Result(
            task_id=wanted.task_id, why=error.problems[0].message if error.problems else error.explain
        )
    except (NotFound, Denied, Stale, Conflict) as error:
        return Result(task_id=wanted.task_id, why=_WORDS.get(type(error), error.explain))
    return Result(task_id=wanted.task_id, decided=decided)


def _require_simple(unit: Unit, task_id: int, verb: Verb, beside: int) -> None:
    found = task(unit, task_id)
    if found.state is not TaskState.OPEN or not found.verbs:
        return
    why = _why_alone(found, verb)
    if why is not None:
        raise refused("alone", why)
    if found.bulk < beside:
        message = (
            label(
                zh=f"此审批一次最多批量处理 {found.bulk} 条",
                en=f"of this approval at most {found.bulk} tasks can be decided at once",
            )
            if found.bulk
            else label(zh="此审批须逐条处理", en="tasks of this approval are decided one by one")
        )
        raise refused("bulk", message)


def _why_alone(found: TaskItem, verb: Verb) -> Label | None:
    """Return why a task must be looked at by itself."""
    if found.is_help:
        return label(zh="需要您逐条答复", en="this one wants an answer of yours")
    if verb is Verb.APPROVE and found.needs_signature:
        return label(zh="需要手写签名，请单独处理", en="this one wants a signature; decide it by itself")
    if verb is Verb.APPROVE and found.choices is not None and found.choices.approvers:
        return label(
            zh="需要选择下一步审批人，请单独处理",
            en="this one wants you to choose who comes next; decide it by itself",
        )
    return None
