"""A calendar: the records of a form on the days of one of its dates, by month or week; and moving one to another day.

`/calendar/2026-11` is a month, `/calendar/2026-11-23` the week of a day; the rest of the address reads like
that of the list.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from starlette.responses import Response

from orderkit.engine import access, records
from orderkit.engine.access import Action
from orderkit.engine.records import Filter, Operator, Query, RecordView, Update
from orderkit.engine.runtime import Unit
from orderkit.engine.zones import zone_seen
from orderkit.fields.moments import shown_day
from orderkit.model.errors import NotFound, Problem, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import DateTime
from orderkit.model.forms import Field, Form, SortKey
from orderkit.model.labels import label, text_of
from orderkit.web.calendars.days import Mark, Span, day_on, mark_of, month_of, moved_to, read_span, week_of
from orderkit.web.display.fields import FieldView, FieldViews, field_views
from orderkit.web.listing.address import ListAddress, read_address
from orderkit.web.listing.head import ListHead, calendar_path, list_head
from orderkit.web.listing.querying import whole_query
from orderkit.web.pages.record_list import form_of
from orderkit.web.recording.sections import value_of
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/calendar.html"
DAY = "pages/calendar_day.html"
OF_A_WEEK = 200
OF_A_DAY = 5
_NO_DAY = label(zh="这不是日期", en="this is no day")
_A_DAY = label(zh="写成 2026-11-28", en="write it as 2026-11-28")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One record on its day. `time` is empty for a plain date; `state` colours it."""

    element: str
    url: str
    move_url: str
    revision: int
    title: str
    time: str
    hue: str
    state: str
    can_move: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """One day. `more_url` leads to the table with all of it, where it holds more than is shown."""

    day: str
    number: int
    label: str
    mark: Mark
    is_today: bool
    is_outside: bool
    events: tuple[Event, ...]
    more: str
    more_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    """A calendar as one person sees it."""

    head: ListHead
    title: str
    is_week: bool
    weeks: tuple[tuple[DayView, ...], ...]
    is_empty: bool
    previous_url: str
    next_url: str
    today_url: str
    month_url: str
    week_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPart:
    """The dialog in which a record is put on another day."""

    title: str
    action: str
    field: str
    day: str
    revision: int


def show_calendar(visit: Visit) -> Response:
    """Show a month or a week."""
    with visit.reading() as unit:
        form, field = _calendar_of(visit, unit)
        address = read_address(visit.query, form, unit.runtime.catalog).with_cursor(None)
        calendar = _Calendar(visit, unit, form, field, address)
        page = calendar.page(read_span(str(visit.request.path_params.get("at", "")), calendar.today))
        response = visit.show(unit, TEMPLATE, page, current=f"form:{form.id}")
        if visit.is_partial and "open" not in visit.query:
            response.headers["HX-Push-Url"] = address.url(page.head.url)
        return response


def ask_day(visit: Visit) -> Response:
    """Show the dialog that asks for another day: for the keyboard, and for fingers."""
    with visit.reading() as unit:
        form, field = _calendar_of(visit, unit)
        record = records.get(unit, form.id, visit.number("id"))
        day = day_on(record.values.get(field.id), zone_seen(field, unit.project, unit.zone))
        part = DayPart(
            title=record.title,
            action=_move_url(form, record.id),
            field=text_of(field.label, visit.locale),
            day=day.isoformat() if day else "",
            revision=record.revision,
        )
        return visit.part(DAY, part)


def move(visit: Visit) -> Response:
    """Put a record on another day, as an edit of its date under the rules of any other."""
    with visit.writing() as unit:
        form, field = _calendar_of(visit, unit)
        record = records.get(unit, form.id, visit.number("id"))
        zone = zone_seen(field, unit.project, unit.zone)
        day, value = _read_day(visit.field("to"), field, record.values.get(field.id), zone)
        change = Update(form=form.id, id=record.id, values={field.id: value}, revision=visit.revision())
        records.apply(unit, [change])
        said = visit.t("calendar.moved", record=record.title, day=shown_day(day, visit.locale))
    return visit.done(said)


class _Calendar:
    """Makes the page of one reader."""

    def __init__(self, visit: Visit, unit: Unit, form: Form, field: Field, address: ListAddress) -> None:
        self.visit = visit
        self.unit = unit
        self.form = form
        self.field = field
        self.zone = zone_seen(field, unit.project, unit.zone)
        self.today = unit.now.astimezone(self.zone).date()
        self.address = address
        self.views = field_views(unit)
        self.state = next((each for each in form.fields if each.workflow is not None), None)
        # Which record may be moved by whom is decided when somebody tries.
        may_edit = bool(access.decide(unit.person, Action.UPDATE, form.id, unit=unit))
        self.can_move = may_edit and not (field.is_derived or field.readonly)

    def page(self, span: Span) -> CalendarPage:
        """Return the page of a month or week."""
        path = calendar_path(self.form)
        weeks = tuple(self._week(week, span) for week in span.weeks)
        today = self.today
        near = today if span.holds(today) or span.first <= today < span.moved(1).anchor else span.anchor

        def url(other: Span) -> str:
            return self.address.url(path if other == month_of(today) else f"{path}/{other.name}")

        here = path if span == month_of(today) else f"{path}/{span.name}"
        return CalendarPage(
            head=list_head(self.visit, self.unit, self.form, self.address, self.views, path=here),
            title=self._title(span),
            is_week=span.is_week,
            weeks=weeks,
            is_empty=not any(day.events for week in weeks for day in week),
            previous_url=url(span.moved(-1)),
            next_url=url(span.moved(1)),
            today_url=url(week_of(today) if span.is_week else month_of(today)),
            month_url=url(month_of(near)),
            week_url=url(week_of(near)),
        )

    def _title(self, span: Span) -> str:
        if not span.is_week:
            return self.visit.t("calendar.month", year=span.anchor.year, month=f"{span.anchor.month:02}")
        last = next(iter(span.weeks))[-1]
        return f"{shown_day(span.anchor, self.visit.locale)} – {shown_day(last, self.visit.locale)}"

    def _week(self, week: tuple[date, ...], span: Span) -> tuple[DayView, ...]:
        page = records.page(self.unit, self._query(week[0], week[-1]))
        by_day: dict[date, list[RecordView]] = defaultdict(list)
        for row in page.rows:
            day = day_on(row.values.get(self.field.id), self.zone)
            if day is not None:
                by_day[day].append(row)
        # Of a week with more records than one page holds, the last day and those after it are not whole.
        cut = max(by_day, default=week[0]) if page.next else None
        return tuple(self._day(day, by_day[day], span, is_cut=cut is not None and day >= cut) for day in week)

    def _query(self, first: date, last: date) -> Query:
        shown = [self.field.id, *([self.state.id] if self.state else []), *self.form.list.columns[:2]]
        during = (
            Filter(field=self.field.id, operator=Operator.AT_LEAST, values=(first,)),
            Filter(field=self.field.id, operator=Operator.AT_MOST, values=(last,)),
        )
        return replace(
            whole_query(self.form, self.address),
            filters=(*self.address.filters, *during),
            sort=(SortKey(field=self.field.id),),
            limit=OF_A_WEEK,
            columns=tuple(dict.fromkeys(shown)),
        )

    def _day(self, day: date, rows: Sequence[RecordView], span: Span, *, is_cut: bool) -> DayView:
        most = OF_A_WEEK if span.is_week else OF_A_DAY
        rest = len(rows) - most
        name = f"f.{self.field.id}"
        url = self.address.url(f"/forms/{self.form.id}")
        joint = "&" if "?" in url else "?"
        is_more = rest > 0 or is_cut
        return DayView(
            day=day.isoformat(),
            number=day.day,
            label=shown_day(day, self.visit.locale),
            mark=mark_of(self.unit.project, day, self.visit.locale),
            is_today=day == self.today,
            is_outside=not span.holds(day),
            events=tuple(self._event(each) for each in rows[:most]),
            more=self.visit.t("calendar.more", count=rest)
            if rest > 0 and not is_cut
            else self.visit.t("calendar.all"),
            more_url=f"{url}{joint}{name}.from={day}&{name}.to={day}" if is_more else "",
        )

    def _event(self, record: RecordView) -> Event:
        state = None if self.state is None else _state_view(self.form, self.state, record, self.views)
        value = record.values.get(self.field.id)
        return Event(
            element=f"event-{record.id}",
            url=f"/forms/{self.form.id}/{record.id}",
            move_url=_move_url(self.form, record.id),
            revision=record.revision,
            title=record.title,
            time=f"{value.astimezone(self.zone):%H:%M}" if isinstance(value, datetime) else "",
            hue=state.hue if state else "",
            state=state.shown if state else "",
            can_move=self.can_move,
        )


def _calendar_of(visit: Visit, unit: Unit) -> tuple[Form, Field]:
    """Return the form of the address and the date of its calendar. Raises NotFound when it has none."""
    form = form_of(unit, visit.name("form"))
    if form.list.calendar is None:
        raise NotFound
    return form, form.by_id[form.list.calendar]


def _move_url(form: Form, record_id: int) -> str:
    return f"{calendar_path(form)}/{record_id}/day"


def _state_view(form: Form, state: Field, record: RecordView, views: FieldViews) -> FieldView:
    given = value_of(record, state.id)
    return views.view(
        form, state, given if state.id in record.values else replace(given, value=None), is_cell=True
    )


def _read_day(text: str, field: Field, before: Scalar, zone: ZoneInfo) -> tuple[date, date]:
    """Return the day that was sent, and what the field holds on it. Raises Refused."""
    try:
        day = date.fromisoformat(text)
        return day, moved_to(before, day, zone) if isinstance(field.value_type, DateTime) else day
    except (ValueError, OverflowError) as error:
        # The first day of all, and the last, begin or end in no year of another zone.
        problem = Problem(path=field.id, code="invalid", message=_NO_DAY, help=_A_DAY)
        raise Refused([problem]) from error
