"""Where a record stands in its life: the states of its workflow in order, the one it is in marked."""

from dataclasses import dataclass

from orderkit.engine.records import RecordView
from orderkit.engine.runtime import Unit
from orderkit.model.forms import Form
from orderkit.model.labels import text_of
from orderkit.model.workflow.workflows import Outcome

FEWEST_STATES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressStep:
    """One state. `standing` is `past`, `now`, `ahead`, or `stopped` for a life that was given up."""

    label: str
    standing: str


def progress_of(unit: Unit, form: Form, record: RecordView, locale: str) -> tuple[ProgressStep, ...]:
    """Return the states of the form's first workflow; none for one that is too short to need them.

    States stand in the order in which the project declares them. One that gives up a life shows
    only where the record is in it, at the end.
    """
    workflows = unit.project.workflows_by_form.get(form.id, ())
    if not workflows or len(workflows[0].states) < FEWEST_STATES:
        return ()
    workflow = workflows[0]
    current = record.values.get(workflow.state_field)
    path = [state for state in workflow.states if state.final is not Outcome.CANCELLED]
    ids = [state.id for state in path]
    if current not in ids:
        stopped = workflow.state_by_id.get(str(current))
        if stopped is None:
            return ()
        ahead = tuple(ProgressStep(label=text_of(state.label, locale), standing="ahead") for state in path)
        return (*ahead, ProgressStep(label=text_of(stopped.label, locale), standing="stopped"))
    at = ids.index(str(current))
    is_over = path[at].final is not None
    return tuple(
        ProgressStep(
            label=text_of(state.label, locale),
            standing="past" if index < at or (index == at and is_over) else "now" if index == at else "ahead",
        )
        for index, state in enumerate(path)
    )
