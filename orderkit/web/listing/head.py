"""What stands above the records of a form, however they are laid out: what can be done, views, search, filters.

A form's records stand in a table, on a board for each field that `list.boards` names, and in a calendar
by `list.calendar`. Each of them has an address of its own and reads the rest of it in the same way, so
that whoever changes the layout keeps what they asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from orderkit.engine import access, records
from orderkit.engine.access import Action
from orderkit.engine.runtime import Unit
from orderkit.model.forms import Form, View
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldViews
from orderkit.web.figures.question import figures_url
from orderkit.web.listing.address import ListAddress
from orderkit.web.listing.exports import ExportGroup, exports
from orderkit.web.listing.filters import FilterBar, FilterViews
from orderkit.web.listing.kept import KeptViews, kept_views
from orderkit.web.request.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A view of the list. The first one shows everything."""

    label: str
    url: str
    is_current: bool
    is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way in which the records stand: an icon with its name."""

    label: str
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHead:
    """The head as one person sees it. `url` is where the layout stands without any of its filters."""

    form: str
    label: str
    url: str
    create_url: str
    import_url: str
    exports: tuple[ExportGroup, ...]
    layouts: tuple[Layout, ...]
    bin_url: str
    figures_url: str
    tabs: tuple[Tab, ...]
    search: str
    view: str
    saved: int | None
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
    mapping = next((each.id for each in unit.project.imports if each.form == form.id), form.id)
    may_import = may[Action.IMPORT] and (mapping != form.id or not form.is_built_in)
    layouts = tuple(_layouts(visit, unit, form, address.with_cursor(None), path))
    kept = kept_views(unit, form, address)
    opened = visit.query.get("open", "")
    return ListHead(
        form=form.id,
        label=text_of(form.label, visit.locale),
        url=path,
        create_url=f"{url}/new" if may[Action.CREATE] else "",
        import_url=f"/imports/{mapping}" if may_import else "",
        exports=exports(visit, address, url) if may[Action.EXPORT] else (),
        layouts=layouts if len(layouts) > 1 else (),
        bin_url=f"{url}/bin" if may[Action.DELETE] else "",
        figures_url=figures_url(unit, form.id),
        tabs=_tabs(visit, records.views(unit, form), kept, path, address),
        search=address.search,
        view=address.view or "",
        saved=address.saved,
        sort=address.sort_text,
        bar=FilterViews(unit, form, address, views, visit.t, path=path, opened=opened).bar(),
        clear_url=address.cleared().url(path),
        is_narrowed=bool(address.filters or address.search or address.view),
    )


def board_path(form: Form, field_id: str) -> str:
    """Return where the board of a field stands."""
    return f"/forms/{form.id}/board/{field_id}"


def calendar_path(form: Form) -> str:
    """Return where the calendar of a form stands."""
    return f"/forms/{form.id}/calendar"


def _layouts(visit: Visit, unit: Unit, form: Form, address: ListAddress, path: str) -> Iterator[Layout]:
    def layout(label: str, icon: str, own_path: str) -> Layout:
        return Layout(label=label, icon=icon, url=address.url(own_path), is_current=own_path == path)

    def is_shown(field_id: str) -> bool:
        return bool(access.decide(unit.person, Action.READ, form.id, field=field_id, unit=unit))

    yield layout(visit.t("list.as_table"), "table", f"/forms/{form.id}")
    for board in filter(is_shown, form.list.boards):
        by = text_of(form.by_id[board].label, visit.locale)
        yield layout(visit.t("list.as_board", field=by), "layout-kanban", board_path(form, board))
    if form.list.calendar is not None and is_shown(form.list.calendar):
        by = text_of(form.by_id[form.list.calendar].label, visit.locale)
        own = calendar_path(form)
        is_here = path == own or path.startswith(f"{own}/")
        yield layout(visit.t("list.as_calendar", field=by), "calendar", path if is_here else own)


def _tabs(
    visit: Visit, views: tuple[View, ...], kept: KeptViews, url: str, address: ListAddress
) -> tuple[Tab, ...]:
    if not views and not kept.views:
        return ()
    is_kept = kept.current is not None
    everything = Tab(
        label=visit.t("list.all"),
        url=address.with_view(None).url(url),
        is_current=address.view is None and not is_kept,
    )
    named = (
        Tab(
            label=text_of(view.label, visit.locale),
            url=address.with_view(view.id).url(url),
            is_current=address.view == view.id and not is_kept,
        )
        for view in views
    )
    own = (
        Tab(
            label=each.view.name,
            url=each.address.url(url),
            is_current=kept.current is each,
            is_shared=not each.view.is_mine,
        )
        for each in kept.views
    )
    return (everything, *named, *own)
