"""A report: choose measures, groups and a span of time; see a chart and the table behind it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.responses import Response

from orderkit.engine import report as reports
from orderkit.engine.report import Filter, ResultTable, parse_filters
from orderkit.engine.runtime import Unit
from orderkit.model.analysis.reports import Grain, Report
from orderkit.model.errors import NotFound, Refused
from orderkit.model.labels import text_of
from orderkit.web.reporting.charts import ChartView, chart_of
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/report.html"
MOST_ROWS = 200
MOST_BARS = 20
DEFAULT_MEASURES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Something that may be ticked."""

    value: str
    label: str
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportColumn:
    """A column of the table; `sort_url` orders by it."""

    label: str
    is_number: bool
    sort_url: str
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """A report as one person sees it."""

    label: str
    url: str
    dimensions: tuple[Chosen, ...]
    measures: tuple[Chosen, ...]
    periods: tuple[Chosen, ...]
    sort: str
    chart: ChartView | None
    columns: tuple[ReportColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    by: tuple[str, ...]
    measures: tuple[str, ...]
    time: str
    sort: str

    def url(self, path: str, **changed: str) -> str:
        pairs = [("by", each) for each in self.by] + [("measures", each) for each in self.measures]
        pairs += [("time", self.time), ("sort", changed.get("sort", self.sort))]
        return f"{path}?{urlencode([pair for pair in pairs if pair[1]])}"


def show_report(visit: Visit) -> Response:
    """Show a report."""
    with visit.reading() as unit:
        report = unit.project.report_by_id.get(visit.name("report"))
        if report is None:
            raise NotFound
        page = _page(visit, unit, report)
        return visit.show(unit, TEMPLATE, page, current=f"report:{report.id}")


def _page(visit: Visit, unit: Unit, report: Report) -> ReportPage:
    question = _question(visit, report)
    problems: tuple[str, ...] = ()
    table: ResultTable | None = None
    try:
        table = _run(unit, report, question)
    except Refused as error:
        problems = tuple(text_of(problem.message, visit.locale) for problem in error.problems)
    url = f"/reports/{report.id}"
    return ReportPage(
        label=text_of(report.label, visit.locale),
        url=url,
        dimensions=tuple(_dimensions(visit, report, question)),
        measures=tuple(
            Chosen(value=each.id, label=text_of(each.label, visit.locale), is_on=each.id in question.measures)
            for each in report.measures
        ),
        periods=tuple(_periods(visit, report, question)),
        sort=question.sort,
        chart=_chart(visit, table) if table is not None else None,
        columns=_columns(visit, table, question, url) if table is not None else (),
        rows=tuple(tuple(cell.text for cell in row.cells) for row in table.rows) if table is not None else (),
        totals=tuple(cell.text for cell in table.totals) if table is not None else (),
        notes=tuple(_notes(visit, table)) if table is not None else (),
        problems=problems,
    )


def _question(visit: Visit, report: Report) -> _Question:
    asked = visit.query
    by = tuple(dict.fromkeys(asked.getlist("by")))
    measures = tuple(dict.fromkeys(asked.getlist("measures")))
    if not by and not measures:
        by = (
            (Grain.MONTH.value,)
            if report.time is not None
            else tuple(each.id for each in report.dimensions[:1])
        )
        measures = tuple(each.id for each in report.measures[:DEFAULT_MEASURES])
    return _Question(
        by=by,
        measures=measures or tuple(each.id for each in report.measures[:1]),
        time=asked.get("time", ""),
        sort=asked.get("sort", ""),
    )


def _run(unit: Unit, report: Report, question: _Question) -> ResultTable:
    filters: tuple[Filter, ...] = ()
    if question.time and report.time is not None:
        filters = parse_filters(unit, report, [f"time:{question.time}"])
    return reports.run(
        unit,
        report.id,
        measures=question.measures,
        by=question.by,
        where=filters,
        sort=[question.sort] if question.sort else (),
        limit=MOST_ROWS,
    )


def _dimensions(visit: Visit, report: Report, question: _Question) -> Iterable[Chosen]:
    if report.time is not None:
        for grain in Grain:
            label = visit.t(f"report.grain_{grain.value}")
            yield Chosen(value=grain.value, label=label, is_on=grain.value in question.by)
    for each in report.dimensions:
        yield Chosen(value=each.id, label=text_of(each.label, visit.locale), is_on=each.id in question.by)


def _periods(visit: Visit, report: Report, question: _Question) -> Iterable[Chosen]:
    if report.time is None:
        return
    yield Chosen(value="", label=visit.t("charts.period_all"), is_on=not question.time)
    for name, label in reports.PERIOD_NAMES.items():
        yield Chosen(value=name, label=text_of(label, visit.locale), is_on=name == question.time)
    if question.time and question.time not in reports.PERIOD_NAMES:
        yield Chosen(value=question.time, label=question.time, is_on=True)


def _chart(visit: Visit, table: ResultTable) -> ChartView | None:
    """Return a chart where one makes sense: groups by one dimension, measures of one kind."""
    if len(table.dimensions) != 1 or not table.measures or len(table.rows) < 2:
        return None
    formats = {measure.format for measure in table.measures}
    kept = table
    if len(formats) > 1 or len(table.measures) > 3:
        kept = _with_first_measure(table)
    is_time = table.dimensions[0].grain is not None
    if not is_time:
        kept = _with_rows(kept, MOST_BARS)
    label = text_of(table.label, visit.locale)
    return chart_of(kept, "line" if is_time else "bar", label, visit.locale)


def _with_first_measure(table: ResultTable) -> ResultTable:
    rows = tuple(replace(row, cells=row.cells[:2]) for row in table.rows)
    return replace(table, columns=table.columns[:2], rows=rows, totals=table.totals[:1])


def _with_rows(table: ResultTable, most: int) -> ResultTable:
    return replace(table, rows=table.rows[:most])


def _columns(visit: Visit, table: ResultTable, question: _Question, url: str) -> tuple[ReportColumn, ...]:
    found: list[ReportColumn] = []
    for column in table.columns:
        is_number = column in table.measures
        is_down = question.sort == f"-{column.id}"
        is_up = question.sort == column.id
        found.append(
            ReportColumn(
                label=text_of(column.label, visit.locale),
                is_number=is_number,
                sort_url=question.url(
                    url, sort=column.id if is_down or (not is_number and not is_up) else f"-{column.id}"
                ),
                direction="descending" if is_down else "ascending" if is_up else "",
            )
        )
    return tuple(found)


def _notes(visit: Visit, table: ResultTable) -> Iterable[str]:
    for note in table.notes:
        yield text_of(note, visit.locale)
    if table.is_truncated or len(table.rows) == MOST_ROWS:
        yield visit.t("charts.truncated", count=len(table.rows))
