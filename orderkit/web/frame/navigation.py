"""The links of the navigation: the project's menus, as far as this person may follow them.

Where a project has no menu, its dashboards, forms and reports are listed. The links of the first menu that stand
in no group come first; those of every other stand under its own name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from orderkit.engine import access
from orderkit.engine.access import Action
from orderkit.engine.runtime import Unit
from orderkit.model.labels import text_of
from orderkit.model.menus import Menu, MenuGroup, MenuLink
from orderkit.web.frame.icons import icon_of, known_icon
from orderkit.web.rendering.texts import Speaker

_FOLDERS = {
    "form": "forms",
    "report": "reports",
    "dashboard": "dashboards",
    "import": "imports",
    "page": "pages",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationLink:
    """One link. `key` is what a page names as its own (`form:order`); `count` is how much waits for this person."""

    key: str
    url: str
    label: str
    icon: str
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationGroup:
    """Links under a heading; the first group has none."""

    label: str
    items: tuple[NavigationLink, ...]
    icon: str = ""


def navigation(
    unit: Unit, t: Speaker, *, open_tasks: int, waiting: Mapping[str, int] = MappingProxyType({})
) -> tuple[NavigationGroup, ...]:
    """Return the groups of links for this person, none of them empty. `waiting` counts their tasks by form."""
    menus = unit.project.menus or (Menu(id="", items=_everything(unit)),)
    first = [
        NavigationLink(key="home", url="/", label=t("shell.home"), icon="home"),
        NavigationLink(key="inbox", url="/inbox", label=t("shell.inbox"), icon="inbox", count=open_tasks),
    ]
    groups: list[NavigationGroup] = []
    for menu in menus:
        loose = tuple(_links(unit, [each for each in menu.items if isinstance(each, MenuLink)], waiting))
        if menu is menus[0]:
            first.extend(loose)
        elif loose:
            label = text_of(menu.label, unit.locale) if menu.label else menu.id
            groups.append(NavigationGroup(label=label, items=loose))
        for group in menu.items:
            links = () if isinstance(group, MenuLink) else tuple(_links(unit, group.items, waiting))
            if links and isinstance(group, MenuGroup):
                label, icon = text_of(group.label, unit.locale), known_icon(group.icon)
                groups.append(NavigationGroup(label=label, items=links, icon=icon))
    administration = tuple(_administration(unit, t))
    if administration:
        groups.append(NavigationGroup(label=t("shell.administration"), items=administration))
    return (NavigationGroup(label="", items=tuple(first)), *groups)


def _links(unit: Unit, entries: Sequence[MenuLink], waiting: Mapping[str, int]) -> Iterator[NavigationLink]:
    for entry in entries:
        if _may_follow(unit, entry):
            yield NavigationLink(
                key=f"{entry.kind}:{entry.target}",
                url=f"/{_FOLDERS[entry.kind]}/{entry.target}",
                label=text_of(entry.label, unit.locale),
                icon=icon_of(entry.kind, entry.icon),
                count=waiting.get(entry.target, 0) if entry.kind == "form" else 0,
            )


def _may_follow(unit: Unit, entry: MenuLink) -> bool:
    match entry.kind:
        case "form":
            return bool(access.decide(unit.person, Action.READ, entry.target, unit=unit))
        case "report":
            return bool(access.may_see_report(unit, entry.target))
        case "dashboard":
            return bool(access.may_see_dashboard(unit, entry.target))
        case "page":
            return bool(access.may_see_page(unit, entry.target))
        case "import":
            return may_import(unit, entry.target)
        case _:
            return False


def may_import(unit: Unit, mapping_id: str) -> bool:
    """Return whether this person may use an import mapping."""
    mapping = unit.project.import_by_id.get(mapping_id)
    return mapping is not None and bool(access.decide(unit.person, Action.IMPORT, mapping.form, unit=unit))


def _administration(unit: Unit, t: Speaker) -> Iterator[NavigationLink]:
    if not unit.person.is_administrator:
        return
    forms = unit.project.form_by_id
    for form_id, url, icon in (("user", "/forms/user", "users"), ("department", "/departments", "sitemap")):
        label = text_of(forms[form_id].label, unit.locale)
        yield NavigationLink(key=f"form:{form_id}", url=url, label=label, icon=icon)
    if unit.project.imports:
        yield NavigationLink(key="imports", url="/imports", label=t("shell.imports"), icon="database-import")
    yield NavigationLink(key="admin", url="/admin", label=t("shell.system"), icon="settings")


def _everything(unit: Unit) -> tuple[MenuLink | MenuGroup, ...]:
    project = unit.project
    forms = (form for form in project.forms if form.parent is None and not form.is_built_in)
    return (
        *(MenuLink(kind="dashboard", target=each.id, label=each.label) for each in project.dashboards),
        *(MenuLink(kind="form", target=each.id, label=each.label) for each in forms),
        *(MenuLink(kind="page", target=each.id, label=each.label, icon=each.icon) for each in project.pages),
        *(MenuLink(kind="report", target=each.id, label=each.label) for each in project.reports),
    )
