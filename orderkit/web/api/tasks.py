"""The inbox over HTTP: approval tasks of the caller, and deciding them."""

from collections.abc import Sequence
from typing import Any

from orderkit.engine import workflow
from orderkit.engine.runtime import Channel, Runtime, Unit
from orderkit.engine.workflow import (
    Decided,
    Particulars,
    StepName,
    TaskChoices,
    TaskItem,
    UserName,
    Verb,
    Wanted,
    Words,
)
from orderkit.model.errors import NotFound
from orderkit.model.labels import label, text_of
from orderkit.web.api.bodies import approvers_in, ids_or_none, json_object, text_or_none
from orderkit.web.api.calls import Answer, Call, json_answer
from orderkit.web.api.idempotency import once
from orderkit.web.api.problems import BadRequest
from orderkit.web.api.queries import DEFAULT_LIMIT, read_limit
from orderkit.web.api.records import record_id

STATES = ("open", "decided")
_KNOWN = ("comment", "seen", "to", "resume", "approvers", "signature", "people", "place", "mode", "files")


def list_tasks(runtime: Runtime, call: Call) -> Answer:
    """Return one page of this person's tasks, newest first."""
    given = dict(call.parameters)
    for name in given:
        if name not in {"state", "limit", "cursor"}:
            raise BadRequest("bad_query", label(zh=f"没有参数 {name}", en=f"there is no parameter `{name}`"))
    state = given.get("state", "open")
    if state not in STATES:
        raise BadRequest(
            "bad_query", label(zh="state 须是 open 或 decided", en="`state` must be open or decided")
        )
    limit = read_limit(given["limit"]) if "limit" in given else DEFAULT_LIMIT
    before = given.get("cursor")
    if before is not None and not (before.isdecimal() and before.isascii() and len(before) < 19):
        raise BadRequest(
            "bad_cursor",
            label(zh="cursor 须取自上一页的 next_cursor", en="`cursor` must be a page's next_cursor"),
        )
    with call.reading(runtime) as unit:
        found = workflow.tasks(unit, state, limit=limit + 1, before=None if before is None else int(before))
    shown = found[:limit]
    following = str(shown[-1].id) if len(found) > limit else None
    document = {"items": [_task(item, call.locale) for item in shown], "next_cursor": following}
    link = f'<{call.path}?state={state}&limit={limit}&cursor={following}>; rel="next"'
    return json_answer(document, headers={"Link": link} if following else {})


def read_task(runtime: Runtime, call: Call) -> Answer:
    """Return one task."""
    with call.reading(runtime) as unit:
        item = workflow.task(unit, record_id(call))
    return json_answer(_task(item, call.locale))


def decide_task(runtime: Runtime, call: Call) -> Answer:
    """Do something to a task, such as `approve` or `transfer`; answers with what it led to."""
    verb = _verb(call)
    document = json_object(call, known=_KNOWN)
    signature = document.get("signature")
    if signature is not None and type(signature) is not int:
        raise BadRequest(
            "bad_body", label(zh="signature 须是文件的 id", en="`signature` must be the id of a file")
        )
    words = Words(
        comment=text_or_none(document, "comment"),
        seen=text_or_none(document, "seen"),
        more=Particulars(
            to=text_or_none(document, "to"),
            resume=text_or_none(document, "resume"),
            approvers=approvers_in(document),
            signature=signature,
            files=ids_or_none(document, "files"),
        ),
        people=ids_or_none(document, "people"),
        place=text_or_none(document, "place") or "",
        mode=text_or_none(document, "mode") or "all",
    )

    def work(unit: Unit) -> Answer:
        return json_answer(_decided(workflow.act_on_task(unit, record_id(call), verb, words)))

    return once(runtime, call, work)


def decide_several(runtime: Runtime, call: Call) -> Answer:
    """Approve or reject several tasks, each in a transaction of its own; answers with a result for each."""
    verb = _verb(call)
    document = json_object(call, known=("comment", "tasks"))
    wanted = [Wanted(task_id=each) for each in ids_or_none(document, "tasks")]
    comment = text_or_none(document, "comment")
    results = workflow.decide_each(runtime, call.person, Channel.API, wanted, verb, comment)
    items = [
        {
            "task": each.task_id,
            "done": each.decided is not None,
            "state": None if each.decided is None else each.decided.state,
            "why": None if each.why is None else text_of(each.why, call.locale),
        }
        for each in results
    ]
    return json_answer({"items": items})


def _verb(call: Call) -> Verb:
    name = call.names["verb"]
    if name not in list(Verb):
        verbs = ", ".join(Verb)
        raise NotFound(
            label(zh=f"不能对任务做 {name}，只能：{verbs}", en=f"a task knows no `{name}`, only {verbs}")
        )
    return Verb(name)


def _decided(decided: Decided) -> dict[str, Any]:
    return {
        "task": decided.task_id,
        "verb": decided.verb.value,
        "form": decided.form,
        "record": decided.record_id,
        "state": decided.state,
        "is_repeated": decided.is_repeated,
    }


def _task(item: TaskItem, locale: str) -> dict[str, Any]:
    return {
        "id": item.id,
        "workflow": item.workflow,
        "form": item.form,
        "record": item.record_id,
        "title": item.title,
        "form_label": text_of(item.form_label, locale),
        "step": item.step,
        "step_label": text_of(item.step_label, locale),
        "assignee": _person(item.assignee),
        "requested_by": _person(item.requested_by),
        "since": item.since.isoformat(),
        "due_at": None if item.due_at is None else item.due_at.isoformat(),
        "state": item.state.value,
        "reason": item.reason,
        "comment": item.comment,
        "decided_by": None if item.decided_by is None else _person(item.decided_by),
        "decided_at": None if item.decided_at is None else item.decided_at.isoformat(),
        "verbs": [verb.value for verb in item.verbs],
        "comment_on": [verb.value for verb in item.comment_on],
        "seen": item.seen,
        "also": [verb.value for verb in item.also],
        "substitutes": item.substitutes,
        "is_help": item.is_help,
        "asked_by": None if item.asked_by is None else _person(item.asked_by),
        "needs_signature": item.needs_signature,
        "choices": None if item.choices is None else _choices(item.choices, locale),
    }


def _choices(choices: TaskChoices, locale: str) -> dict[str, Any]:
    def named(steps: Sequence[StepName]) -> list[dict[str, str]]:
        return [{"id": each.id, "label": text_of(each.label, locale)} for each in steps]

    return {
        "returns_to": named(choices.returns_to),
        "resumes": choices.resumes,
        "places": list(choices.places),
        "approvers": named(choices.approvers),
    }


def _person(person: UserName) -> dict[str, Any]:
    return {"id": person.id, "name": person.name}
