"""Doing something to a task: the dialog that asks for what is needed, and the deed itself."""

from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.responses import Response

from orderkit.engine import workflow
from orderkit.engine.runtime import Channel, Unit
from orderkit.engine.workflow import Particulars, TaskChoices, TaskItem, Verb, Words
from orderkit.model.errors import NotFound
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldView
from orderkit.web.pages.inbox import facts_of
from orderkit.web.recording.actions import decision_address
from orderkit.web.recording.approvals import text_of_verb
from orderkit.web.recording.questions import (
    STAYS,
    Option,
    Question,
    chosen_in,
    ids_in,
    people_options,
    people_question,
    resume_question,
)
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/decide.html"
MODES = ("all", "any", "sequence")
CHUNK_BYTES = 64 * 1024
_TO_ONE = {Verb.TRANSFER, Verb.DELEGATE}
_TO_MANY = {Verb.ADD_SIGNER, Verb.COPY}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePage:
    """The dialog before something is done to a task, after which its reader `stays` or not."""

    title: str
    verb: str
    label: str
    action: str
    seen: str
    needs_comment: bool
    needs_signature: bool
    questions: tuple[Question, ...]
    facts: tuple[FieldView, ...]
    note: str
    stays: bool


def ask_decision(visit: Visit) -> Response:
    """Show the dialog for something that may be done to a task now."""
    verb = _verb(visit)
    with visit.reading() as unit:
        task = workflow.task(unit, visit.number("id"))
        offered = (*task.verbs, *task.also, *((Verb.REMOVE_SIGNER,) if task.may_remove else ()))
        if verb not in offered:
            raise NotFound
        page = DecidePage(
            title=task.title,
            verb=verb.value,
            label=text_of_verb(verb, visit),
            action=decision_address(task.id, verb),
            seen=task.seen,
            needs_comment=verb in task.comment_on or verb is Verb.ANSWER,
            needs_signature=verb is Verb.APPROVE and task.needs_signature,
            questions=_questions(visit, unit, task, verb),
            facts=facts_of(unit, task),
            note=task.assignee.name if verb is Verb.REMOVE_SIGNER else "",
            stays=STAYS in visit.query,
        )
    return visit.part(TEMPLATE, page)


def decide(visit: Visit) -> Response:
    """Do it."""
    verb = _verb(visit)
    words = Words(
        comment=visit.field("comment") or None,
        seen=visit.field("seen") or None,
        more=Particulars(
            to=visit.field("to") or None,
            resume=visit.field("resume") or None,
            approvers=chosen_in(visit),
            signature=_signature(visit) if verb is Verb.APPROVE else None,
        ),
        people=ids_in(visit.form.getlist("people")),
        place=visit.field("place"),
        mode=visit.field("mode") or MODES[0],
    )
    with visit.writing() as unit:
        decided = workflow.act_on_task(unit, visit.number("id"), verb, words)
    notice = visit.t(f"tasks.done_{verb.value}")
    if decided.awaits_others and verb in {Verb.APPROVE, Verb.REJECT}:
        notice = visit.t("tasks.awaits_others", done=notice)
    if visit.field(STAYS):
        return visit.done(notice)
    came_from = visit.request.headers.get("hx-current-url", "")
    is_inbox = came_from.split("?")[0].endswith(("/inbox", f"{visit.request.url.netloc}/"))
    back = (
        ("/" if came_from.endswith("/") else "/inbox")
        if is_inbox
        else f"/forms/{decided.form}/{decided.record_id}"
    )
    return visit.go(back, notice)


def _questions(visit: Visit, unit: Unit, task: TaskItem, verb: Verb) -> tuple[Question, ...]:
    choices = task.choices or TaskChoices()
    if verb in _TO_ONE | _TO_MANY:
        people = people_options(workflow.people_to_choose(unit, task.id, verb))
        is_many = verb in _TO_MANY
        label = visit.t("tasks.to_many" if is_many else "tasks.to_one")
        asked = Question(name="people", label=label, options=people, is_many=is_many)
        return (asked, *_ways_to_sign(visit, choices)) if verb is Verb.ADD_SIGNER else (asked,)
    if verb is Verb.RETURN:
        targets = tuple(
            Option(value=each.id, label=text_of(each.label, visit.locale), is_chosen=number == 0)
            for number, each in enumerate(choices.returns_to)
        )
        asked = Question(name="to", label=visit.t("tasks.return_to"), options=targets)
        has_steps = any(each.id != "submitter" for each in choices.returns_to)
        return (asked, resume_question(visit)) if choices.resumes and has_steps else (asked,)
    if verb is Verb.APPROVE and choices.approvers:
        everybody = workflow.colleagues(unit)
        return tuple(people_question(visit, each, everybody) for each in choices.approvers)
    return ()


def _ways_to_sign(visit: Visit, choices: TaskChoices) -> tuple[Question, ...]:
    places = tuple(
        Option(value=each, label=visit.t(f"tasks.place_{each}"), is_chosen=number == 0)
        for number, each in enumerate(choices.places)
    )
    modes = tuple(
        Option(value=each, label=visit.t(f"tasks.mode_{each}"), is_chosen=each == MODES[0]) for each in MODES
    )
    return (
        Question(name="place", label=visit.t("tasks.place"), options=places),
        Question(name="mode", label=visit.t("tasks.mode"), options=modes),
    )


def _signature(visit: Visit) -> int | None:
    sent = visit.form.get("signature")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return None
    chunks = iter(lambda: sent.file.read(CHUNK_BYTES), b"")
    return workflow.upload_signature(visit.runtime, visit.person, Channel.PAGE, chunks)


def _verb(visit: Visit) -> Verb:
    try:
        return Verb(visit.name("verb"))
    except ValueError as error:
        raise NotFound from error
