"""Where a card may go: the transitions of a state, or the other values of a choice, each refusal with its reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orderkit.engine import workflow
from orderkit.engine.access import Right
from orderkit.engine.records import RecordView
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import Button, TaskItem, TaskState
from orderkit.model.forms import Field, Form
from orderkit.model.labels import text_of
from orderkit.web.boards.columns import NOTHING, labels_of, offered_values
from orderkit.web.display.hues import hues_of
from orderkit.web.recording.actions import address_of, button_asks, decision_address
from orderkit.web.rendering.texts import Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to a column. `asks` opens a dialog first; `to` is what is sent along with an edit."""

    label: str
    url: str
    asks: bool
    to: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One other column. Without a way to it, `why` says why; `is_near` is one that others, or later, may reach."""

    value: str
    label: str
    hue: str
    ways: tuple[Way, ...]
    why: str
    is_near: bool


def moves_path(form: Form, record_id: int, field: Field) -> str:
    """Return where the moves of a record are asked for, and an edit is sent."""
    return f"/forms/{form.id}/{record_id}/moves/{field.id}"


def targets_of(unit: Unit, form: Form, record: RecordView, field: Field, t: Speaker) -> tuple[Target, ...]:
    """Return the other columns in the order of the board."""
    targets = _by_transition if field.workflow is not None else _by_edit
    return tuple(targets(unit, form, record, field, t))


def _by_transition(unit: Unit, form: Form, record: RecordView, field: Field, t: Speaker) -> Iterator[Target]:
    buttons = [each for each in workflow.buttons(unit, form.id, record.id) if each.workflow == field.workflow]
    awaited = [
        each
        for each in workflow.record_tasks(unit, form.id, record.id)
        if each.workflow == field.workflow and each.state is TaskState.OPEN
    ]
    labels, hues = labels_of(unit, field, ""), hues_of(unit.project, field)
    current = str(record.values.get(field.id))
    before = labels.get(current, current)
    for value in offered_values(field):
        if value == current:
            continue
        leading = [each for each in buttons if each.target == value]
        deciding = [each for each in awaited if value in each.leads_to.values()]
        pressed = (
            Way(
                label=text_of(each.label, unit.locale),
                url=address_of(form.id, record.id, each),
                asks=button_asks(unit, each),
                to=None,
            )
            for each in leading
            if each.allowed
        )
        ways = (*_decisions(deciding, value, t), *pressed)
        yield Target(
            value=value,
            label=labels[value],
            hue=hues.get(value, ""),
            ways=ways,
            why=""
            if ways
            else _why_not(unit, leading, deciding, t)
            or t("board.no_way", before=before, after=labels[value]),
            is_near=bool(leading or deciding),
        )


def _decisions(tasks: Sequence[TaskItem], value: str, t: Speaker) -> Iterator[Way]:
    """Yield the decisions of this person that lead to a state, once nobody else has anything left to decide."""
    for task in tasks:
        for verb in task.verbs:
            if task.leads_to.get(verb) == value:
                url = decision_address(task.id, verb)
                yield Way(label=t(f"tasks.verb_{verb.value}"), url=url, asks=True, to=None)


def _why_not(unit: Unit, leading: Sequence[Button], deciding: Sequence[TaskItem], t: Speaker) -> str:
    grey = [text_of(each.why, unit.locale) for each in leading if each.why]
    if deciding:
        people = dict.fromkeys(each.assignee.name for each in deciding)
        between = "、" if unit.locale.startswith("zh") else ", "
        grey.insert(0, t("board.by_approval", people=between.join(people)))
    return " / ".join(grey)


def _by_edit(unit: Unit, form: Form, record: RecordView, field: Field, t: Speaker) -> Iterator[Target]:
    labels, hues = labels_of(unit, field, t("board.none")), hues_of(unit.project, field)
    may = may_edit(record, field)
    current = str(record.values.get(field.id) or NOTHING)
    for value in offered_values(field):
        if value != current:
            way = Way(label="", url=moves_path(form, record.id, field), asks=False, to=value)
            yield Target(
                value=value,
                label=labels[value],
                hue=hues.get(value, ""),
                ways=(way,) if may else (),
                why="" if may else t("board.may_not", field=text_of(field.label, unit.locale)),
                is_near=False,
            )


def may_edit(record: RecordView, field: Field) -> bool:
    """Return whether this person may give the field another value, as far as it can be told before trying."""
    is_open = not field.is_derived and not field.readonly
    return is_open and record.may_update and record.rights.get(field.id, Right.HIDDEN) >= Right.WRITE
