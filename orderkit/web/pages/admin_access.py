"""Why somebody may do with a record what they may: the rule of each role, and what the record's state did to it.

For administrators only: it names rules and roles, and answers for records that the person may not see.
"""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import access
from orderkit.engine.access.explaining import ActionExplained, Explanation, FieldExplained, explain
from orderkit.engine.accounts import find_person
from orderkit.engine.runtime import Channel, Person, Unit
from orderkit.model.errors import NotFound
from orderkit.model.expressions.printing import as_written
from orderkit.model.roles import Role
from orderkit.web.request.visit import LONGEST_ID, Visit

TEMPLATE = "pages/admin_access.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """What one role says of an action, as the YAML has it."""

    role: str
    rule: str
    grants: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
    """One action: whether it is allowed, and if not, why."""

    label: str
    is_allowed: bool
    why: str
    rules: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLine:
    """One field: the right on it, the roles it comes from, and what the state did to it."""

    label: str
    path: str
    right: str
    readers: str
    writers: str
    effect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """The answer. `roles` are all that the person has."""

    name: str
    roles: str
    is_free: bool
    title: str
    url: str
    actions: tuple[ActionLine, ...]
    fields: tuple[FieldLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChoice:
    """A form to ask about."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminAccessPage:
    """The question as it stands in the address, and its answer or why there is none."""

    login: str
    number: str
    forms: tuple[FormChoice, ...]
    problem: str
    answer: Explained | None


def show_access(visit: Visit) -> Response:
    """Show the question, and answer it when it is whole."""
    login, form_id, number = (visit.query.get(each, "").strip() for each in ("user", "form", "id"))
    with visit.reading() as unit:
        access.require_administrator(unit)
        answer, problem = None, ""
        if login and form_id and number:
            try:
                found: Explained | str = _answer(visit, unit, login, form_id, number)
            except NotFound as error:
                found = visit.text(error.explain)
            answer, problem = (None, found) if isinstance(found, str) else (found, "")
        page = AdminAccessPage(
            login=login,
            number=number,
            forms=tuple(
                FormChoice(value=form.id, label=visit.text(form.label), is_chosen=form.id == form_id)
                for form in unit.project.forms
                if form.parent is None
            ),
            problem=problem,
            answer=answer,
        )
        return visit.show(unit, TEMPLATE, page, current="admin")


def _answer(visit: Visit, unit: Unit, login: str, form_id: str, number: str) -> Explained | str:
    """Return the answer, or what is wrong with the question. Raises NotFound for a record that is none."""
    person = find_person(unit, login)
    if person is None:
        return visit.t("admin.access_nobody", login=login)
    if not (number.isascii() and number.isdecimal() and len(number) < LONGEST_ID):
        return visit.t("admin.access_no_number")
    # What holds for somebody is asked as that person, as their own pages would ask it.
    with visit.runtime.read(person, Channel.PAGE) as theirs:
        found = explain(theirs, form_id, int(number))
    return _shown(visit, person, found)


def _shown(visit: Visit, person: Person, found: Explanation) -> Explained:
    return Explained(
        name=person.name,
        roles=_names(visit, found.roles),
        is_free=found.is_free,
        title=f"{visit.text(found.form.label)} {found.record_id}",
        url=f"/forms/{found.form.id}/{found.record_id}",
        actions=tuple(_action(visit, each) for each in found.actions),
        fields=tuple(_field(visit, found, each) for each in found.fields),
    )


def _action(visit: Visit, each: ActionExplained) -> ActionLine:
    return ActionLine(
        label=visit.t(f"admin.access_{each.action.value}"),
        is_allowed=bool(each.decision),
        why="" if each.decision else visit.text(each.decision.why),
        rules=tuple(
            RuleLine(
                role=visit.text(says.role.label),
                rule=visit.t("admin.access_always" if says.rule else "admin.access_never")
                if isinstance(says.rule, bool)
                else as_written(says.rule),
                grants=says.grants,
            )
            for says in each.roles
        ),
    )


def _field(visit: Visit, found: Explanation, each: FieldExplained) -> FieldLine:
    return FieldLine(
        label=_label(visit, found, each.path),
        path=each.path,
        right=visit.t(f"admin.right_{each.right.name.lower()}"),
        readers=_names(visit, each.readers),
        writers=_names(visit, each.writers),
        effect=visit.t(f"admin.state_{each.effect.value}"),
    )


def _label(visit: Visit, found: Explanation, path: str) -> str:
    outer, _, inner = path.partition(".")
    if not inner:
        return visit.text(found.form.by_id[outer].label)
    rows = visit.runtime.project.form_by_id[f"{found.form.id}.{outer}"]
    return f"{visit.text(rows.label)} · {visit.text(rows.by_id[inner].label)}"


def _names(visit: Visit, roles: tuple[Role, ...]) -> str:
    return ", ".join(visit.text(role.label) for role in roles)
