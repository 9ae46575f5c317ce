"""The page behind a link in a mail: it shows the record to its one approver, who decides by sending the form.

Opening it decides nothing and begins no session. Every link that does not hold is answered alike, whatever the reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from starlette.responses import Response

from orderkit.engine import answering, records, workflow
from orderkit.engine.answering import VERBS, Answerable, SignInFirst
from orderkit.engine.runtime import Channel, Unit
from orderkit.engine.workflow import TaskItem, Verb
from orderkit.model.errors import Conflict, Denied, NotFound, OrderkitError, Refused, Stale
from orderkit.model.labels import text_of
from orderkit.web.display.fields import field_views
from orderkit.web.display.moments import shown_ago, shown_at
from orderkit.web.errors import explanation_of, fault_of
from orderkit.web.frame.shell import OtherLocale, other_locale
from orderkit.web.recording.approvals import text_of_verb
from orderkit.web.recording.sections import ReadSection, read_sections
from orderkit.web.request.cookies import LOCALE
from orderkit.web.request.visit import PERSON_HEADER, Visit, sign_in_address

TEMPLATE = "pages/decide_link.html"
END_TEMPLATE = "pages/decide_link_end.html"
INBOX = "/inbox"
LONGEST_COMMENT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkVerb:
    """One way to decide; `is_asked` is the one that the person chose in the mail."""

    verb: str
    label: str
    is_asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideLinkPage:
    """A record as its approver may see it, what each decision leads to, and the form that decides."""

    mark: str
    address: str
    title: str
    form: str
    person: str
    asked: str
    due: str
    sections: tuple[ReadSection, ...]
    leads: tuple[str, ...]
    verbs: tuple[LinkVerb, ...]
    comment: str
    comment_for: str
    needs_more: bool
    sign_in_url: str
    problem: str
    other_locales: tuple[OtherLocale, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideLinkEnd:
    """What became of a link: decided, no longer valid, or to be looked at again."""

    mark: str
    address: str
    heading: str
    note: str
    is_good: bool
    sign_in_url: str
    other_locales: tuple[OtherLocale, ...]


def show_decision(visit: Visit) -> Response:
    """Show what a link is for. Nothing is decided, so that whatever follows links in mails does no harm."""
    try:
        link = _read(visit)
        if link.is_changed:
            return _changed(visit, link)
        return _form(visit, link, problem="", status=200)
    except SignInFirst as error:
        return _private(visit.go(sign_in_address(_record(error.link))))
    except NotFound:
        return _lapsed(visit)


def decide(visit: Visit) -> Response:
    """Decide the task of a link, once."""
    try:
        link = _read(visit)
    except SignInFirst as error:
        return _private(visit.go(sign_in_address(_record(error.link))))
    except NotFound:
        return _lapsed(visit)
    try:
        verb = Verb(visit.field("verb")) if visit.field("verb") in {each.value for each in VERBS} else None
        if verb is None:
            return _form(visit, link, problem="", status=200)
        with visit.runtime.read(link.person, Channel.LINK) as unit:
            title = workflow.task(unit, link.task_id).title
        decided = answering.answer(
            visit.runtime,
            visit.name("token"),
            verb,
            visit.field("comment")[:LONGEST_COMMENT] or None,
            address=visit.passage.client,
            request_id=visit.passage.request_id,
        )
    except SignInFirst as error:
        return _private(visit.go(sign_in_address(_record(error.link))))
    except Stale:
        return _changed(visit, link)
    except (NotFound, Conflict):
        return _lapsed(visit)
    except (Refused, Denied) as error:
        return _form(visit, link, problem=_said(visit, error), status=fault_of(error).status)
    note = "decide.others_note" if decided.awaits_others else "decide.done_note"
    return _end(
        visit,
        heading=visit.t(f"tasks.done_{verb.value}"),
        note=visit.t(note, title=title),
        next_address=_record(link),
        is_good=True,
    )


def _read(visit: Visit) -> Answerable:
    """Return what the link is for, and speak its person's language, unless this browser was told another."""
    link = answering.read_link(visit.runtime, visit.name("token"), address=visit.passage.client)
    own = link.person.locale
    if own is not None and own in visit.runtime.project.locales and LOCALE not in visit.request.cookies:
        visit.passage.locale = own
    if link.needs_sign_in:
        raise SignInFirst(link)
    return link


def _form(visit: Visit, link: Answerable, *, problem: str, status: int) -> Response:
    with visit.runtime.read(replace(link.person, locale=visit.locale), Channel.LINK) as unit:
        task = workflow.task(unit, link.task_id)
        page = _page(visit, unit, link, task, problem)
    return _private(visit.show_alone(TEMPLATE, page, status=status))


def _page(visit: Visit, unit: Unit, link: Answerable, task: TaskItem, problem: str) -> DecideLinkPage:
    needs_more = task.needs_signature or (task.choices is not None and bool(task.choices.approvers))
    verbs = tuple(_verbs(task, needs_more=needs_more))
    demanding = "、" if visit.locale.startswith("zh") else ", "
    return DecideLinkPage(
        mark=_mark(visit),
        address=f"/decide/{visit.name('token')}",
        title=task.title,
        form=text_of(task.form_label, visit.locale),
        person=link.person.name,
        asked=visit.t(
            "decide.asked",
            name=task.requested_by.name,
            time=shown_ago(task.since, unit.now, unit.zone, visit.locale, visit.t),
            step=text_of(task.step_label, visit.locale),
        ),
        due=""
        if task.due_at is None
        else visit.t(
            "tasks.overdue" if task.due_at < unit.now else "tasks.due",
            time=shown_at(task.due_at, unit.zone, visit.locale),
        ),
        sections=_sections(unit, task),
        leads=tuple(_leads(visit, unit, task, verbs)),
        verbs=tuple(
            LinkVerb(
                verb=each.value,
                label=text_of_verb(each, visit),
                is_asked=each.value == visit.query.get("verb", visit.field("verb") or Verb.APPROVE.value),
            )
            for each in verbs
        ),
        comment=visit.field("comment")[:LONGEST_COMMENT],
        comment_for=demanding.join(text_of_verb(each, visit) for each in verbs if each in task.comment_on),
        needs_more=needs_more,
        sign_in_url=sign_in_address(_record(link)),
        problem=problem,
        other_locales=_other_locales(visit),
    )


def _verbs(task: TaskItem, *, needs_more: bool) -> Iterator[Verb]:
    """Yield the ways to decide that need no more than a comment."""
    may_return = task.choices is not None and bool(task.choices.returns_to)
    for each in task.verbs:
        is_barred = (each is Verb.APPROVE and needs_more) or (each is Verb.RETURN and not may_return)
        if each in VERBS and not is_barred:
            yield each


def _sections(unit: Unit, task: TaskItem) -> tuple[ReadSection, ...]:
    """Return the record as this person may see it; nothing where they decide without seeing it."""
    form = unit.project.form_by_id[task.form]
    try:
        record = records.get(unit, task.form, task.record_id)
    except (NotFound, Denied):
        return ()
    found = read_sections(unit.project, form, record, field_views(unit))
    # One column: it is read on a phone, and beside the drawing there is no more room either.
    return tuple(replace(each, columns=1) for each in found)


def _leads(visit: Visit, unit: Unit, task: TaskItem, verbs: tuple[Verb, ...]) -> Iterator[str]:
    states = unit.project.workflow_by_id[task.workflow].state_by_id
    for each in verbs:
        if each is Verb.RETURN:
            # As a decision without more words returns it: to the submitter, or else to the last step.
            choices = () if task.choices is None else task.choices.returns_to
            to = next((one for one in choices if one.id == "submitter"), choices[-1])
            yield visit.t("decide.leads_return", state=text_of(to.label, visit.locale))
        elif each in task.leads_to:
            target = task.leads_to[each]
            label = text_of(states[target].label, visit.locale) if target in states else target
            yield visit.t(f"decide.leads_{each.value}", state=label)


def _lapsed(visit: Visit) -> Response:
    return _end(
        visit,
        heading=visit.t("decide.lapsed"),
        note=visit.t("decide.lapsed_note"),
        next_address=INBOX,
        status=404,
    )


def _changed(visit: Visit, link: Answerable) -> Response:
    return _end(
        visit,
        heading=visit.t("decide.changed"),
        note=visit.t("decide.changed_note"),
        next_address=_record(link),
        status=409,
    )


def _end(
    visit: Visit, *, heading: str, note: str, next_address: str, is_good: bool = False, status: int = 200
) -> Response:
    page = DecideLinkEnd(
        mark=_mark(visit),
        # Switching the language must not send the token of a link that is over.
        address=INBOX,
        heading=heading,
        note=note,
        is_good=is_good,
        sign_in_url=sign_in_address(next_address),
        other_locales=_other_locales(visit),
    )
    return _private(visit.show_alone(END_TEMPLATE, page, status=status))


def _private(response: Response) -> Response:
    """Keep the address from whatever is opened next, and the page from whoever is signed in at this browser."""
    response.headers["referrer-policy"] = "no-referrer"
    if PERSON_HEADER in response.headers:
        del response.headers[PERSON_HEADER]
    return response


def _said(visit: Visit, error: OrderkitError) -> str:
    problems = error.problems if isinstance(error, Refused) else ()
    return " ".join(visit.text(each.message) for each in problems) or visit.text(explanation_of(error))


def _record(link: Answerable) -> str:
    return f"/forms/{link.form}/{link.record_id}"


def _mark(visit: Visit) -> str:
    return visit.text(visit.runtime.project.label)[:1].upper()


def _other_locales(visit: Visit) -> tuple[OtherLocale, ...]:
    return tuple(other_locale(each) for each in visit.runtime.project.locales if each != visit.locale)
