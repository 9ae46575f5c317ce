"""The figures of a workflow: where it is stuck and with whom, how long things take, what is sent back, which ways they go.

What stands where now is shown at once. The rest, for which the database reads every step of every record, is
fetched by the page in parts, so that nobody waits for all of it.
"""

from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from starlette.responses import Response

from orderkit.engine import access
from orderkit.engine.access import Action
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import analytics
from orderkit.engine.workflow.analytics import KEYS, Asked, Behind, Figure
from orderkit.engine.workflow.analytics.logs import LOG_FORMATS, note_log, write_log
from orderkit.model.errors import NotFound
from orderkit.web.display.moments import shown_ago, shown_at
from orderkit.web.figures.question import Address, Choice, address_of, owners, periods
from orderkit.web.figures.tables import PARTS, FigureTable, FigureTotal, Tables, made
from orderkit.web.reporting.charts import ChartView
from orderkit.web.request.downloads import sent
from orderkit.web.request.visit import LONGEST_ID, Visit

TEMPLATE = "pages/analytics.html"
PAGE_SIZE = 50
MOST_PAGES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LogChoice:
    """A kind of file that the log may leave as."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsPage:
    """The figures of one workflow as one person sees them.

    `answer` says where it is stuck the longest, `parts` are the addresses of what is fetched.
    """

    label: str
    list_label: str
    list_url: str
    url: str
    workflows: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    departments: tuple[Choice, ...]
    owners: tuple[Choice, ...]
    measure: str
    answer: str
    answer_url: str
    standing: FigureTable
    parts: tuple[tuple[str, str], ...]
    logs: tuple[LogChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsPart:
    """Some of the figures."""

    chart: ChartView | None
    totals: tuple[FigureTotal, ...]
    tables: tuple[FigureTable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindRow:
    """A record that a figure was made of."""

    title: str
    url: str
    since: str
    until: str
    length: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsRecordsPage:
    """The records behind a figure, the longest first."""

    label: str
    figure: str
    back_url: str
    rows: tuple[BehindRow, ...]
    next_url: str


def show_analytics(visit: Visit) -> Response:
    """Show the figures of a workflow."""
    with visit.reading() as unit:
        address = address_of(visit, unit)
        asked = Asked(unit, address.question)
        page = _page(visit, unit, address, asked)
        current = f"form:{address.workflow.form}"
        return visit.show(unit, TEMPLATE, page, current=current, back=page.list_url)


def show_part(visit: Visit) -> Response:
    """Show some of the figures."""
    part = visit.name("part")
    if part not in PARTS:
        raise NotFound
    with visit.reading() as unit:
        address = address_of(visit, unit)
        tables = Tables(visit, Asked(unit, address.question), address)
        chart, totals = tables.throughput() if part == "throughput" else (None, ())
        page = AnalyticsPart(
            chart=chart,
            totals=totals,
            tables=tuple(made(tables, part)),
        )
    return visit.part("pages/analytics_part.html", page)


def show_records(visit: Visit) -> Response:
    """Show the records behind a figure."""
    behind = _behind(visit)
    start = min(visit.before() or 0, PAGE_SIZE * MOST_PAGES)
    with visit.reading() as unit:
        address = address_of(visit, unit)
        asked = Asked(unit, address.question)
        tables = Tables(visit, asked, address)
        found = analytics.records_behind(asked, behind, limit=PAGE_SIZE + 1, offset=start)
        more: dict[str, str | int] = {
            name: value for name, value in visit.query.items() if name not in address.given
        }
        more["before"] = start + PAGE_SIZE
        is_more = len(found) > PAGE_SIZE and start < PAGE_SIZE * MOST_PAGES
        page = AnalyticsRecordsPage(
            label=visit.text(address.workflow.label),
            figure=visit.t(f"figures.of_{behind.figure}"),
            back_url=address.url(),
            rows=tuple(
                BehindRow(
                    title=each.title or f"#{each.record_id}",
                    url=f"/forms/{address.workflow.form}/{each.record_id}",
                    since=shown_at(each.since, visit.zone, visit.locale),
                    until=shown_at(each.until, visit.zone, visit.locale) if each.length else "",
                    length=tables.length(each.length) if each.length else "",
                )
                for each in found[:PAGE_SIZE]
            ),
            next_url=address.url("/records", **more) if is_more else "",
        )
        current = f"form:{address.workflow.form}"
        return visit.show(unit, "pages/analytics_records.html", page, current=current, back=page.back_url)


def export_log(visit: Visit) -> Response:
    """Return the log of a workflow as a file, and note that it leaves before it does."""
    format_ = LOG_FORMATS.get(visit.name("format"))
    if format_ is None:
        raise NotFound
    aside = cast("BinaryIO", TemporaryFile())  # noqa: SIM115 - closed when it has been sent
    try:
        with visit.reading() as unit:
            address = address_of(visit, unit)
            rows = write_log(unit, address.question, format_, aside)
        with visit.writing() as unit:
            note_log(unit, address.question, format_, rows=rows)
    except BaseException:
        aside.close()
        raise
    return sent(f"{visit.text(address.workflow.label)}.{format_.name}", aside, format_.media_type)


def _page(visit: Visit, unit: Unit, address: Address, asked: Asked) -> AnalyticsPage:
    tables = Tables(visit, asked, address)
    found = analytics.standing(asked)
    table = tables.standing(found)
    people, departments = owners(visit, unit, address)
    form = unit.project.form_by_id[address.workflow.form]
    answer = ""
    if found:
        first = found[0]
        answer = visit.t(
            "figures.answer",
            place=table.rows[0].label,
            who=tables.who(first),
            count=first.count,
            since=shown_ago(first.since, unit.now, visit.zone, visit.locale, visit.t),
        )
    calendar = asked.lengths.calendar
    may_take = bool(access.decide(unit.person, Action.EXPORT, form.id, unit=unit))
    return AnalyticsPage(
        label=visit.text(address.workflow.label),
        list_label=visit.text(form.label),
        list_url=f"/forms/{form.id}",
        url=address.path,
        workflows=_workflows(visit, unit, address),
        periods=periods(visit, address),
        departments=departments,
        owners=people,
        measure=visit.t("figures.by_clock") if calendar is None else visit.t("figures.by_calendar"),
        answer=answer,
        answer_url=table.rows[0].url if table.rows else "",
        standing=table,
        parts=tuple((part, address.url(f"/{part}")) for part in PARTS),
        logs=tuple(
            LogChoice(label=each.title, url=address.url(f"/log/{each.name}"))
            for each in (LOG_FORMATS.values() if may_take else ())
        ),
    )


def _workflows(visit: Visit, unit: Unit, address: Address) -> tuple[Choice, ...]:
    """Return the workflows of the same form that the reader may look at, where there are several."""
    known = [
        each
        for each in unit.project.workflows_by_form.get(address.workflow.form, ())
        if access.may_see_analytics(unit, each.id)
    ]
    return tuple(
        Choice(
            value=f"/workflows/{each.id}/analytics",
            label=visit.text(each.label),
            is_chosen=each.id == address.workflow.id,
        )
        for each in (known if len(known) > 1 else ())
    )


def _behind(visit: Visit) -> Behind:
    """Return the figure that the address names. Raises NotFound."""
    name = visit.query.get("of", "")
    if name not in set(Figure):
        raise NotFound
    figure = Figure(name)
    values: dict[str, str | int] = {}
    for key in KEYS[figure]:
        text = visit.query.get(key)
        if text is None:
            continue
        if key != "person":
            values[key] = text
        elif text.isascii() and text.isdecimal() and len(text) < LONGEST_ID:
            values[key] = int(text)
        else:
            raise NotFound
    return Behind(figure=figure, values=values)
