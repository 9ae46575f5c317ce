"""A board: the records of a form as cards, in columns by a choice or by the state; and moving a card.

Its address reads like that of the list; `show.quoted=60` says that more of one column is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from orderkit.engine import access, records
from orderkit.engine.access import Action
from orderkit.engine.records import Count, RecordView, Update
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import NotFound, Problem, Refused
from orderkit.model.forms import Field, Form
from orderkit.web.boards.columns import NOTHING, BoardColumn, columns_of, labels_of, shown_name, shown_pairs
from orderkit.web.boards.moves import Target, moves_path, targets_of
from orderkit.web.display.fields import FieldView, FieldViews, field_views
from orderkit.web.listing.address import ListAddress, read_address
from orderkit.web.listing.head import ListHead, board_path, list_head
from orderkit.web.listing.kept import arranged_at, kept_views
from orderkit.web.listing.sums import summed_fields
from orderkit.web.pages.record_list import form_of
from orderkit.web.recording.sections import value_of
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/board.html"
MOVES = "pages/moves.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One record. `name` is its first column, `lead` its second, `fields` the others."""

    element: str
    url: str
    moves_url: str
    title: str
    name: str
    lead: FieldView | None
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """One column of cards. `more_url` shows more of them, `list_url` all of them in the table."""

    value: str
    element: str
    sums_element: str
    label: str
    hue: str
    count: str
    cards: tuple[Card, ...]
    more_url: str
    list_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """A board as one person sees it. `sums_url` is empty where nothing is summed up."""

    head: ListHead
    columns: tuple[ColumnView, ...]
    sums_url: str
    is_empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesPart:
    """Where one card may go: a menu for people, and what a dragged card is told by."""

    revision: int
    targets: tuple[Target, ...]
    can_move: bool


def show_board(visit: Visit) -> Response:
    """Show the board of a field."""
    with visit.reading() as unit:
        form, field = board_of(visit, unit)
        address = read_address(visit.query, form, unit.runtime.catalog).with_cursor(None)
        page = _page(visit, unit, form, field, address)
        response = visit.show(unit, TEMPLATE, page, current=f"form:{form.id}")
        if visit.is_partial and "open" not in visit.query:
            response.headers["HX-Push-Url"] = _url(address, page.head.url, shown_pairs(visit.query, field))
        return response


def show_moves(visit: Visit) -> Response:
    """Show where a card may go."""
    with visit.reading() as unit:
        form, field = board_of(visit, unit)
        record = records.get(unit, form.id, visit.number("id"))
        targets = targets_of(unit, form, record, field, visit.t)
        can_move = any(each.ways for each in targets)
        return visit.part(MOVES, MovesPart(revision=record.revision, targets=targets, can_move=can_move))


def move(visit: Visit) -> Response:
    """Give a record another value of the field that the board is by, under the rules of any other edit."""
    with visit.writing() as unit:
        form, field = board_of(visit, unit)
        record_id, to = visit.number("id"), visit.field("to")
        value = None if to == NOTHING else unit.runtime.catalog.fields[field.type].parse(field.options, to)
        if isinstance(value, Invalid):
            raise Refused(
                [Problem(path=field.id, code="invalid", message=value.message, help=value.expected)]
            )
        change = Update(form=form.id, id=record_id, values={field.id: value}, revision=visit.revision())
        records.apply(unit, [change])
        title = records.get(unit, form.id, record_id).title
        after = labels_of(unit, field, visit.t("board.none")).get(to, to)
        said = visit.t("board.moved", record=title, after=after)
    return visit.done(said)


def board_of(visit: Visit, unit: Unit) -> tuple[Form, Field]:
    """Return the form and the field that the address names. Raises NotFound for one that is no board."""
    form = form_of(unit, visit.name("form"))
    name = visit.name("field")
    if name not in form.list.boards:
        raise NotFound
    return form, form.by_id[name]


def sums_element(value: str) -> str:
    """Return where the sums of a column stand on the page: columns come and go, so it is told by its value."""
    return f"sums-{value.encode().hex() or '0'}"


def _page(visit: Visit, unit: Unit, form: Form, field: Field, address: ListAddress) -> BoardPage:
    views, path = field_views(unit), board_path(form, field.id)
    shown = shown_pairs(visit.query, field)
    nothing = visit.t("board.none")
    arrangement = arranged_at(unit, form, kept_views(unit, form, address))
    columns = list(columns_of(unit, form, field, address, query=visit.query, nothing=nothing))
    fields = [
        form.by_id[each]
        for each in form.list.columns
        if each != field.id and access.decide(unit.person, Action.READ, form.id, field=each, unit=unit)
    ]

    def column_view(index: int, column: BoardColumn) -> ColumnView:
        others = [(name, text) for name, text in shown if name != shown_name(column.value)]
        more = [*others, (shown_name(column.value), str(column.more))]
        return ColumnView(
            value=column.value,
            element=f"column-{index}",
            sums_element=sums_element(column.value),
            label=column.label,
            hue=column.hue,
            count=_count(column.count),
            cards=tuple(_card(form, field, fields, each, views) for each in column.rows),
            more_url=_url(address, path, more) if column.more else "",
            list_url=_list_url(form, field, column, address) if column.is_cut else "",
        )

    return BoardPage(
        head=list_head(visit, unit, form, address, views, path=path),
        columns=tuple(column_view(index, column) for index, column in enumerate(columns)),
        sums_url=address.url(f"{path}/totals") if summed_fields(form, arrangement) else "",
        is_empty=not any(column.count.value for column in columns),
    )


def _card(form: Form, board: Field, fields: Sequence[Field], record: RecordView, views: FieldViews) -> Card:
    shown = [views.view(form, each, value_of(record, each.id), is_cell=True) for each in fields]
    name, lead = (shown[0] if shown else None), (shown[1] if len(shown) > 1 else None)
    return Card(
        element=f"card-{record.id}",
        url=f"/forms/{form.id}/{record.id}",
        moves_url=moves_path(form, record.id, board),
        title=record.title,
        name=(name.shown if name is not None else "") or record.title,
        lead=lead if lead is not None and lead.shown else None,
        fields=tuple(each for each in shown[2:] if each.shown),
    )


def _count(count: Count) -> str:
    return f"{count.value:,}" + ("" if count.is_exact else "+")


def _list_url(form: Form, field: Field, column: BoardColumn, address: ListAddress) -> str:
    """Return the table with the records of one column, where the other filters leave that unsaid."""
    name = f"f.{field.id}.empty" if column.value == NOTHING else f"f.{field.id}"
    text = "true" if column.value == NOTHING else column.value
    # What is asked of the field already has left this column; with any-of, the table shows them all.
    is_said = bool(address.texts(field.id)) or address.is_any
    return _url(address, f"/forms/{form.id}", [] if is_said else [(name, text)])


def _url(address: ListAddress, path: str, pairs: Sequence[tuple[str, str]]) -> str:
    url = address.url(path)
    return f"{url}{'&' if '?' in url else '?'}{urlencode(pairs)}" if pairs else url
