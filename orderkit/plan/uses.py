"""Who uses a field: formulas, conditions, lists of fields, reports, permissions, messages and what is sent.

Made of the model's own trees: every expression says which field of which form it reads, and a few
attributes name fields as paths. It is worked out at the first question, for most plans ask none.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, cached_property
from typing import Any, cast, get_args

from orderkit.model.exchange.imports import ImportMapping
from orderkit.model.exchange.integrations import Integration, Message, Pull, Reception
from orderkit.model.exchange.papers import Portal, Print
from orderkit.model.expressions.nodes import Changed, Expression, Get
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Record
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import Approval, Ask, all_steps
from orderkit.plan.values import Area
from orderkit.plan.words.filling import filled
from orderkit.plan.words.names import named, noun_of

Place = tuple[str, str]
"""A form and the name of one of its fields."""

_EXPRESSION = frozenset(get_args(Expression))
_SIMPLE = frozenset({str, bool, int, frozenset, type(None)})
_USE = label(zh="{noun} {name}", en="{noun} {name}")
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
_ASIDE = frozenset(
    {"collections", "error", "help", "label", "options", "origin", "placeholder", "type", "value_type"}
)
_TOLD_APART: Mapping[type, frozenset[str]] = {Form: frozenset({"fields"}), Approval: frozenset({"steps"})}


@dataclass(frozen=True, slots=True)
class Use:
    """A place that uses a field: the part of the project, its path and its kind, and how people call it."""

    area: Area
    subject: str
    kind: str
    words: Label


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A piece of a project that is named when it uses something, and what of it is looked through."""

    area: Area
    subject: str
    kind: str
    named: Any
    form: str | None
    source: Any

    @property
    def use(self) -> Use:
        noun, name = noun_of(self.named), named(self.subject, self.named)
        return Use(self.area, self.subject, self.kind, filled(_USE, noun=noun, name=name))


class Uses:
    """The uses of every field of a project."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def of(self, form: str, field: str) -> tuple[Use, ...]:
        """Return who uses a field directly, in the order of the project."""
        return _told_once(self._by_field.get((form, field), ()))

    def reached_from(self, form: str, field: str) -> tuple[Use, ...]:
        """Return who uses a field, directly or through fields that are worked out from it."""
        found: list[_Part] = []
        waiting, done = [(form, field)], set[tuple[str, str]]()
        while waiting:
            place = waiting.pop(0)
            if place in done:
                continue
            done.add(place)
            for part in self._by_field.get(place, ()):
                found.append(part)
                if isinstance(part.named, Field) and (part.named.is_derived or part.named.copy is not None):
                    waiting.append((part.subject.rpartition(".")[0], part.named.id))
        own = f"{form}.{field}"
        return tuple(use for use in _told_once(found) if use.subject != own)

    @cached_property
    def _by_field(self) -> Mapping[Place, list[_Part]]:
        found: dict[Place, list[_Part]] = {}
        for part in _parts(self.project):
            reading = _Reading(self.project, part.form)
            reading.read(part.source)
            for place in reading.found:
                found.setdefault(place, []).append(part)
        return found


def _told_once(parts: Iterable[_Part]) -> tuple[Use, ...]:
    by_subject = {(part.area, part.subject): part for part in reversed(tuple(parts))}
    return tuple(part.use for part in reversed(by_subject.values()))


def _parts(project: Project) -> Iterator[_Part]:
    for form in project.forms:
        for field in form.fields:
            if field.system is SystemRole.NONE:
                yield _Part(Area.FORMS, f"{form.id}.{field.id}", "Field", field, form.id, field)
        yield _Part(Area.FORMS, form.id, "Form", form, form.id, form)
    for workflow in project.workflows:
        parts: tuple[Any, ...] = (*workflow.states, *workflow.transitions, *workflow.timers, *workflow.sla)
        for part in parts:
            yield _Part(Area.WORKFLOWS, f"{workflow.id}.{part.id}", "Workflow", part, workflow.form, part)
        for approval in workflow.approvals:
            subject = f"{workflow.id}.{approval.id}"
            yield _Part(Area.WORKFLOWS, subject, "Workflow", approval, workflow.form, approval)
            for step in all_steps(approval.steps):
                yield _Part(Area.WORKFLOWS, f"{subject}.{step.id}", "Workflow", step, workflow.form, step)
    for role in project.roles:
        for grant in role.forms:
            yield _Part(Area.PERMISSIONS, role.id, "Role", role, grant.form, grant)
    for area, kind, objects in _kinds(project):
        for each in objects:
            yield _Part(area, each.id, kind, each, _form_of(each), each)


def _kinds(project: Project) -> Iterator[tuple[Area, str, Sequence[Any]]]:
    yield Area.REPORTS, "Report", project.reports
    yield Area.REPORTS, "Alert", project.alerts
    yield Area.INTEGRATIONS, "Integration", (*project.integrations, *project.pulls, *project.receptions)
    yield Area.INTEGRATIONS, "Message", project.messages
    yield Area.WORKFLOWS, "Automation", project.automations
    yield Area.LEDGERS, "Ledger", project.ledgers
    yield Area.LEDGERS, "Matching", project.matchings
    yield Area.SHEETS, "Sheet", (*project.imports, *project.prints, *project.portals)


def _form_of(each: Any) -> str | None:
    """Return the form from which an object's paths of fields count, if it is about one."""
    match each:
        case Integration(event=event):
            return event.form
        case Pull() | Reception() | Message() | ImportMapping() | Print() | Portal():
            return each.form
        case _:
            return None


class _Reading:
    """Finds the form and the name of every field that a part reads or names; each stands in `found` once."""

    def __init__(self, project: Project, form: str | None) -> None:
        self.project = project
        self.form = form
        self.found: dict[Place, None] = {}

    def read(self, value: Any) -> None:
        """Look through a value."""
        cls = cast("Hashable", type(value))
        if cls in _EXPRESSION:
            self._expression(value)
        elif isinstance(value, Ask):
            if self.form is not None and not value.is_own:
                self.found[self.form, value.field.id] = None
        elif isinstance(value, tuple):
            for each in value:
                self.read(each)
        elif isinstance(value, Mapping):
            for each in value.values():
                self.read(each)
        elif cls not in _SIMPLE and is_dataclass(value):
            self._attributes(value, _attributes(cls))

    def _attributes(self, value: Any, names: Iterable[str]) -> None:
        for name in names:
            inner = getattr(value, name)
            # Most are empty, or plain values.
            if not inner:
                continue
            if self.form is not None and name in _PATHS:
                self._paths(inner, self.form)
            if type(inner) not in _SIMPLE:
                self.read(inner)

    def _expression(self, expression: Expression) -> None:
        for node in walk(expression):
            if isinstance(node, Get) and isinstance(node.base.type, Record):
                self.found[node.base.type.form, node.field] = None
            elif isinstance(node, Changed) and self.form is not None:
                self.found[self.form, node.field] = None

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
        if each.name not in aside and (each.name in _PATHS or not _is_simple(each.type))
    )


def _is_simple(hint: Any) -> bool:
    return {*(get_args(hint) or (hint,))} <= _SIMPLE
