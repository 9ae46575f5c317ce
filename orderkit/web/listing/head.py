"""What stands above the records of a form, however they are laid out: what can be done, views, search, filters."""

from dataclasses import dataclass

from orderkit.engine import access, records
from orderkit.engine.access import Action
from orderkit.engine.runtime import Unit
from orderkit.model.forms import Form, View
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldViews
from orderkit.web.listing.address import ListAddress
from orderkit.web.listing.filters import FilterBar, FilterViews
from orderkit.web.request.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A view of the list. The first one shows everything."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHead:
    """The head as one person sees it. `url` is where the layout stands without any of its filters."""

    label: str
    url: str
    create_url: str
    import_url: str
    export_url: str
    tabs: tuple[Tab, ...]
    search: str
    view: str
    sort: str
    bar: FilterBar
    clear_url: str
    is_narrowed: bool


def list_head(
    visit: Visit, unit: Unit, form: Form, address: ListAddress, views: FieldViews, *, path: str
) -> ListHead:
    """Return the head of the layout that stands at `path`."""
    url = f"/forms/{form.id}"
    may = {action: bool(access.decide(unit.person, action, form.id, unit=unit)) for action in Action}
    mapping = next((each.id for each in unit.project.imports if each.form == form.id), None)
    opened = visit.query.get("open", "")
    return ListHead(
        label=text_of(form.label, visit.locale),
        url=path,
        create_url=f"{url}/new" if may[Action.CREATE] else "",
        import_url=f"/imports/{mapping}" if mapping and may[Action.IMPORT] else "",
        export_url=address.with_cursor(None).url(f"{url}/export") if may[Action.EXPORT] else "",
        tabs=_tabs(visit, records.views(unit, form), path, address),
        search=address.search,
        view=address.view or "",
        sort=address.sort_text,
        bar=FilterViews(unit, form, address, views, visit.t, path=path, opened=opened).bar(),
        clear_url=address.cleared().url(path),
        is_narrowed=bool(address.filters or address.search or address.view),
    )


def _tabs(visit: Visit, views: tuple[View, ...], url: str, address: ListAddress) -> tuple[Tab, ...]:
    if not views:
        return ()
    everything = Tab(
        label=visit.t("list.all"), url=address.with_view(None).url(url), is_current=address.view is None
    )
    named = (
        Tab(
            label=text_of(view.label, visit.locale),
            url=address.with_view(view.id).url(url),
            is_current=address.view == view.id,
        )
        for view in views
    )
    return (everything, *named)
