"""The home page: what waits for this person, what they began, and the dashboard of their role.

The records load beside the page, with those that the browser remembers (`frontend/src/shell/home.ts`).
"""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import access, workflow
from orderkit.engine.access import Action
from orderkit.engine.runtime import Unit
from orderkit.fields.moments import shown_day
from orderkit.model.labels import text_of
from orderkit.model.menus import MenuGroup, MenuLink
from orderkit.web.frame.icons import icon_of
from orderkit.web.frame.navigation import NavigationLink
from orderkit.web.pages.inbox import TaskRow, task_rows
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/home.html"
MOST_TASKS = 5
MOST_STARTERS = 2
MOST_MORE = 8
NOON, EVENING = 12, 18


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What a person sees first. `panel_url` loads the dashboard beside the page."""

    greeting: str
    today: str
    tasks: tuple[TaskRow, ...]
    open_count: int
    panel_url: str
    starters: tuple[NavigationLink, ...]
    more: tuple[NavigationLink, ...]


def show_home(visit: Visit) -> Response:
    """Show the home page."""
    with visit.reading() as unit:
        tasks = workflow.tasks(unit, "open", limit=MOST_TASKS)
        dashboard = _dashboard(unit)
        starters = _starters(visit, unit)
        page = HomePage(
            greeting=_greeting(visit),
            today=shown_day(unit.today, visit.locale),
            tasks=task_rows(visit, unit, tasks),
            open_count=workflow.count_tasks(unit),
            panel_url=f"/dashboards/{dashboard}/panel" if dashboard else "",
            starters=starters[:MOST_STARTERS],
            more=starters[MOST_STARTERS : MOST_STARTERS + MOST_MORE],
        )
        return visit.show(unit, TEMPLATE, page, current="home")


def _greeting(visit: Visit) -> str:
    hour = visit.runtime.clock.now().astimezone(visit.zone).hour
    part = "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"
    return visit.t(f"home.hello_{part}", name=visit.person.name)


def _dashboard(unit: Unit) -> str:
    """Return the first dashboard of a role of this person, of the menu, or of the project, that they may open."""
    roles = (role for role in unit.project.roles if role.id in unit.person.roles)
    of_roles = (dashboard for role in roles for dashboard in role.dashboards)
    links = (link for menu in unit.project.menus for item in menu.items for link in _links(item))
    named = [link.target for link in links if link.kind == "dashboard"]
    everything = (*of_roles, *named, *(dashboard.id for dashboard in unit.project.dashboards))
    return next((each for each in everything if access.may_see_dashboard(unit, each)), "")


def _links(item: MenuLink | MenuGroup) -> tuple[MenuLink, ...]:
    return item.items if isinstance(item, MenuGroup) else (item,)


def _starters(visit: Visit, unit: Unit) -> tuple[NavigationLink, ...]:
    """Return links to the forms that this person may create records of.

    Forms whose records have a life of their own come first: they are what people come for.
    """
    forms = [
        form
        for form in unit.project.forms
        if form.parent is None
        and not form.is_built_in
        and access.decide(unit.person, Action.CREATE, form.id, unit=unit)
    ]
    forms.sort(key=lambda form: form.id not in unit.project.workflows_by_form)
    return tuple(
        NavigationLink(
            key=form.id,
            url=f"/forms/{form.id}/new",
            label=visit.t("record.new_title", form=text_of(form.label, visit.locale)),
            icon=icon_of("form", None),
        )
        for form in forms
    )
