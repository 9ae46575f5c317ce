"""The SQL of a report: one pass over the rows that the reader may see, grouped by the database.

Dimensions and the values of measures are worked out in an inner SELECT, which has the joins of all
reference paths; the outer one groups them. Sums of exact numbers stay exact on both databases.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from orderkit.database.expressions import SqlScope, TableRow, compile_condition, compile_value
from orderkit.database.expressions.scope import Joins
from orderkit.engine.access import Action, row_condition
from orderkit.engine.access.visibility import Hidden, Visible, visibility
from orderkit.engine.report.filters import Filter, OneOf, Within
from orderkit.engine.rows import environment_of
from orderkit.engine.runtime import Unit
from orderkit.model.analysis.reports import Aggregation, Grain, Measure, Report
from orderkit.model.errors import Denied
from orderkit.model.expressions.nodes import Call, Expression, Scalar
from orderkit.model.expressions.types import Date, DateTime, Record

Sql = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Group:
    """What rows are grouped by: a dimension, or a grain of the report's time."""

    id: str
    expression: Expression
    grain: Grain | None = None


class ReportQuery:
    """Makes the statements of one report for one reader."""

    def __init__(self, unit: Unit, report: Report) -> None:
        self._unit = unit
        self._report = report
        database = unit.runtime.database
        self._joins = Joins()
        self._row = TableRow(report.source, database.tables[report.source].alias("source"), self._joins)
        self._scope = SqlScope(
            project=unit.project,
            tables=database.tables,
            dialect=database.dialect,
            rows={"record": self._row},
            constants=environment_of(unit),
        )

    def visible(self, expression: Expression | None) -> Visible | Hidden:
        """Return where this reader may see the value of an expression."""
        return Visible() if expression is None else visibility(self._unit, expression, self._scope)

    def statement(
        self,
        groups: Sequence[Group],
        measures: Sequence[Measure],
        filters: Iterable[Filter],
        *,
        also: Sequence[sa.ColumnElement[bool]] = (),
    ) -> sa.Select[Any]:
        """Return the SELECT: a column for each group, then the columns of each measure in order.

        An average has two columns, its sum and its count, so that it can be divided exactly.
        Raises: Denied, when a group or a filter is hidden from this reader.
        """
        values: list[Sql] = [self._group(group).label(f"g{n}") for n, group in enumerate(groups)]
        for number, measure in enumerate(measures):
            values.append(self._measured(measure).label(f"m{number}"))
        conditions = [row_condition(self._unit, self._report.source, Action.READ, self._row.alias)]
        if self._report.where is not None:
            conditions.append(compile_condition(self._report.where, self._scope))
        conditions += [*(self._condition(each) for each in filters), *also]
        inner = (
            sa.select(*(values or [sa.literal(1).label("one")]))
            .select_from(self._joins.added_to(self._row.alias))
            .where(*conditions)
            .subquery("rows")
        )
        keys = [inner.c[f"g{n}"] for n in range(len(groups))]
        sums = [
            column
            for number, measure in enumerate(measures)
            for column in _aggregated(measure, inner.c[f"m{number}"], number)
        ]
        return sa.select(*keys, *sums).select_from(inner).group_by(*keys)

    def rest(
        self,
        group: Group,
        measures: Sequence[Measure],
        filters: Iterable[Filter],
        without: Sequence[Scalar],
    ) -> sa.Select[Any]:
        """Return the SELECT of one row over all groups but these."""
        key = self._group(group)
        given = [each for each in without if each is not None]
        is_other = sa.or_(key.is_(None), key.not_in(given)) if given else sa.true()
        if len(given) < len(without):
            is_other = sa.and_(key.is_not(None), is_other)
        return self.statement((), measures, filters, also=[is_other])

    def _group(self, group: Group) -> Sql:
        value = self._shown(group.expression)
        if group.grain is None:
            return value
        return _bucket(value, group.grain, is_sqlite=self._scope.is_sqlite)

    def _measured(self, measure: Measure) -> Sql:
        """Return what a measure takes from a row; empty where it takes nothing."""
        value: Sql = sa.literal(1)
        if measure.expression is not None:
            value = self._shown(measure.expression)
        if measure.where is None:
            return value
        return sa.case((compile_condition(measure.where, self._scope), value))

    def _shown(self, expression: Expression) -> Sql:
        seen = self.visible(expression)
        if isinstance(seen, Hidden):
            raise Denied(seen.why)
        value = compile_value(expression, self._scope)
        shown = seen.shown(value)
        return shown if shown is value else sa.type_coerce(shown, value.type)

    def _condition(self, filter_: Filter) -> sa.ColumnElement[bool]:
        if isinstance(filter_, OneOf):
            value = self._shown(self._report.dimension_by_id[filter_.dimension].expression)
            return _one_of(value, filter_.values)
        return self._within(filter_)

    def _within(self, filter_: Within) -> sa.ColumnElement[bool]:
        assert self._report.time is not None
        day = self._shown(day_of(self._report.time))
        period = filter_.period
        bounds: list[sa.ColumnElement[bool]] = []
        if period.start is not None:
            bounds.append(day >= sa.literal(period.start, sa.Date()))
        if period.end is not None:
            bounds.append(day < sa.literal(period.end, sa.Date()))
        return sa.and_(sa.true(), *bounds)


def day_of(time: Expression) -> Expression:
    """Return the day of a report's time in the project's zone."""
    return Call("date", (time,), Date()) if isinstance(time.type, DateTime) else time


def is_reference(group: Group) -> bool:
    """Whether the groups are records."""
    return isinstance(group.expression.type, Record)


def _aggregated(measure: Measure, value: Sql, number: int) -> Iterable[Sql]:
    match measure.aggregation:
        case Aggregation.SUM:
            yield sa.func.sum(value).label(f"a{number}")
        case Aggregation.COUNT:
            yield sa.func.count(value).label(f"a{number}")
        case Aggregation.COUNT_DISTINCT:
            yield sa.func.count(sa.distinct(value)).label(f"a{number}")
        case Aggregation.AVG:
            yield sa.func.sum(value).label(f"a{number}")
            yield sa.func.count(value).label(f"n{number}")
        case Aggregation.MIN:
            yield sa.func.min(value).label(f"a{number}")
        case Aggregation.MAX:
            yield sa.func.max(value).label(f"a{number}")


def _one_of(value: Sql, values: tuple[Scalar, ...]) -> sa.ColumnElement[bool]:
    given = [each for each in values if each is not None]
    conditions: list[sa.ColumnElement[bool]] = []
    if given:
        conditions.append(value.in_(given))
    if len(given) < len(values):
        conditions.append(value.is_(None))
    return sa.or_(*conditions)


def _bucket(day: Sql, grain: Grain, *, is_sqlite: bool) -> Sql:
    """Return the first day of the bucket that a day lies in."""
    if grain is Grain.DAY:
        return day
    if not is_sqlite:
        # Without the cast PostgreSQL would take the session's time zone into account.
        return sa.cast(sa.func.date_trunc(grain.value, sa.cast(day, sa.DateTime())), sa.Date())
    start: Sql
    match grain:
        case Grain.WEEK:
            start = sa.func.date(day, "weekday 0", "-6 days")
        case Grain.MONTH:
            start = sa.func.date(day, "start of month")
        case Grain.QUARTER:
            month = sa.cast(sa.func.strftime("%m", day), sa.Integer())
            back = sa.func.printf("-%d months", (month - 1) % 3)
            start = sa.func.date(day, "start of month", back)
        case _:
            start = sa.func.date(day, "start of year")
    return sa.type_coerce(start, sa.Date())
