"""The columns of a list: their headings, and the panel in which a person chooses and orders them."""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.datastructures import FormData

from orderkit.engine.lists import LEAST_WIDTH, MOST_FROZEN, MOST_WIDTH, Arrangement, ColumnWidth
from orderkit.model.expressions.types import File, Json, Many, Rows
from orderkit.model.forms import Field
from orderkit.web.display.fields import FieldViews
from orderkit.web.display.traits import is_number
from orderkit.web.listing.address import ListAddress

_UNSORTABLE = (Many, File, Json, Rows)
_LONG = frozenset({"longtext", "richtext"})
_LONGEST_WIDTH = 3
# Once one column has a width, those without have this: a table either measures itself or is measured.
_USUAL_WIDTH = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column's heading. `direction` is `ascending`, `descending` or empty; `sort_url` empty: no order.

    `width` is in pixels, 0 where the columns follow what stands in them.
    """

    name: str
    label: str
    sort_url: str
    direction: str
    is_number: bool
    width: int
    is_frozen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChoice:
    """A field that may be a column, in the panel."""

    name: str
    label: str
    width: str
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsPanel:
    """What the panel of columns shows and sends. `query` is the state of the list to come back to.

    `width` is the whole table's where its columns have one, else 0.
    """

    action: str
    query: str
    saved: int
    choices: tuple[ColumnChoice, ...]
    frozen: int
    most_frozen: int
    least_width: int
    most_width: int
    is_own: bool
    width: int


def headings(
    fields: tuple[Field, ...], arrangement: Arrangement, views: FieldViews, url: str, address: ListAddress
) -> tuple[Column, ...]:
    """Return the headings of the columns, in order."""
    is_sized = any(each.width for each in arrangement.columns)
    return tuple(
        Column(
            name=field.id,
            label=views.label(field),
            sort_url=address.sorted_by(field.id).url(url) if _may_sort(field) else "",
            direction=address.direction_of(field.id),
            is_number=is_number(field),
            width=(column.width or _USUAL_WIDTH) if is_sized else 0,
            is_frozen=index < arrangement.frozen,
        )
        for index, (field, column) in enumerate(zip(fields, arrangement.columns, strict=True))
    )


def columns_panel(
    offered: tuple[Field, ...], arrangement: Arrangement, views: FieldViews, url: str, address: ListAddress
) -> ColumnsPanel:
    """Return the panel: the columns that show in their order, then what else there is."""
    labels = {field.id: views.label(field) for field in offered}
    widths = {each.field: each.width for each in arrangement.columns}
    hidden = (name for name in labels if name not in widths)
    choices = (
        ColumnChoice(
            name=name, label=labels[name], width=str(widths.get(name) or ""), is_shown=name in widths
        )
        for name in (*widths, *hidden)
    )
    return ColumnsPanel(
        action=f"{url}/columns",
        query=address.url("").removeprefix("?"),
        saved=address.saved or 0,
        choices=tuple(choices),
        frozen=min(arrangement.frozen, MOST_FROZEN),
        most_frozen=MOST_FROZEN,
        least_width=LEAST_WIDTH,
        most_width=MOST_WIDTH,
        is_own=arrangement.is_own,
        width=sum(each or _USUAL_WIDTH for each in widths.values()) if any(widths.values()) else 0,
    )


def read_columns(form: FormData) -> tuple[tuple[ColumnWidth, ...], int]:
    """Return the columns that the panel sent, in order, and how many of them stay in sight."""
    frozen = form.get("frozen")
    is_count = isinstance(frozen, str) and frozen.isascii() and frozen.isdecimal() and len(frozen) == 1
    return tuple(_sent(form)), int(frozen) if is_count and isinstance(frozen, str) else 1


def _sent(form: FormData) -> Iterator[ColumnWidth]:
    for name in form.getlist("column"):
        if isinstance(name, str):
            given = form.get(f"width.{name}")
            text = given.strip() if isinstance(given, str) else ""
            is_width = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_WIDTH
            width = min(max(int(text), LEAST_WIDTH), MOST_WIDTH) if is_width else None
            yield ColumnWidth(name, width)


def _may_sort(field: Field) -> bool:
    return field.is_stored and not isinstance(field.value_type, _UNSORTABLE) and field.type not in _LONG
