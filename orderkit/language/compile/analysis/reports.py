"""Reports: what rows are grouped by, and the numbers over them."""

from collections.abc import Mapping, Sequence

from orderkit.language.compile.analysis.sources import Source, read_source
from orderkit.language.compile.names.collecting import Declared, check_id
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import report as words
from orderkit.language.spec.words import MISSING_KEY
from orderkit.model.analysis.reports import (
    Aggregation,
    Dimension,
    Grain,
    Measure,
    RatioMeasure,
    Report,
    SourceKind,
)
from orderkit.model.expressions.nodes import Expression
from orderkit.model.expressions.types import DIVISION_SCALE, Date, DateTime, File, Json, Number, Rows, Type
from orderkit.model.labels import label

WRONG_MEASURE = Code(
    "OK8101",
    "wrong-measure",
    ERROR,
    since="0.1",
    explain="""
    A measure sums up what cannot be summed up so: a sum over texts, an `agg` without `expr`, or it has both
    `ratio` and `agg`.
    ~~~yaml bad
    report: sales
    from: order
    measures: {names: {agg: sum, expr: name}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    report: sales
    from: order
    measures: {names: {agg: count_distinct, expr: name}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="指标不能这样汇总：对文字求和、有 `agg` 没有 `expr`，或 `ratio` 与 `agg` 并存。",
)
WRONG_TIME = Code(
    "OK8102",
    "wrong-time",
    ERROR,
    since="0.1",
    explain="""
    The `time` of a report is no date and no instant, or a dimension has the name of a grain of time.
    ~~~yaml bad
    report: sales
    from: order
    time: name
    measures: {orders: {agg: count}}
    # order.yaml
    form: order
    fields: {name: {type: text}, ordered_on: {type: date}}
    ~~~
    ~~~yaml good
    report: sales
    from: order
    time: ordered_on
    measures: {orders: {agg: count}}
    # order.yaml
    form: order
    fields: {name: {type: text}, ordered_on: {type: date}}
    ~~~""",
    zh="报表的 `time` 不是日期或时间，或某个维度与时间粒度重名。",
)

GRAINS = tuple(grain.value for grain in Grain)


def lower_reports(lowering: Lowering) -> tuple[Report, ...]:
    """Return every report, by id."""
    lowered = (_lower(lowering, declared) for declared in lowering.compilation.named.of("report").values())
    return tuple(report for report in lowered if report is not None)


def _lower(lowering: Lowering, declared: Declared) -> Report | None:
    written = declared.written
    node = None if written is None else written[words.FROM]
    source = read_source(lowering, node, frozenset(SourceKind))
    if written is None or node is None or source is None:
        return None
    if source.kind is not SourceKind.FORM:
        lowering.reading.await_engine("report", node)
    return _Report(lowering, source).lower(declared, written)


class _Report:
    def __init__(self, lowering: Lowering, source: Source) -> None:
        self.lowering = lowering
        self.reading = lowering.reading
        self.checking = lowering.checking
        self.source = source
        self.scope = lowering.places.record(source.id)

    def lower(self, declared: Declared, written: Written) -> Report:
        """Return the report as far as it is right."""
        dimensions = [self._dimension(key, each) for key, each in written[words.DIMENSIONS] or ()]
        return Report(
            id=declared.id,
            label=written[words.LABEL_] or readable(declared.id),
            source=self.source.id,
            source_kind=self.source.kind,
            where=self.checking.condition(written[words.WHERE], self.scope),
            time=self._time(written[words.TIME]),
            dimensions=tuple(dimension for dimension in dimensions if dimension is not None),
            measures=self._measures(written[words.MEASURES] or ()),
            origin=declared.origin,
        )

    def _time(self, node: ScalarNode | None) -> Expression | None:
        if node is None:
            return None
        checked = self.checking.checked(node, self.scope)
        if checked.expression is None or isinstance(checked.type, (Date, DateTime, Json)):
            return checked.expression
        self.reading.report(
            WRONG_TIME, node, label(zh=f"`{node.text}` 不是日期", en=f"`{node.text}` is no date")
        )
        return None

    def _dimension(self, key: ScalarNode, written: Written) -> Dimension | None:
        node = written[words.DIMENSION_EXPR]
        if not check_id(key, self.reading) or node is None:
            return None
        if key.text in (*GRAINS, "time"):
            self.reading.report(
                WRONG_TIME,
                key,
                label(zh=f"`{key.text}` 是时间粒度的名称", en=f"`{key.text}` is the name of a grain of time"),
                label(zh="换一个标识", en="choose another id"),
            )
            return None
        checked = self.checking.checked(node, self.scope)
        if checked.expression is None:
            return None
        if isinstance(checked.type, (Rows, File)):
            self.reading.report(
                WRONG_MEASURE,
                node,
                label(zh=f"不能按 `{node.text}` 分组", en=f"rows cannot be grouped by `{node.text}`"),
            )
            return None
        text = written[words.DIMENSION_LABEL] or readable(key.text)
        return Dimension(id=key.text, label=text, expression=checked.expression)

    def _measures(self, pairs: Sequence[tuple[ScalarNode, Written]]) -> tuple[Measure | RatioMeasure, ...]:
        measures: dict[str, Measure] = {}
        types: dict[str, Type] = {}
        for key, written in pairs:
            if check_id(key, self.reading) and words.MEASURE_RATIO not in written:
                measure = self._measure(key, written)
                types[key.text] = Json() if measure is None else measure.type
                if measure is not None:
                    measures[key.text] = measure
        found: list[Measure | RatioMeasure] = []
        for key, written in pairs:
            if words.MEASURE_RATIO in written:
                ratio = self._ratio(key, written, types)
                if ratio is not None:
                    found.append(ratio)
            elif key.text in measures:
                found.append(measures[key.text])
        return tuple(found)

    def _ratio(self, key: ScalarNode, written: Written, types: Mapping[str, Type]) -> RatioMeasure | None:
        if words.MEASURE_AGG in written or words.MEASURE_EXPR in written:
            self._wrong(
                key,
                zh="`ratio` 不能和 `agg`、`expr` 一起写",
                en="`ratio` does not go together with `agg` and `expr`",
            )
        node = written[words.MEASURE_RATIO]
        if node is None:
            return None
        checked = self.checking.checked(node, self.lowering.places.measures(types))
        if checked.expression is None or checked.type is None:
            return None
        return RatioMeasure(
            id=key.text,
            label=written[words.MEASURE_LABEL] or readable(key.text),
            expression=checked.expression,
            format=written[words.MEASURE_FORMAT] or _format(checked.type),
            type=checked.type,
        )

    def _measure(self, key: ScalarNode, written: Written) -> Measure | None:
        word, node = written[words.MEASURE_AGG], written[words.MEASURE_EXPR]
        where = self.checking.condition(written[words.MEASURE_WHERE], self.scope)
        if words.MEASURE_AGG not in written and not written.is_broken:
            self.reading.report(
                MISSING_KEY,
                key,
                label(zh=f"指标 `{key.text}` 没有 `agg`", en=f"the measure `{key.text}` has no `agg`"),
                label(zh="写 `agg: sum` 或 `ratio:`", en="write `agg: sum`, or a `ratio`"),
            )
        if word is None:
            return None
        aggregation = Aggregation(word)
        expression, value_type = None, None
        if node is not None:
            checked = self.checking.checked(node, self.scope)
            expression, value_type = checked.expression, checked.type
            if expression is None:
                return None
        elif aggregation is not Aggregation.COUNT:
            self._wrong(key, zh=f"`{word}` 需要 `expr`", en=f"`{word}` needs an `expr`")
            return None
        measured = _type_of(aggregation, value_type)
        if measured is None:
            assert node is not None
            self._wrong(
                node, zh=f"`{node.text}` 不能用 `{word}` 汇总", en=f"`{word}` does not work on `{node.text}`"
            )
            return None
        return Measure(
            id=key.text,
            label=written[words.MEASURE_LABEL] or readable(key.text),
            aggregation=aggregation,
            expression=expression,
            where=where,
            format=written[words.MEASURE_FORMAT] or _format(measured),
            type=measured,
        )

    def _wrong(self, place: ScalarNode, *, zh: str, en: str) -> None:
        self.reading.report(WRONG_MEASURE, place, label(zh=zh, en=en))


def _type_of(aggregation: Aggregation, value: Type | None) -> Type | None:
    """Return the type of a measure, or None where the aggregation does not fit."""
    if aggregation in (Aggregation.COUNT, Aggregation.COUNT_DISTINCT):
        return None if isinstance(value, (Rows, File)) else Number()
    if isinstance(value, Json):
        return value
    if isinstance(value, Number):
        if aggregation is Aggregation.AVG:
            return Number(max(DIVISION_SCALE, value.scale), value.currency, value.is_ratio)
        return value
    if aggregation in (Aggregation.MIN, Aggregation.MAX) and isinstance(value, (Date, DateTime)):
        return value
    return None


def _format(measured: Type) -> str:
    if isinstance(measured, Number):
        return "percent" if measured.is_ratio else "money" if measured.currency else "number"
    return "number"
