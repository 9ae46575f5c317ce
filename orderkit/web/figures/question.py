"""What is asked about a workflow, as it stands in an address, and what else could be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import sqlalchemy as sa

from orderkit.engine.access import Action, may_see_analytics, row_condition
from orderkit.engine.periods import PERIOD_NAMES, period_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.analytics import Question, readable_workflow
from orderkit.model.forms import SystemRole
from orderkit.model.workflow.workflows import Workflow
from orderkit.web.request.visit import LONGEST_ID, Visit

DEFAULT_PERIOD = "last_90_days"
PERIODS = ("last_30_days", "last_90_days", "last_12_months", "this_month", "last_month", "this_year", "all")
MOST_OWNERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One that may be chosen."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A question as it was asked. `path` is where the figures of its workflow stand."""

    workflow: Workflow
    question: Question
    period: str
    given: Mapping[str, str]

    @property
    def path(self) -> str:
        """Where the figures stand."""
        return f"/workflows/{self.workflow.id}/analytics"

    def url(self, part: str = "", **more: str | int) -> str:
        """Return the address of the figures, or of what is behind them, with the same question."""
        pairs = {**self.given, **{name: str(value) for name, value in more.items()}}
        query = urlencode(pairs)
        return f"{self.path}{part}{'?' if query else ''}{query}"


def address_of(visit: Visit, unit: Unit) -> Address:
    """Return what the address asks; what it says wrongly is not asked. Raises NotFound, Denied."""
    workflow = readable_workflow(unit, visit.name("workflow"))
    asked = visit.query.get("period", "")
    period = period_of(asked or DEFAULT_PERIOD, unit.today)
    if period is None:
        asked, period = "", period_of(DEFAULT_PERIOD, unit.today)
    assert period is not None
    department, owner = _id(visit, "department"), _id(visit, "owner")
    given = {"period": asked, "department": department or "", "owner": owner or ""}
    return Address(
        workflow=workflow,
        question=Question(workflow=workflow.id, period=period, department_id=department, owner_id=owner),
        period=asked or DEFAULT_PERIOD,
        given={name: str(value) for name, value in given.items() if value},
    )


def periods(visit: Visit, address: Address) -> tuple[Choice, ...]:
    """Return the spans of time that are offered, and the one that is asked for."""
    known = PERIODS if address.period in PERIODS else (*PERIODS, address.period)
    return tuple(
        Choice(
            value=each,
            label=visit.text(PERIOD_NAMES[each]) if each in PERIOD_NAMES else each,
            is_chosen=each == address.period,
        )
        for each in known
    )


def owners(visit: Visit, unit: Unit, address: Address) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Return the people whose records the reader sees as theirs, and the departments of these; none of none."""
    form = unit.project.form_by_id[address.workflow.form]
    owner = next((each.id for each in form.fields if each.system is SystemRole.OWNER), None)
    if owner is None:
        return (), ()
    tables = unit.runtime.database.tables
    table, user, department = tables[form.id], tables["user"], tables["department"]
    is_shown = (
        row_condition(unit, form.id, Action.READ, table),
        row_condition(unit, form.id, Action.READ, table, field=owner),
    )
    own = sa.select(user.c.id, user.c.name, user.c.department).where(
        user.c.id.in_(sa.select(table.c[owner]).where(*is_shown))
    )
    people = unit.connection.execute(own.order_by(user.c.name, user.c.id).limit(MOST_OWNERS)).all()
    ids = sorted({each.department for each in people if each.department is not None})
    named = sa.select(department.c.id, department.c.name).where(department.c.id.in_(ids))
    departments = unit.connection.execute(named.order_by(department.c.name)).all()
    question = address.question
    return (
        _choices(visit, [(each.id, each.name) for each in people], question.owner_id),
        _choices(visit, [(each.id, each.name) for each in departments], question.department_id),
    )


def figures_url(unit: Unit, form_id: str) -> str:
    """Return where the figures of a form's records stand that this person may see; empty without any."""
    for workflow in unit.project.workflows_by_form.get(form_id, ()):
        if may_see_analytics(unit, workflow.id):
            return f"/workflows/{workflow.id}/analytics"
    return ""


def _choices(visit: Visit, found: list[tuple[int, str]], chosen: int | None) -> tuple[Choice, ...]:
    if len(found) < 2 and chosen is None:
        return ()
    return (
        Choice(value="", label=visit.t("charts.everything"), is_chosen=chosen is None),
        *(Choice(value=str(each), label=name, is_chosen=each == chosen) for each, name in found),
    )


def _id(visit: Visit, name: str) -> int | None:
    text = visit.query.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_ID else None
