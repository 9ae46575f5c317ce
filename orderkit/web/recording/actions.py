"""The buttons of a record's life: what this person may press now, and why the others are grey."""

from dataclasses import dataclass

from orderkit.engine import workflow
from orderkit.engine.records import RecordView
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import Button, Verb
from orderkit.model.forms import Form
from orderkit.model.labels import text_of
from orderkit.model.workflow.workflows import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonView:
    """One button. `why` says why it is grey; `asks` opens a dialog before anything is done.

    `preview_url` shows who would decide, where a button leads into an approval.
    """

    label: str
    url: str
    is_allowed: bool
    why: str
    asks: bool
    is_main: bool
    gives_up: bool
    preview_url: str


def button_views(unit: Unit, form: Form, record: RecordView, locale: str) -> tuple[ButtonView, ...]:
    """Return the buttons, those that may be pressed first."""
    if form.id not in unit.project.workflows_by_form:
        return ()
    found = workflow.buttons(unit, form.id, record.id)
    ordered = sorted(found, key=lambda button: not button.allowed)
    main = next((each for each in ordered if each.allowed and not _gives_up(unit, each)), None)
    return tuple(
        ButtonView(
            label=text_of(each.label, locale),
            url=address_of(form.id, record.id, each),
            is_allowed=each.allowed,
            why=text_of(each.why, locale) if each.why else "",
            asks=button_asks(unit, each),
            is_main=each is main,
            gives_up=_gives_up(unit, each),
            preview_url=f"{address_of(form.id, record.id, each)}/preview"
            if _is_decided_about(unit, each)
            else "",
        )
        for each in ordered
    )


def address_of(form: str, record_id: int, button: Button) -> str:
    """Return where a button leads."""
    if button.verb != "do":
        return f"/forms/{form}/{record_id}/{button.verb}"
    return f"/forms/{form}/{record_id}/do/{button.workflow}/{button.transition}"


def decision_address(task_id: int, verb: Verb) -> str:
    """Return where a task is decided in one way."""
    return f"/tasks/{task_id}/{verb.value}"


def button_asks(unit: Unit, button: Button) -> bool:
    """Return whether a button opens a dialog before anything is done."""
    asks = bool(button.ask) or bool(button.chooses) or button.resumes
    return asks or _gives_up(unit, button) or workflow.takes_comment(button.verb)


def _is_decided_about(unit: Unit, button: Button) -> bool:
    """Return whether a button leads into an approval."""
    found = unit.project.workflow_by_id.get(button.workflow)
    state = None if found is None or button.verb != "do" else found.state_by_id.get(button.target)
    return state is not None and state.approval is not None


def _gives_up(unit: Unit, button: Button) -> bool:
    found = unit.project.workflow_by_id.get(button.workflow)
    transition = found.transition_by_id.get(button.transition) if found is not None else None
    if found is None or transition is None:
        return False
    return found.state_by_id[transition.target].final is Outcome.CANCELLED
