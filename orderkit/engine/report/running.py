"""Answers one question of a report: which measures, by what, of which rows, in what order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy.exc import DBAPIError

from orderkit.engine.access import RefusedAccess, may_see_report
from orderkit.engine.access.visibility import Hidden
from orderkit.engine.report.filters import GRAINS, TIME, Filter, OneOf, Within
from orderkit.engine.report.measuring import Measuring, inputs_of
from orderkit.engine.report.ordering import Grouped, Sort, in_order, sort_of
from orderkit.engine.report.query import Group, ReportQuery, day_of
from orderkit.engine.report.shown import measure_shower, shown_groups
from orderkit.engine.report.tables import Cell, Column, ColumnKind, ResultRow, ResultTable
from orderkit.engine.runtime import Unit
from orderkit.model.analysis.reports import Grain, Measure, RatioMeasure, Report
from orderkit.model.errors import Denied, NotFound, Problem, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Boolean, Date, DateTime, Number, Record
from orderkit.model.labels import Label, label, text_of

MAX_GROUPS = 20_000
MOST_NAMES = 50
PREVIOUS_PERIOD = "previous_period"

GRAIN_LABELS = {
    Grain.DAY: label(zh="日", en="Day"),
    Grain.WEEK: label(zh="周", en="Week"),
    Grain.MONTH: label(zh="月", en="Month"),
    Grain.QUARTER: label(zh="季度", en="Quarter"),
    Grain.YEAR: label(zh="年", en="Year"),
}
OTHERS = label(zh="其它", en="Others")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A question whose names have been found, for one reader."""

    report: Report
    groups: tuple[Group, ...]
    measures: tuple[Measure | RatioMeasure, ...]
    given: tuple[Measure, ...]
    filters: tuple[Filter, ...]
    sort: tuple[Sort, ...]
    notes: tuple[Label, ...]


def run(
    unit: Unit,
    report_id: str,
    *,
    measures: Sequence[str] = (),
    by: Sequence[str] = (),
    where: Sequence[Filter] = (),
    sort: Sequence[str] = (),
    limit: int | None = None,
    with_others: bool = False,
    with_totals: bool = True,
    compare: str | None = None,
) -> ResultTable:
    """Return the numbers of a report over the rows that this reader may see.

    Args:
        unit: a unit; reading is enough.
        report_id: the report.
        measures: ids, in the order of the columns; none means all. A measure over a field that the
            reader may not see is left out and stands in the notes.
        by: dimensions or grains (`day`, `week`, `month`, `quarter`, `year`); none gives one row.
        where: filters, all of which must hold.
        sort: `revenue`, `-revenue`, `month`; none means by time, or else the first measure downwards.
        limit: groups that are returned; with `with_others` one more row sums up the rest.
        with_others: see `limit`.
        with_totals: whether the totals over all groups are needed.
        compare: `previous_period` also works out the totals of the period before that of `where`.
    Raises: NotFound, Denied (no right to the report, or to a dimension), Refused (unknown names).
    """
    query, question = _asked(unit, report_id, measures=measures, by=by, where=where, sort=sort)
    measuring = Measuring(unit, question.report, question.given)
    found = _rows(unit, query, question)
    is_truncated = len(found) > MAX_GROUPS
    width = len(question.groups)
    grouped = [
        Grouped(keys=tuple(row[:width]), values=measuring.values(row[width:], question.measures))
        for row in found[:MAX_GROUPS]
    ]
    grouped = in_order(grouped, question.sort)
    others: tuple[Scalar, ...] | None = None
    if limit is not None and len(grouped) > limit:
        grouped = grouped[:limit]
        if with_others and width == 1:
            others = _others(unit, query, question, measuring, grouped)
    totals: tuple[Scalar, ...] = ()
    if not question.groups and grouped:
        totals = grouped[0].values
    elif with_totals:
        totals = _totals(unit, query, question, measuring, question.filters)
    period = _period(question.filters)
    previous_period = None
    if compare == PREVIOUS_PERIOD and period is not None:
        previous_period = period.period.previous(unit.today)
    previous = None
    if previous_period is not None:
        shifted = [Within(period=previous_period) if each is period else each for each in question.filters]
        previous = _totals(unit, query, question, measuring, shifted)
    showers = [measure_shower(unit, measure) for measure in question.measures]

    def measured(values: Sequence[Scalar]) -> tuple[Cell, ...]:
        return tuple(Cell(value, show(value)) for value, show in zip(values, showers, strict=False))

    texts = [
        shown_groups(unit, group, [each.keys[n] for each in grouped])
        for n, group in enumerate(question.groups)
    ]
    rows = [
        ResultRow(
            cells=(
                *(Cell(key, texts[n][key]) for n, key in enumerate(each.keys)),
                *measured(each.values),
            )
        )
        for each in grouped
    ]
    if others is not None:
        cells = (Cell(None, text_of(OTHERS, unit.locale)), *measured(others))
        rows.append(ResultRow(cells=cells, is_others=True))
    return ResultTable(
        report=question.report.id,
        label=question.report.label,
        columns=_columns(question),
        rows=tuple(rows),
        totals=measured(totals),
        previous=None if previous is None else measured(previous),
        period=None if period is None else period.period,
        previous_period=previous_period,
        notes=question.notes,
        is_truncated=is_truncated,
    )


def explain_sql(
    unit: Unit,
    report_id: str,
    *,
    measures: Sequence[str] = (),
    by: Sequence[str] = (),
    where: Sequence[Filter] = (),
) -> str:
    """Return the SQL that answers a question for this reader, with its values written out."""
    query, question = _asked(unit, report_id, measures=measures, by=by, where=where, sort=())
    statement = query.statement(question.groups, question.given, question.filters)
    return str(statement.compile(unit.connection, compile_kwargs={"literal_binds": True}))


def report_of(unit: Unit, report_id: str) -> Report:
    """Return a report that this reader may run. Raises NotFound, Denied."""
    report = unit.project.report_by_id.get(report_id)
    if report is None:
        raise NotFound(label(zh=f"没有报表“{report_id}”", en=f"there is no report `{report_id}`"))
    decision = may_see_report(unit, report_id)
    if isinstance(decision, RefusedAccess):
        raise Denied(decision.why)
    return report


def _asked(
    unit: Unit,
    report_id: str,
    *,
    measures: Sequence[str],
    by: Sequence[str],
    where: Sequence[Filter],
    sort: Sequence[str],
) -> tuple[ReportQuery, _Question]:
    report = report_of(unit, report_id)
    query = ReportQuery(unit, report)
    problems: list[Problem] = [
        _too_many(path)
        for path, names in (("by", by), ("measures", measures), ("where", where), ("sort", sort))
        if len(names) > MOST_NAMES
    ]
    if problems:
        raise Refused(problems)
    groups = [_group(report, name, f"by.{index}", problems) for index, name in enumerate(by)]
    wanted = [
        _measure(report, name, f"measures.{index}", problems)
        for index, name in enumerate(measures or [each.id for each in report.measures])
    ]
    problems += [
        _unknown(report, each, f"where.{n}") for n, each in enumerate(where) if _is_unknown(report, each)
    ]
    if problems:
        raise Refused(problems)
    seen: list[Measure | RatioMeasure] = []
    notes: list[Label] = []
    for measure in wanted:
        assert measure is not None
        hidden = _hidden(query, report, measure)
        if hidden is None:
            seen.append(measure)
        else:
            notes.append(_left_out(measure, hidden))
    keys = tuple(group for group in groups if group is not None)
    order = sort_of(keys, seen, sort)
    if isinstance(order, Problem):
        raise Refused([order])
    given = {each.id: each for measure in seen for each in inputs_of(report, measure)}
    return query, _Question(
        report=report,
        groups=keys,
        measures=tuple(seen),
        given=tuple(given.values()),
        filters=tuple(where),
        sort=order,
        notes=tuple(notes),
    )


def _too_many(path: str) -> Problem:
    message = label(
        zh=f"{path} 最多可写 {MOST_NAMES} 项", en=f"`{path}` names too many: at most {MOST_NAMES}"
    )
    return Problem(path=path, code="too_many", message=message)


def _group(report: Report, name: str, path: str, problems: list[Problem]) -> Group | None:
    dimension = report.dimension_by_id.get(name)
    if dimension is not None:
        return Group(name, dimension.expression)
    if report.time is not None and name in GRAINS:
        return Group(name, day_of(report.time), Grain(name))
    known = [*report.dimension_by_id, *(list(Grain) if report.time is not None else [])]
    problems.append(
        Problem(
            path=path,
            code="unknown_dimension",
            message=label(zh=f"报表没有维度“{name}”", en=f"the report has no dimension `{name}`"),
            help=label(zh=f"可用：{'、'.join(known)}", en=f"it has: {', '.join(known)}"),
        )
    )
    return None


def _measure(report: Report, name: str, path: str, problems: list[Problem]) -> Measure | RatioMeasure | None:
    found = report.measure_by_id.get(name)
    if found is None:
        known = report.measure_by_id
        problems.append(
            Problem(
                path=path,
                code="unknown_measure",
                message=label(zh=f"报表没有指标“{name}”", en=f"the report has no measure `{name}`"),
                help=label(zh=f"可用：{'、'.join(known)}", en=f"it has: {', '.join(known)}"),
            )
        )
    return found


def _is_unknown(report: Report, filter_: Filter) -> bool:
    if isinstance(filter_, OneOf):
        return filter_.dimension not in report.dimension_by_id
    return report.time is None


def _unknown(report: Report, filter_: Filter, path: str) -> Problem:
    name = filter_.dimension if isinstance(filter_, OneOf) else TIME
    return Problem(
        path=path,
        code="unknown_dimension",
        message=label(
            zh=f"报表“{report.id}”没有维度“{name}”", en=f"report `{report.id}` has no dimension `{name}`"
        ),
    )


def _hidden(query: ReportQuery, report: Report, measure: Measure | RatioMeasure) -> Hidden | None:
    for each in inputs_of(report, measure):
        seen = query.visible(each.expression)
        if isinstance(seen, Hidden):
            return seen
    return None


def _left_out(measure: Measure | RatioMeasure, hidden: Hidden) -> Label:
    return label(
        zh=f"未显示“{text_of(measure.label, 'zh')}”：{text_of(hidden.why, 'zh')}",
        en=f"`{text_of(measure.label, 'en')}` is left out: {text_of(hidden.why, 'en')}",
    )


def _rows(unit: Unit, query: ReportQuery, question: _Question) -> Sequence[Row[Any]]:
    """Return a row for each group, one more than are ever used; none, if there is nothing to ask for."""
    if not question.groups and not question.given:
        return ()
    statement = query.statement(question.groups, question.given, question.filters)
    return _asked_database(unit, statement.limit(MAX_GROUPS + 1))


def _asked_database(unit: Unit, statement: Select[Any]) -> Sequence[Row[Any]]:
    try:
        return unit.connection.execute(statement).all()
    except DBAPIError as error:
        if "overflow" not in str(error.orig):
            raise
        message = label(zh="合计超过 18 位数字，请缩小范围", en="a sum has more than 18 digits; ask for less")
        raise Refused([Problem(path="where", code="too_large", message=message)]) from error


def _totals(
    unit: Unit,
    query: ReportQuery,
    question: _Question,
    measuring: Measuring,
    filters: Sequence[Filter],
) -> tuple[Scalar, ...]:
    if not question.given:
        return ()
    (row,) = _asked_database(unit, query.statement((), question.given, filters))
    return measuring.values(tuple(row), question.measures)


def _others(
    unit: Unit,
    query: ReportQuery,
    question: _Question,
    measuring: Measuring,
    kept: Sequence[Grouped],
) -> tuple[Scalar, ...]:
    """Return the measures over all groups that were not kept, worked out anew: distinct counts do not add."""
    without = [each.keys[0] for each in kept]
    statement = query.rest(question.groups[0], question.given, question.filters, without)
    (row,) = _asked_database(unit, statement)
    return measuring.values(tuple(row), question.measures)


def _period(filters: Sequence[Filter]) -> Within | None:
    return next((each for each in filters if isinstance(each, Within)), None)


def _columns(question: _Question) -> tuple[Column, ...]:
    dimensions = [_dimension_column(question.report, group) for group in question.groups]
    measures = [
        Column(id=each.id, label=each.label, kind=ColumnKind.MEASURE, format=each.format or "number")
        for each in question.measures
    ]
    return (*dimensions, *measures)


def _dimension_column(report: Report, group: Group) -> Column:
    type_ = group.expression.type
    if group.grain is not None:
        return Column(
            id=group.id,
            label=GRAIN_LABELS[group.grain],
            kind=ColumnKind.DIMENSION,
            format="date",
            grain=group.grain,
        )
    match type_:
        case Record():
            format_ = "reference"
        case Date() | DateTime():
            format_ = "date"
        case Number():
            format_ = "number"
        case Boolean():
            format_ = "boolean"
        case _:
            format_ = "text"
    return Column(
        id=group.id,
        label=report.dimension_by_id[group.id].label,
        kind=ColumnKind.DIMENSION,
        format=format_,
        form=type_.form if isinstance(type_, Record) else None,
    )
