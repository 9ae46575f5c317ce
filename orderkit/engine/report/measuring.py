"""From the numbers of the database to the values of measures: averages and ratios of exact sums."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from orderkit.engine.rows import environment_of
from orderkit.engine.runtime import Unit
from orderkit.model.analysis.reports import Aggregation, Measure, RatioMeasure, Report
from orderkit.model.expressions.evaluation import Environment, EvaluationError, RowLike, evaluate
from orderkit.model.expressions.evaluation.environment import PLAIN
from orderkit.model.expressions.nodes import Get, Root, Scalar
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import DIVISION_SCALE, Number
from orderkit.model.values.numbers import EXACT, round_half_up

MEASURES = "measures"


def inputs_of(report: Report, measure: Measure | RatioMeasure) -> tuple[Measure, ...]:
    """Return the measures of the database that a measure is made of."""
    if isinstance(measure, Measure):
        return (measure,)
    found: dict[str, Measure] = {}
    for node in walk(measure.expression):
        if isinstance(node, Get) and isinstance(node.base, Root) and node.base.name == MEASURES:
            for each in inputs_of(report, report.measure_by_id[node.field]):
                found[each.id] = each
    return tuple(found.values())


class Measuring:
    """Works out measures from rows of `query.statement` over `given`."""

    def __init__(self, unit: Unit, report: Report, given: Sequence[Measure]) -> None:
        self._report = report
        self._given = given
        self._environment = environment_of(unit)

    def values(
        self, numbers: Sequence[object], wanted: Sequence[Measure | RatioMeasure]
    ) -> tuple[Scalar, ...]:
        """Return the values of the wanted measures from the columns of one row."""
        known: dict[str, Scalar] = {}
        columns = iter(numbers)
        for measure in self._given:
            value = next(columns)
            if measure.aggregation is Aggregation.AVG:
                known[measure.id] = _average(measure, value, next(columns))
            else:
                known[measure.id] = _exact(measure, value)
        return tuple(self._value(measure, known) for measure in wanted)

    def _value(self, measure: Measure | RatioMeasure, known: dict[str, Scalar]) -> Scalar:
        if measure.id not in known:
            assert isinstance(measure, RatioMeasure)
            for node in walk(measure.expression):
                if isinstance(node, Get) and isinstance(node.base, Root) and node.base.name == MEASURES:
                    self._value(self._report.measure_by_id[node.field], known)
            known[measure.id] = _ratio(measure, known, self._environment)
        return known[measure.id]


class _Measures:
    """The measures of one group, as the record that a ratio reads."""

    form = MEASURES
    id = 0

    def __init__(self, values: Mapping[str, Scalar]) -> None:
        self._values = values

    def get(self, field: str) -> Scalar:
        """Return the value of a measure."""
        return self._values.get(field)

    def rows(self, collection: str) -> Sequence[RowLike]:  # noqa: ARG002 - the port's signature
        """Return no rows."""
        return ()


def _ratio(measure: RatioMeasure, known: Mapping[str, Scalar], environment: Environment) -> Scalar:
    try:
        value = evaluate(measure.expression, environment.with_root(MEASURES, _Measures(known)))
    except EvaluationError:
        return None
    assert value is None or isinstance(value, PLAIN)
    return None if isinstance(value, list | tuple | dict) else value


def _average(measure: Measure, total: object, count: object) -> Scalar:
    number = _exact(measure, total)
    if not isinstance(number, Decimal | int) or not isinstance(count, int) or count == 0:
        return None
    scale = measure.type.scale if isinstance(measure.type, Number) else DIVISION_SCALE
    return round_half_up(EXACT.divide(Decimal(number), Decimal(count)), scale)


def _exact(measure: Measure, value: object) -> Scalar:
    """Return a number of the database with the scale of its measure; of nothing, a sum is 0."""
    if measure.aggregation in {Aggregation.COUNT, Aggregation.COUNT_DISTINCT}:
        return int(value) if isinstance(value, int | Decimal) else 0
    if value is None:
        is_sum = measure.aggregation is Aggregation.SUM
        return _scaled(measure, Decimal(0)) if is_sum else None
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return _scaled(measure, Decimal(value))
    return value  # type: ignore[return-value]


def _scaled(measure: Measure, value: Decimal) -> Scalar:
    type_ = measure.type if measure.expression is None else measure.expression.type
    scale = type_.scale if isinstance(type_, Number) else 0
    return round_half_up(value, scale) if scale else int(value)
