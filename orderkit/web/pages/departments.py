"""The departments of the company, as a tree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import access, records
from orderkit.engine.access import Action
from orderkit.engine.records import DepartmentPlace
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/departments.html"
FORM = "department"
# A screen has no room to go further in.
DEEPEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRow:
    """One department. `opens` says that those below it follow, `closes` how many groups end behind it."""

    name: str
    url: str
    head: str
    members: int | None
    members_url: str
    opens: bool
    closes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentsPage:
    """The departments, each followed by those below it."""

    rows: tuple[DepartmentRow, ...]
    list_url: str
    create_url: str


def show_departments(visit: Visit) -> Response:
    """Show the tree to whom may read departments."""
    with visit.reading() as unit:
        may_create = access.decide(unit.person, Action.CREATE, FORM, unit=unit)
        page = DepartmentsPage(
            rows=tuple(_rows(records.department_tree(unit))),
            list_url=f"/forms/{FORM}",
            create_url=f"/forms/{FORM}/new" if may_create else "",
        )
        return visit.show(unit, TEMPLATE, page, current=f"form:{FORM}")


def _rows(places: Sequence[DepartmentPlace]) -> Iterator[DepartmentRow]:
    depths = [min(each.depth, DEEPEST) for each in places] + [0]
    for each, depth, following in zip(places, depths, depths[1:], strict=False):
        yield DepartmentRow(
            name=each.name,
            url=f"/forms/{FORM}/{each.id}",
            head=each.head,
            members=each.members,
            members_url=f"/forms/user?f.department={each.id}",
            opens=following > depth,
            closes=max(depth - following, 0),
        )
