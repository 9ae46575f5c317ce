"""What actions do, in a few words: `post: stock.reserve, send: shipped`."""

from collections.abc import Iterable

from orderkit.diagram.words import who_written
from orderkit.model.expressions.nodes import Template
from orderkit.model.expressions.printing import as_written
from orderkit.model.labels import Label, label
from orderkit.model.people import (
    AnyOf,
    ChosenBy,
    FieldUser,
    HasRole,
    HeadOf,
    ManagerOf,
    NamedPerson,
    NamedUser,
)
from orderkit.model.workflow.actions import Selection
from orderkit.model.workflow.workflows import Action

_PEOPLE = (AnyOf, ChosenBy, FieldUser, HasRole, HeadOf, ManagerOf, NamedPerson, NamedUser)


def done(actions: Iterable[Action]) -> Label:
    """Return what the actions do, in the words of the language, which are the same in every locale."""
    text = ", ".join(dict.fromkeys(_one(action) for action in actions))
    return label(zh=text, en=text)


def _one(action: Action) -> str:
    operand = _operand(action.options.get(action.kind))
    return f"{action.kind}: {operand}" if operand else action.kind


def _operand(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, _PEOPLE):
        return who_written(value)
    if isinstance(value, Template):
        return as_written(value).strip('"')
    if isinstance(value, Selection):
        return value.form if value.rows is None else as_written(value.rows)
    return ""
