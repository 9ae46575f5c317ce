"""Transitions of a record's workflows over HTTP: which may be pressed now, and pressing one."""

from typing import Any

from orderkit.engine import workflow
from orderkit.engine.runtime import Runtime, Unit
from orderkit.engine.workflow import Button
from orderkit.model.errors import NotFound
from orderkit.model.forms import Form
from orderkit.model.labels import label, text_of
from orderkit.model.workflow.workflows import Transition
from orderkit.web.api.bodies import approvers_in, asked_values, json_object, text_or_none
from orderkit.web.api.calls import Answer, Call, json_answer
from orderkit.web.api.idempotency import once
from orderkit.web.api.problems import did_you_mean
from orderkit.web.api.records import expected_revision, form_named, record_answer, record_id


def list_buttons(runtime: Runtime, call: Call) -> Answer:
    """Return what this person may do with the record now; for what is not allowed, why."""
    form = form_named(runtime, call)
    with call.reading(runtime) as unit:
        buttons = workflow.buttons(unit, form.id, record_id(call))
    return json_answer({"items": [_button(button, call.locale) for button in buttons]})


def do_transition(runtime: Runtime, call: Call) -> Answer:
    """Press a transition; answers with the record as it is then."""
    form = form_named(runtime, call)
    transition = transition_named(runtime, form, call.names["transition"])
    document = json_object(call, known=("values", "comment", "workflow", "approvers", "resume"))
    asked = [each.field for each in transition.ask]
    values = asked_values(document.get("values", {}), asked, runtime.project, runtime.catalog)
    comment = text_or_none(document, "comment")
    approvers, resume = approvers_in(document), text_or_none(document, "resume")

    def work(unit: Unit) -> Answer:
        workflow.do(
            unit,
            form.id,
            record_id(call),
            transition.id,
            values,
            comment,
            expected_revision=expected_revision(call),
            workflow=text_or_none(document, "workflow"),
            approvers=approvers,
            resume=resume,
        )
        return record_answer(unit, form.id, record_id(call))

    return once(runtime, call, work)


def do_verb(runtime: Runtime, call: Call) -> Answer:
    """Do something to the record that no transition of it is, such as `withdraw`; answers with it as it is then."""
    form = form_named(runtime, call)
    verb = call.path.rpartition("/")[2]
    document = json_object(call, known=("comment", "workflow"))
    comment, workflow_id = text_or_none(document, "comment"), text_or_none(document, "workflow")

    def work(unit: Unit) -> Answer:
        workflow.do_verb(unit, verb, form.id, record_id(call), comment, workflow=workflow_id)
        return record_answer(unit, form.id, record_id(call))

    return once(runtime, call, work)


def transition_named(runtime: Runtime, form: Form, name: str) -> Transition:
    """Return a transition of the form's workflows. Raises NotFound."""
    known = {
        transition.id: transition
        for each in runtime.project.workflows_by_form.get(form.id, ())
        for transition in each.transitions
    }
    if name not in known:
        near = did_you_mean(name, known)
        raise NotFound(
            label(
                zh=f"表单 {form.id} 没有操作 {name}" + (f"，{near['zh']}" if near else ""),
                en=f"the form `{form.id}` has no transition `{name}`" + (f"; {near['en']}" if near else ""),
            )
        )
    return known[name]


def _button(button: Button, locale: str) -> dict[str, Any]:
    address = f"do/{button.transition}" if button.verb == "do" else button.verb
    return {
        "workflow": button.workflow,
        "transition": button.transition,
        "label": text_of(button.label, locale),
        "allowed": button.allowed,
        "why": None if button.why is None else text_of(button.why, locale),
        "ask": [
            {"field": ask.field.id, "label": text_of(ask.field.label, locale), "required": ask.required}
            for ask in button.ask
        ],
        "chooses": [
            {"step": each.id, "label": text_of(each.label, locale), "required": each.is_required}
            for each in button.chooses
        ],
        "resumes": button.resumes,
        "href": address,
    }
