"""The colours of states and choices: those that the project names, or ones that follow from the workflow.

A state's colour says what kind of state it is: beginning, waiting for approval, done, given up, or one
of those between, which take turns.
"""

from collections.abc import Mapping
from itertools import cycle
from typing import Any

from orderkit.model.forms import Field
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import Outcome, Workflow

HUES = frozenset(
    "blue azure indigo purple pink red orange yellow lime green teal cyan gray".split()  # noqa: SIM905 - names
)
_BETWEEN = ("indigo", "cyan", "purple", "teal", "blue", "lime", "pink")


def hues_of(project: Project, field: Field) -> Mapping[str, str]:
    """Return the colour of each value of a choice field that has one."""
    settings: Any = field.options
    named = {option.value: option.color for option in settings.options if option.color}
    workflow = project.workflow_by_id.get(field.workflow) if field.workflow else None
    derived = hues_of_states(workflow) if workflow is not None else {}
    return {**derived, **{value: hue if hue in HUES else "gray" for value, hue in named.items()}}


def hues_of_states(workflow: Workflow) -> Mapping[str, str]:
    """Return the colour of each state of a workflow: its own, or one that says what kind of state it is."""
    between = cycle(_BETWEEN)
    hues: dict[str, str] = {}
    for state in workflow.states:
        if state.color is not None:
            hues[state.id] = state.color
        elif state.final is Outcome.COMPLETED:
            hues[state.id] = "green"
        elif state.final is Outcome.CANCELLED:
            hues[state.id] = "gray"
        elif state.approval is not None:
            hues[state.id] = "orange"
        elif state.id == workflow.initial:
            hues[state.id] = "azure"
        else:
            hues[state.id] = next(between)
    return hues
