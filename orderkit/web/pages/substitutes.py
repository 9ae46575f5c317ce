"""Naming a substitute from one's own account, and ending that."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from starlette.responses import Response

from orderkit.engine import workflow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import Substitution
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import label, text_of
from orderkit.web.display.moments import shown_at
from orderkit.web.recording.questions import Option, ids_in, people_options
from orderkit.web.request.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteRow:
    """One agreement of this person."""

    text: str
    what: str
    dates: str
    end_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteSection:
    """The agreements, and what one can be made of; without people or workflows nobody can be named."""

    rows: tuple[SubstituteRow, ...]
    people: tuple[Option, ...]
    workflows: tuple[Option, ...]
    today: str


def substitute_section(visit: Visit, unit: Unit) -> SubstituteSection:
    """Return the part of the account about substitutes."""
    allowed = [
        each for each in unit.project.workflows if each.policy.substitution != "forbid" and each.approvals
    ]
    return SubstituteSection(
        rows=tuple(_row(visit, unit, each) for each in workflow.substitutions(unit)),
        people=people_options(workflow.colleagues(unit)) if allowed else (),
        workflows=tuple(Option(value=each.id, label=text_of(each.label, visit.locale)) for each in allowed),
        today=unit.now.astimezone(visit.zone).date().isoformat(),
    )


def add(visit: Visit) -> Response:
    """Name a substitute from the beginning of one day to the end of another, in one's own zone."""
    (substitute, *_) = ids_in([visit.field("substitute")]) or (0,)
    first, last = _day(visit, "from"), _day(visit, "until")
    with visit.writing() as unit:
        workflow.add_substitute(
            unit,
            substitute,
            datetime.combine(first, time.min, tzinfo=visit.zone),
            datetime.combine(last + timedelta(days=1), time.min, tzinfo=visit.zone),
            visit.field("workflow") or None,
        )
    return visit.go("/account", visit.t("account.substitute_added"))


def end(visit: Visit) -> Response:
    """End an agreement."""
    with visit.writing() as unit:
        workflow.end_substitution(unit, visit.number("id"))
    return visit.go("/account", visit.t("account.substitute_ended"))


def _day(visit: Visit, name: str) -> date:
    try:
        found = date.fromisoformat(visit.field(name))
    except ValueError:
        found = date.min
    if not 1970 <= found.year <= 9000:
        message = label(zh="请填写日期", en="enter a date")
        raise Refused([Problem(path=name, code="invalid", message=message)])
    return found


def _row(visit: Visit, unit: Unit, each: Substitution) -> SubstituteRow:
    is_mine = each.user.id == visit.person.id
    found = None if each.workflow is None else unit.project.workflow_by_id.get(each.workflow)
    what = visit.t("account.substitute_all") if each.workflow is None else each.workflow
    return SubstituteRow(
        text=visit.t("account.substitute_you", name=each.substitute.name)
        if is_mine
        else visit.t("account.substitute_for", name=each.user.name),
        what=what if found is None else text_of(found.label, visit.locale),
        dates=f"{shown_at(each.starts_at, visit.zone, visit.locale)} – {shown_at(each.ends_at, visit.zone, visit.locale)}",
        end_url=f"/account/substitutes/{each.id}/end",
    )
