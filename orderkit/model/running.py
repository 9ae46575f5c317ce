"""What of a project the running app works with: parts that await their engine are left out."""

from dataclasses import replace

from orderkit.model.analysis.reports import Dashboard, ListTile, SourceKind
from orderkit.model.menus import Menu, MenuGroup, MenuLink
from orderkit.model.project import Project


def running(project: Project) -> Project:
    """Return the project without what no engine of this version can show or send.

    These are reports over ledgers and histories with the tiles, filters and links that lead there,
    links to ledgers, and messages about anything but a record. The checked model keeps them all.
    """
    reports = tuple(each for each in project.reports if each.source_kind is SourceKind.FORM)
    if len(reports) == len(project.reports) and not project.ledgers and not project.alerts:
        return project
    shown = frozenset(each.id for each in reports)
    dashboards = tuple(
        dashboard for each in project.dashboards if (dashboard := _dashboard(each, shown)) is not None
    )
    targets = {
        "report": shown,
        "dashboard": frozenset(each.id for each in dashboards),
        "ledger": frozenset[str](),
    }
    return replace(
        project,
        reports=reports,
        dashboards=dashboards,
        menus=tuple(_menu(each, targets) for each in project.menus),
        messages=tuple(each for each in project.messages if each.form in project.form_by_id),
    )


def _dashboard(dashboard: Dashboard, reports: frozenset[str]) -> Dashboard | None:
    """Return a dashboard with the tiles that can be shown; None where none of its tiles can."""
    tiles = tuple(tile for tile in dashboard.tiles if isinstance(tile, ListTile) or tile.report in reports)
    if dashboard.tiles and not tiles:
        return None
    filters = [
        replace(each, on=tuple(pair for pair in each.on if pair[0] in reports)) for each in dashboard.filters
    ]
    return replace(dashboard, tiles=tiles, filters=tuple(each for each in filters if each.on))


def _menu(menu: Menu, targets: dict[str, frozenset[str]]) -> Menu:
    items: list[MenuLink | MenuGroup] = []
    for item in menu.items:
        if isinstance(item, MenuLink):
            items += [item] if _leads(item, targets) else []
            continue
        links = tuple(link for link in item.items if _leads(link, targets))
        items += [replace(item, items=links)] if links or not item.items else []
    return replace(menu, items=tuple(items))


def _leads(link: MenuLink, targets: dict[str, frozenset[str]]) -> bool:
    return link.kind not in targets or link.target in targets[link.kind]
