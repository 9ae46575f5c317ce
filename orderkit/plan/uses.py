"""Who uses a field, an option or a state of it, a message or a report.

Formulas, conditions, lists of fields, buttons, reports, permissions, messages and what is sent.
It is worked out at the first question, for most plans ask none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from orderkit.model.exchange.imports import ImportMapping
from orderkit.model.exchange.integrations import Event, Integration, Message, Pull, Reception
from orderkit.model.exchange.papers import Portal, Print
from orderkit.model.forms import Field, SystemRole
from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.model.workflow.automations import Automation, DateReached
from orderkit.model.workflow.workflows import Workflow, all_steps
from orderkit.plan.reading import Place, Reading
from orderkit.plan.values import Area
from orderkit.plan.words.filling import filled
from orderkit.plan.words.names import named, noun_of

_USE = label(zh="{noun} {name}", en="{noun} {name}")


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
    workflow: Workflow | None = None

    @property
    def use(self) -> Use:
        noun, name = noun_of(self.named), named(self.subject, self.named)
        return Use(self.area, self.subject, self.kind, filled(_USE, noun=noun, name=name))


class Uses:
    """The uses of every field of a project, of options, states and objects."""

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

    def naming(self, form: str, field: str, value: str) -> tuple[Use, ...]:
        """Return who names one option or state of a field."""
        return _told_once(self._by_value.get((form, field), {}).get(value, ()))

    def naming_others(self, form: str, field: str, value: str) -> tuple[Use, ...]:
        """Return who names options or states of a field in a condition or a formula, but not this one."""
        by_value = self._by_value.get((form, field), {})
        naming = {id(part) for parts in by_value.values() for part in parts}
        naming -= {id(part) for part in by_value.get(value, ())}
        return _told_once(part for part in self._by_field.get((form, field), ()) if id(part) in naming)

    def of_object(self, kind: str, name: str) -> tuple[Use, ...]:
        """Return who names an object of a kind that projects list, such as `messages`."""
        return _told_once(self._by_object.get((kind, name), ()))

    @cached_property
    def _read(self) -> Sequence[tuple[_Part, Reading]]:
        found = []
        for part in _parts(self.project):
            reading = Reading(self.project, part.form, part.workflow)
            reading.read(part.source)
            found.append((part, reading))
        return found

    @cached_property
    def _by_field(self) -> Mapping[Place, list[_Part]]:
        found: dict[Place, list[_Part]] = {}
        for part, reading in self._read:
            for place in reading.found:
                found.setdefault(place, []).append(part)
        return found

    @cached_property
    def _by_value(self) -> Mapping[Place, Mapping[str, list[_Part]]]:
        found: dict[Place, dict[str, list[_Part]]] = {}
        for part, reading in self._read:
            for form, field, value in reading.named:
                found.setdefault((form, field), {}).setdefault(value, []).append(part)
        return found

    @cached_property
    def _by_object(self) -> Mapping[tuple[str, str], list[_Part]]:
        found: dict[tuple[str, str], list[_Part]] = {}
        for part, reading in self._read:
            for each in reading.objects:
                found.setdefault(each, []).append(part)
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
            yield _Part(
                Area.WORKFLOWS, f"{workflow.id}.{part.id}", "Workflow", part, workflow.form, part, workflow
            )
        for approval in workflow.approvals:
            subject = f"{workflow.id}.{approval.id}"
            yield _Part(Area.WORKFLOWS, subject, "Workflow", approval, workflow.form, approval, workflow)
            for step in all_steps(approval.steps):
                path = f"{subject}.{step.id}"
                yield _Part(Area.WORKFLOWS, path, "Workflow", step, workflow.form, step, workflow)
    for role in project.roles:
        yield _Part(Area.PERMISSIONS, role.id, "Role", role, None, role)
        for grant in role.forms:
            yield _Part(Area.PERMISSIONS, role.id, "Role", role, grant.form, grant)
    for area, kind, objects in _kinds(project):
        for each in objects:
            yield _Part(area, each.id, kind, each, _form_of(each), each)


def _kinds(project: Project) -> Iterator[tuple[Area, str, Sequence[Any]]]:
    yield Area.REPORTS, "Report", project.reports
    yield Area.REPORTS, "Alert", project.alerts
    yield Area.REPORTS, "Dashboard", project.dashboards
    yield Area.INTEGRATIONS, "Integration", (*project.integrations, *project.pulls, *project.receptions)
    yield Area.INTEGRATIONS, "Message", project.messages
    yield Area.WORKFLOWS, "Automation", project.automations
    yield Area.LEDGERS, "Ledger", project.ledgers
    yield Area.LEDGERS, "Matching", project.matchings
    yield Area.PROJECT, "ProjectPage", project.pages
    yield Area.SHEETS, "Sheet", (*project.imports, *project.prints, *project.portals)


def _form_of(each: Any) -> str | None:
    """Return the form from which an object's paths of fields count, if it is about one."""
    match each:
        case Integration(event=event):
            return event.form
        case Automation(trigger=Event(form=form) | DateReached(form=form)):
            return form
        case Pull() | Reception() | Message() | ImportMapping() | Print() | Portal():
            return each.form
        case _:
            return None
