"""Pressing a button of a record's life: what it asks for, in a dialog, and the press itself."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import records, workflow
from orderkit.engine.records import FieldState
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import Button
from orderkit.engine.zones import options_seen
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import NotFound, Problem, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Form
from orderkit.model.labels import label, text_of
from orderkit.web.display.fields import FieldValue, FieldView, field_views
from orderkit.web.editing.decoding import Decoded
from orderkit.web.editing.sections import problems_by_name
from orderkit.web.pages.record_list import form_of
from orderkit.web.recording.actions import address_of
from orderkit.web.recording.questions import STAYS, Question, chosen_in, people_question, resume_question
from orderkit.web.recording.sections import value_of
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/transition.html"
_GONE = label(
    zh="这个操作现在不可用：单据状态可能已经变了，请刷新后查看",
    en="This can no longer be done: the record may have moved on; load it again",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionPage:
    """The dialog of a button. `problems` are those of no field it shows; `stays` on the page that asked for it."""

    title: str
    record: str
    action: str
    revision: int
    fields: tuple[FieldView, ...]
    questions: tuple[Question, ...]
    comment: str
    problems: tuple[str, ...]
    stays: bool


def ask(visit: Visit) -> Response:
    """Show what a button asks for."""
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        button = _button(unit, form, visit)
        return visit.part(TEMPLATE, _page(visit, unit, button, decoded=Decoded(), by_name={}, general=()))


def press(visit: Visit) -> Response:
    """Press a button; what was asked for comes along."""
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        button = _button(unit, form, visit)
        decoded = _answers(unit, button, visit)
    try:
        _press(visit, form, button, decoded)
    except Refused as error:
        if not button.ask and not button.chooses and not button.resumes:
            raise
        with visit.reading() as unit:
            by_name, general = problems_by_name(error.problems, decoded, visit.locale)
            page = _page(visit, unit, button, decoded=decoded, by_name=by_name, general=general)
        return visit.part(TEMPLATE, page, status=422, headers={"HX-Retarget": "#sheet"})
    done = visit.t("record.done", label=visit.text(button.label))
    if visit.field(STAYS):
        return visit.done(done)
    return visit.go(f"/forms/{form.id}/{visit.number('id')}", done)


def _press(visit: Visit, form: Form, button: Button, decoded: Decoded) -> None:
    if decoded.problems:
        raise Refused(decoded.problems)
    record_id, comment = visit.number("id"), visit.field("comment") or None
    with visit.writing() as unit:
        if button.verb != "do":
            workflow.do_verb(unit, button.verb, form.id, record_id, comment, workflow=button.workflow)
            return
        workflow.do(
            unit,
            form.id,
            record_id,
            button.transition,
            dict(decoded.values),
            comment,
            expected_revision=visit.revision(),
            workflow=button.workflow,
            approvers=chosen_in(visit),
            resume=visit.field("resume") or None,
        )


def _button(unit: Unit, form: Form, visit: Visit) -> Button:
    """Return the button of the address. Raises NotFound when the record's state does not offer it."""
    path = visit.request.url.path
    record_id = visit.number("id")
    for button in workflow.buttons(unit, form.id, record_id):
        if address_of(form.id, record_id, button) == path:
            return button
    raise NotFound(_GONE)


def _answers(unit: Unit, button: Button, visit: Visit) -> Decoded:
    values: dict[str, Scalar] = {}
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for each in button.ask:
        given = visit.form.getlist(each.field.id)
        sent = [text for text in given if isinstance(text, str)]
        if not sent:
            continue
        texts[each.field.id] = sent[-1]
        value = unit.runtime.catalog.fields[each.field.type].parse(
            options_seen(each.field, unit.project, unit.zone), sent[-1]
        )
        if isinstance(value, Invalid):
            problems.append(
                Problem(path=each.field.id, code="invalid", message=value.message, help=value.expected)
            )
        else:
            values[each.field.id] = value
    return Decoded(values=values, texts=texts, problems=tuple(problems))


def _page(
    visit: Visit,
    unit: Unit,
    button: Button,
    *,
    decoded: Decoded,
    by_name: dict[str, str],
    general: tuple[str, ...],
) -> TransitionPage:
    form = form_of(unit, visit.name("form"))
    record = records.get(unit, form.id, visit.number("id"))
    views = field_views(unit)
    fields: list[FieldView] = []
    for each in button.ask:
        name = each.field.id
        known = FieldValue() if each.is_own else value_of(record, name)
        given = FieldValue(
            value=known.value,
            title=known.title,
            file=known.file,
            text=decoded.texts.get(name),
            problem=by_name.get(name, ""),
            state=FieldState(is_visible=True, is_required=each.required, is_readonly=False),
        )
        fields.append(views.view(form, each.field, given, name=name))
    shown = {each.field.id for each in button.ask}
    return TransitionPage(
        title=text_of(button.label, visit.locale),
        record=record.title,
        action=address_of(form.id, record.id, button),
        revision=record.revision,
        fields=tuple(fields),
        questions=_questions(visit, unit, button),
        comment=visit.field("comment"),
        stays=bool(visit.field(STAYS) or visit.query.get(STAYS)),
        problems=(*general, *(text for name, text in by_name.items() if name not in shown)),
    )


def _questions(visit: Visit, unit: Unit, button: Button) -> tuple[Question, ...]:
    """Return whom the submitter chooses, and how a returned approval goes on."""
    people = workflow.colleagues(unit) if button.chooses else ()
    chosen = tuple(people_question(visit, each, people) for each in button.chooses)
    return (*chosen, resume_question(visit)) if button.resumes else chosen
