"""The kept views of a list: as tabs, as the panel that keeps and changes them, and as the address each stands for.

What of a view this reader may not see, or what is no longer there, is left out of its address, and said
on the page: how much, but not what.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import QueryParams

from orderkit.engine import lists, records
from orderkit.engine.lists import Arrangement, KeptView
from orderkit.engine.runtime import Unit
from orderkit.model.forms import Form
from orderkit.web.listing.address import ListAddress, read_address
from orderkit.web.listing.reading import field_named

_NO_FILTERS = frozenset({"q", "match", "cursor", "saved", "open"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A kept view as this reader can use it. `left_out` counts what of it they cannot."""

    view: KeptView
    address: ListAddress
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewsPanel:
    """The panel of views. `id` 0: what shows comes from no kept view. `default` is the view it would open with."""

    action: str
    query: str
    id: int
    name: str
    longest_name: int
    is_shared: bool
    is_changed: bool
    may_change: bool
    may_share: bool
    is_default: bool
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptViews:
    """What this reader keeps of a list. `current` is the view that the address came from."""

    views: tuple[Opened, ...]
    current: Opened | None
    default: str


def kept_views(unit: Unit, form: Form, address: ListAddress) -> KeptViews:
    """Return the views beside those of the YAML, and which of them is looked at."""
    views = tuple(opened(unit, form, each) for each in lists.kept_views(unit, form))
    current = next((each for each in views if each.view.id == address.saved), None)
    return KeptViews(views=views, current=current, default=lists.default_view(unit, form))


def arranged_at(unit: Unit, form: Form, kept: KeptViews) -> Arrangement:
    """Return the columns of the list, or of the view that is looked at."""
    if kept.current is None:
        return lists.arranged(unit, form)
    view = kept.current.view
    return lists.arranged(unit, form, view=view.id, written=view.arrangement)


def opened(unit: Unit, form: Form, view: KeptView) -> Opened:
    """Return the list that a view shows to this reader."""
    query = QueryParams(view.query)
    kept = [(name, text) for name, text in query.multi_items() if _is_usable(unit, form, name, text)]
    address = read_address(QueryParams(kept), form, unit.runtime.catalog)
    address = replace(address, saved=view.id, cursor=None)
    wanted = {name for name in query if name not in _NO_FILTERS}
    got = {name for name in QueryParams(address.url("").removeprefix("?")) if name not in _NO_FILTERS}
    return Opened(view=view, address=address, left_out=len(wanted - got))


def default_address(unit: Unit, form: Form) -> ListAddress | None:
    """Return the list as it opens for this reader, if that is not everything."""
    default = lists.default_view(unit, form)
    if any(view.id == default for view in records.views(unit, form)):
        return ListAddress(view=default, saved=0)
    views = lists.kept_views(unit, form) if default else ()
    found = next((each for each in views if str(each.id) == default), None)
    return opened(unit, form, found).address if found is not None else None


def views_panel(
    unit: Unit, form: Form, kept: KeptViews, address: ListAddress, *, has_own_columns: bool
) -> ViewsPanel:
    """Return the panel for what shows now."""
    current = kept.current
    here = replace(address, cursor=None)
    looked_at = str(current.view.id) if current is not None else address.view or lists.EVERYTHING
    return ViewsPanel(
        action=f"/forms/{form.id}/views",
        query=replace(here, saved=None).url("").removeprefix("?"),
        id=current.view.id if current is not None else 0,
        name=current.view.name if current is not None else "",
        longest_name=lists.LONGEST_NAME,
        is_shared=current is not None and current.view.is_shared,
        is_changed=current is not None and (has_own_columns or current.address != here),
        may_change=current is not None and current.view.may_change,
        may_share=lists.may_share(unit, form),
        is_default=kept.default == looked_at,
        default=looked_at,
    )


def _is_usable(unit: Unit, form: Form, name: str, text: str) -> bool:
    if name == "view":
        return any(view.id == text for view in records.views(unit, form))
    fields: Sequence[str]
    if name in {"sort", "group"}:
        fields = [part.removeprefix("-") for part in text.split(",")]
    else:
        field = field_named(name)
        fields = [] if field is None else [field]
    return all(field in form.by_id and lists.may_compare(unit, form, field) for field in fields)
