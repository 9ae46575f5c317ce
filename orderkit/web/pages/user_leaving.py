"""Letting a user go, with what they hold handed over to somebody else; and letting them come back."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import access, leaving, records
from orderkit.engine.access.people import everybody, people_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Refused
from orderkit.web.errors import fault_of
from orderkit.web.request.visit import LONGEST_ID, Visit

TEMPLATE = "pages/user_leaving.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRecords:
    """Records of one form that name the person in one field."""

    path: str
    label: str
    field: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChoice:
    """Somebody who may take over."""

    id: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLeavingPage:
    """What a user holds, and who may take it over. `manager` gets their tasks where nobody else is named."""

    name: str
    url: str
    tasks: int
    manager: str
    held: tuple[HeldRecords, ...]
    people: tuple[PersonChoice, ...]
    problem: str


def ask(visit: Visit) -> Response:
    """Show what the user holds, and ask who takes it over."""
    with visit.reading() as unit:
        return _show(visit, unit)


def let_go(visit: Visit) -> Response:
    """Hand over what was chosen, and let the user go."""
    user_id = visit.number("id")
    given = visit.field("successor")
    chosen = [each for each in visit.form.getlist("holdings") if isinstance(each, str)]
    try:
        with visit.writing() as unit:
            access.require_administrator(unit)
            successor = leaving.successor_named(unit, _id(given)) if given else None
            gone = leaving.let_go(unit, user_id, successor=successor, holdings=chosen)
    except Refused as refused:
        said = " ".join(visit.text(each.message) for each in refused.problems)
        with visit.reading() as unit:
            return _show(
                visit, unit, problem=said, successor=given, chosen=chosen, status=fault_of(refused).status
            )
    said = visit.t("users.handed_over", tasks=gone.tasks, records=gone.records)
    notice = visit.t("users.deactivated") if not (gone.tasks or gone.records) else said
    return visit.go(f"/users/{user_id}", notice)


def take_back(visit: Visit) -> Response:
    """Let the user come in again."""
    user_id = visit.number("id")
    with visit.writing() as unit:
        leaving.take_back(unit, user_id)
    return visit.go(f"/users/{user_id}", visit.t("users.reactivated"))


def _show(
    visit: Visit,
    unit: Unit,
    *,
    problem: str = "",
    successor: str | None = None,
    chosen: list[str] | None = None,
    status: int = 200,
) -> Response:
    access.require_administrator(unit)
    user_id = visit.number("id")
    record = records.get(unit, "user", user_id)
    manager_id = record.values.get("manager")
    manager = people_of(unit, [manager_id]).get(manager_id) if isinstance(manager_id, int) else None
    if successor is None:
        successor = "" if manager is None else str(manager.id)
    page = UserLeavingPage(
        name=record.title,
        url=f"/users/{user_id}",
        tasks=leaving.undecided_tasks(unit, user_id),
        manager="" if manager is None else manager.name,
        held=tuple(
            HeldRecords(
                path=each.path,
                label=visit.text(unit.project.form_by_id[each.form].label),
                field=visit.text(unit.project.form_by_id[each.form].by_id[each.field].label),
                count=each.count,
                url=f"/forms/{each.form}?f.{each.field}={user_id}",
                is_chosen=chosen is None or each.path in chosen,
            )
            for each in leaving.holdings_of(unit, user_id)
        ),
        people=tuple(
            PersonChoice(
                id=str(each.id), label=f"{each.name} ({each.login})", is_chosen=str(each.id) == successor
            )
            for each in sorted(everybody(unit).values(), key=lambda each: each.login)
            if each.id != user_id
        ),
        problem=problem,
    )
    return visit.show(unit, TEMPLATE, page, current="form:user", back=page.url, status=status)


def _id(given: str) -> int:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < LONGEST_ID else 0
