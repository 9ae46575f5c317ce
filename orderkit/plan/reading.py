"""What a part of a project reads and names: fields, options and states of them, messages, reports.

Made of the model's own trees: every expression says which field of which form it reads, and a few
attributes name fields as paths, or states of a workflow.
"""

from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, cast, get_args

from orderkit.model.exchange.integrations import Event, EventKind
from orderkit.model.expressions.nodes import Changed, Expression, Get, Literal
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Choice, Many, Record
from orderkit.model.forms import Form
from orderkit.model.project import Project
from orderkit.model.roles import Role
from orderkit.model.workflow.actions import Selection
from orderkit.model.workflow.workflows import Action, Approval, Ask, Workflow

Place = tuple[str, str]
"""A form and the name of one of its fields."""
Named = tuple[str, str, str]
"""A form, one of its fields and one of the options or states that it may have."""

_EXPRESSION = frozenset(get_args(Expression))
_SIMPLE = frozenset({str, bool, int, frozenset, type(None)})
# Attributes that hold paths of fields, counted from the form that the part is about.
_PATHS = frozenset(
    {
        "add",
        "at",
        "boards",
        "calendar",
        "columns",
        "default",
        "field",
        "fields",
        "filters",
        "group_by",
        "hide",
        "link",
        "mask",
        "match",
        "protects",
        "readonly",
        "require",
        "save",
        "search",
        "set",
        "show",
        "unique",
        "write",
    }
)
# Attributes of what belongs to a workflow that hold states of it.
_STATES = frozenset({"pause_in", "sources", "start", "state", "stop", "target"})
# Attributes, and options of actions, that hold the id of an object, and of which kind it is.
_OBJECTS: Mapping[str, str] = {
    "connection": "connections",
    "message": "messages",
    "send": "messages",
    "report": "reports",
    "reports": "reports",
}
_ASIDE = frozenset(
    {"collections", "error", "help", "label", "options", "origin", "placeholder", "type", "value_type"}
)
_TOLD_APART: Mapping[type, frozenset[str]] = {
    Form: frozenset({"fields"}),
    Approval: frozenset({"steps"}),
    Role: frozenset({"forms"}),
}


_TOLD_BY_NAME = _PATHS | _STATES | _OBJECTS.keys()


class Reading:
    """Finds what a part reads and names, each once: fields in `found`, objects as (kind, id) in `objects`."""

    def __init__(self, project: Project, form: str | None, workflow: Workflow | None = None) -> None:
        self.project = project
        self.form = form
        self.workflow = workflow
        self.found: dict[Place, None] = {}
        self.objects: dict[tuple[str, str], None] = {}
        self._states: dict[Named, None] = {}
        self._options: dict[tuple[tuple[str, ...], str], None] = {}

    @property
    def named(self) -> Mapping[Named, None]:
        """The options and states that are named, of which field of which form."""
        found = dict(self._states)
        if not self._options:
            return found
        for form, field in self.found:
            # Rows of a report or a ledger are read like records, and are no form.
            holder = self.project.form_by_id.get(form)
            known = None if holder is None else holder.by_id.get(field)
            if known is None:
                continue
            of = known.value_type.of if isinstance(known.value_type, Many) else known.value_type
            if isinstance(of, Choice):
                values = [value for options, value in self._options if options == of.options]
                found |= {(form, field, value): None for value in values}
        return found

    def read(self, value: Any) -> None:
        """Look through a value."""
        cls = cast("Hashable", type(value))
        if cls in _EXPRESSION:
            self._expression(value)
        elif isinstance(value, Ask):
            if self.form is not None and not value.is_own:
                self.found[self.form, value.field.id] = None
        elif isinstance(value, Action):
            self._action(value.options)
        elif isinstance(value, Event):
            self._event(value)
        elif isinstance(value, tuple):
            for each in value:
                self.read(each)
        elif isinstance(value, Mapping):
            for each in value.values():
                self.read(each)
        elif cls not in _SIMPLE and is_dataclass(value):
            for name in _attributes(cls):
                self._attribute(name, getattr(value, name))

    def _attribute(self, name: str, inner: Any) -> None:
        # Most are empty, or plain values.
        if not inner:
            return
        if self.form is not None and name in _PATHS:
            self._paths(inner, self.form)
        if self.workflow is not None and name in _STATES:
            for state in (inner,) if isinstance(inner, str) else inner:
                self._state(self.workflow, state)
        if name in _OBJECTS:
            for each in (inner,) if isinstance(inner, str) else inner:
                self.objects[_OBJECTS[name], each] = None
        if type(inner) not in _SIMPLE:
            self.read(inner)

    def _action(self, options: Mapping[str, Any]) -> None:
        """Look through an action, whose fields may be those of another form: of what it makes, or goes through."""
        own = self.form
        selected = [each.form for each in options.values() if isinstance(each, Selection)]
        self.form = next(iter((*selected, *(options[word] for word in ("create",) if word in options))), own)
        for name, option in options.items():
            if not isinstance(option, tuple) or not all(isinstance(each, Action) for each in option):
                self._attribute(name, option)
        self.form = own
        for option in options.values():
            if isinstance(option, tuple):
                self.read(tuple(each for each in option if isinstance(each, Action)))

    def _event(self, event: Event) -> None:
        if event.subject is None:
            return
        if event.kind is EventKind.CHANGED:
            self._paths(event.subject, event.form)
        elif event.kind is EventKind.ENTERED:
            workflow = self.project.workflow_by_id.get(event.workflow or "")
            if workflow is not None:
                self._state(workflow, event.subject)

    def _state(self, workflow: Workflow, state: str) -> None:
        if state in workflow.state_by_id:
            self._states[workflow.form, workflow.state_field, state] = None

    def _expression(self, expression: Expression) -> None:
        for node in walk(expression):
            if isinstance(node, Get) and isinstance(node.base.type, Record):
                self.found[node.base.type.form, node.field] = None
            elif isinstance(node, Changed) and self.form is not None:
                self.found[self.form, node.field] = None
            elif isinstance(node, Literal) and isinstance(node.type, Choice) and isinstance(node.value, str):
                self._options[node.type.options, node.value] = None

    def _paths(self, value: Any, form: str) -> None:
        """Find the fields that stand as paths in an attribute: one, several, groups of them, or before a value."""
        if isinstance(value, str):
            place = _resolved(value, form, self.project)
            if place is not None:
                self.found[place] = None
        elif isinstance(value, tuple | frozenset):
            is_pair = (
                isinstance(value, tuple)
                and len(value) == 2
                and not all(isinstance(each, str) for each in value)
            )
            for each in value[:1] if is_pair and isinstance(value, tuple) else value:
                self._paths(each, form)


def _resolved(path: str, form: str, project: Project) -> Place | None:
    """Return the field at the end of a path such as `lines.cost` or `customer.phone`."""
    *before, last = path.split(".")
    for name in before:
        at = project.form_by_id.get(form)
        if at is None:
            return None
        field, collection = at.by_id.get(name), at.collection_by_id.get(name)
        if collection is not None:
            form = collection.form
        elif field is not None and field.target is not None:
            form = field.target
        else:
            return None
    known = project.form_by_id.get(form)
    return (form, last) if known is not None and last in known.by_id else None


@cache
def _attributes(cls: Hashable) -> tuple[str, ...]:
    """Return the attributes of a class in which something may be read or named."""
    aside = _ASIDE | _TOLD_APART.get(cast("type", cls), frozenset())
    return tuple(
        each.name
        for each in fields(cast("type[Any]", cls))
        if each.name not in aside and (each.name in _TOLD_BY_NAME or not _is_simple(each.type))
    )


def _is_simple(hint: Any) -> bool:
    return {*(get_args(hint) or (hint,))} <= _SIMPLE
