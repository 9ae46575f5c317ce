"""The list of a form: views as tabs, search, filters, order, pages, and the way into each record.

What stands in the address (`?view=late&q=…&f.status=quoted&sort=-total&cursor=…`) is the whole state
of the list, so it can be shared and comes back with the browser's back button. Reading the address is
`listing.address`.
"""

from dataclasses import dataclass, replace

from starlette.responses import Response

from orderkit.engine import access, records
from orderkit.engine.access import Action
from orderkit.engine.records import Query, RecordView
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.expressions.types import File, Json, Many, Rows
from orderkit.model.forms import Field, Form
from orderkit.web.display.fields import FieldValue, FieldView, FieldViews, field_views, is_number
from orderkit.web.listing.address import ListAddress, read_address
from orderkit.web.listing.head import ListHead, list_head
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/record_list.html"
PAGE_SIZE = 50
_UNSORTABLE = (Many, File, Json, Rows)
_LONG = frozenset({"longtext", "richtext"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column's heading. `direction` is `ascending`, `descending` or empty; `sort_url` empty: no order."""

    label: str
    sort_url: str
    direction: str
    is_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value of a row. On a phone the first, the state and the lead have places of their own."""

    field: FieldView
    label: str
    is_first: bool
    is_lead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record of the list."""

    url: str
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordListPage:
    """A list as one person sees it."""

    head: ListHead
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    count: str
    previous_url: str
    next_url: str


def show_list(visit: Visit) -> Response:
    """Show the list of a form."""
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        address = read_address(visit.query, form, unit.runtime.catalog)
        page = list_page(visit, unit, form, address)
        response = visit.show(unit, TEMPLATE, page, current=f"form:{form.id}")
        if visit.is_partial and "open" not in visit.query:
            # The filters send what they hold; what stands in the address is what it means.
            response.headers["HX-Push-Url"] = address.url(page.head.url)
        return response


def form_of(unit: Unit, form_id: str) -> Form:
    """Return a form that has pages of its own. Raises NotFound for rows of lines and unknown ones."""
    form = unit.project.form_by_id.get(form_id)
    if form is None or form.parent is not None:
        raise NotFound
    return form


def list_page(visit: Visit, unit: Unit, form: Form, address: ListAddress) -> RecordListPage:
    """Return the model of the list in the state that an address stands for."""
    views = field_views(unit)
    columns = tuple(field for field in columns_of(form) if _may_see(unit, form, field))
    query = Query(
        form=form.id,
        filters=address.filters,
        view=address.view,
        search=address.search or None,
        sort=address.sort,
        cursor=address.cursor,
        limit=PAGE_SIZE,
        columns=tuple(field.id for field in columns),
    )
    page = records.page(unit, query)
    total = records.count(unit, replace(query, cursor=None))
    url = f"/forms/{form.id}"
    return RecordListPage(
        head=list_head(visit, unit, form, address, views, path=url),
        columns=tuple(_column(field, views, url, address) for field in columns),
        rows=tuple(_row(row, form, columns, views) for row in page.rows),
        count=str(total) if total.is_exact else f"{total.value:,}+",
        previous_url=address.with_cursor(page.previous).url(url) if page.previous else "",
        next_url=address.with_cursor(page.next).url(url) if page.next else "",
    )


def columns_of(form: Form) -> tuple[Field, ...]:
    """Return the fields that the form's list shows."""
    return tuple(form.by_id[column] for column in form.list.columns)


def _may_see(unit: Unit, form: Form, field: Field) -> bool:
    return bool(access.decide(unit.person, Action.READ, form.id, field=field.id, unit=unit))


def _column(field: Field, views: FieldViews, url: str, address: ListAddress) -> Column:
    may_sort = field.is_stored and not isinstance(field.value_type, _UNSORTABLE) and field.type not in _LONG
    return Column(
        label=views.label(field),
        sort_url=address.sorted_by(field.id).url(url) if may_sort else "",
        direction=address.direction_of(field.id),
        is_number=is_number(field),
    )


def _row(record: RecordView, form: Form, columns: tuple[Field, ...], views: FieldViews) -> Row:
    cells: list[Cell] = []
    for index, field in enumerate(columns):
        given = FieldValue(
            value=record.values.get(field.id),
            title=record.titles.get(field.id),
            file=record.files.get(field.id),
            items=record.items.get(field.id, ()),
            unit=record.units.get(field.id, ""),
            right=record.rights.get(field.id, access.Right.HIDDEN),
        )
        if given.right is access.Right.HIDDEN:
            given = FieldValue(right=access.Right.READ)
        cells.append(
            Cell(
                field=views.view(form, field, given, is_cell=True),
                label=views.label(field),
                is_first=index == 0,
                is_lead=index == 1 and not is_number(field),
            )
        )
    return Row(url=f"/forms/{record.form}/{record.id}", title=record.title, cells=tuple(cells))
