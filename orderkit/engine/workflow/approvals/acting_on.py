"""Whatever a person does to a task, by the name of the verb: the one door for pages and for the API."""

from dataclasses import dataclass
from typing import assert_never

from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.copying import send_copy
from orderkit.engine.workflow.approvals.deciding import NOTHING_MORE, Particulars, decide_task
from orderkit.engine.workflow.approvals.leave import TO, refused
from orderkit.engine.workflow.approvals.passing_on import delegate, transfer
from orderkit.engine.workflow.approvals.signers import MODES, add_signers, remove_signer
from orderkit.engine.workflow.views import Decided, Verb
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What was said with a verb. `people` are whom it names, `place` and `mode` belong to added signers."""

    comment: str | None = None
    seen: str | None = None
    more: Particulars = NOTHING_MORE
    people: tuple[int, ...] = ()
    place: str = ""
    mode: str = Mode.ALL.value


def act_on_task(unit: Unit, task_id: int, verb: Verb, words: Words) -> Decided:
    """Do something to a task. Raises what the verb raises: NotFound, Denied, Refused, Stale, Conflict."""
    match verb:
        case Verb.APPROVE | Verb.REJECT | Verb.RETURN | Verb.ANSWER:
            return decide_task(unit, task_id, verb, words.comment, words.more, seen=words.seen)
        case Verb.TRANSFER:
            return transfer(unit, task_id, _one(words), words.comment)
        case Verb.DELEGATE:
            return delegate(unit, task_id, _one(words), words.comment)
        case Verb.ADD_SIGNER:
            if words.mode not in MODES:
                raise refused(
                    "mode",
                    label(zh="加签只能会签、或签或依次", en="signers decide as all, any or in sequence"),
                    "mode",
                )
            return add_signers(unit, task_id, words.people, words.place, Mode(words.mode), words.comment)
        case Verb.REMOVE_SIGNER:
            return remove_signer(unit, task_id, words.comment)
        case Verb.COPY:
            return send_copy(unit, task_id, words.people, words.comment)
        case _:
            assert_never(verb)


def _one(words: Words) -> int:
    if len(words.people) != 1:
        raise refused("required", label(zh="请选择一个人", en="choose one person"), TO)
    return words.people[0]
