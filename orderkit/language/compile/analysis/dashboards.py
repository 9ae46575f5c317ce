"""Dashboards: tiles over reports and forms, and filters over the tiles."""

import re
from collections.abc import Mapping, Sequence

from orderkit.language.compile.analysis.reports import GRAINS
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import Node, ScalarNode
from orderkit.language.spec import Key, Reading, Written
from orderkit.language.spec.kinds import form as form_words
from orderkit.language.spec.kinds import report as words
from orderkit.language.spec.words import report_unknown_key
from orderkit.model.analysis.reports import (
    ChartTile,
    Dashboard,
    DashboardFilter,
    KpiTile,
    ListTile,
    PivotTile,
    Report,
    SourceKind,
    Tile,
)
from orderkit.model.labels import Label, label

WRONG_TILE = Code(
    "OK8201",
    "wrong-tile",
    ERROR,
    since="0.1",
    explain="""
    A tile is none of `kpi`, `chart`, `pivot` and `list`, several of them, or lacks what its kind needs.
    ~~~yaml bad
    dashboard: overview
    tiles: [{chart: line, measure: sales.orders}]
    # sales.yaml
    report: sales
    from: order
    time: ordered_on
    measures: {orders: {agg: count}}
    # order.yaml
    form: order
    fields: {ordered_on: {type: date}}
    ~~~
    ~~~yaml good
    dashboard: overview
    tiles: [{chart: line, measure: sales.orders, by: month}]
    # sales.yaml
    report: sales
    from: order
    time: ordered_on
    measures: {orders: {agg: count}}
    # order.yaml
    form: order
    fields: {ordered_on: {type: date}}
    ~~~""",
    zh="组件不是 `kpi`、`chart`、`pivot`、`list` 之一，或同时是几种，或缺少该种组件所需的键。",
)
WRONG_PERIOD = Code(
    "OK8202",
    "wrong-period",
    ERROR,
    since="0.1",
    explain="""
    The default of a filter on time is no period such as `this_month`, `last_year` or `last_30_days`.
    ~~~yaml bad
    dashboard: overview
    filters: {period: {default: year, on: {sales: time}}}
    tiles: [{kpi: sales.orders}]
    # sales.yaml
    report: sales
    from: order
    time: ordered_on
    measures: {orders: {agg: count}}
    # order.yaml
    form: order
    fields: {ordered_on: {type: date}}
    ~~~
    ~~~yaml good
    dashboard: overview
    filters: {period: {default: this_year, on: {sales: time}}}
    tiles: [{kpi: sales.orders}]
    # sales.yaml
    report: sales
    from: order
    time: ordered_on
    measures: {orders: {agg: count}}
    # order.yaml
    form: order
    fields: {ordered_on: {type: date}}
    ~~~""",
    zh="时间筛选的默认值不是 `this_month`、`last_year`、`last_30_days` 这样的期间。",
)

_PERIOD = re.compile(r"today|yesterday|(this|last)_(week|month|quarter|year)|last_[1-9]\d{0,2}_(days|months)")
_KINDS = (words.TILE_KPI, words.TILE_CHART, words.TILE_PIVOT, words.TILE_LIST)
# Which keys each kind takes besides `label` and `width`, the required ones first.
_KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "kpi": ((), ("compare",)),
    "chart": (("measure", "by"), ("top",)),
    "pivot": (("rows", "columns"), ()),
    "list": ((), ("limit",)),
}


def lower_dashboards(lowering: Lowering, reports: Sequence[Report]) -> tuple[Dashboard, ...]:
    """Return every dashboard, by id."""
    by_id = {report.id: report for report in reports}
    return tuple(
        _Dashboard(lowering, by_id).lower(declared, declared.written)
        for declared in lowering.compilation.named.of("dashboard").values()
        if declared.written is not None
    )


class _Dashboard:
    def __init__(self, lowering: Lowering, reports: Mapping[str, Report]) -> None:
        self.lowering = lowering
        self.reading = lowering.reading
        self.reports = reports

    def lower(self, declared: Declared, written: Written) -> Dashboard:
        """Return the dashboard as far as it is right."""
        tiles = [self._tile(tile) for tile in written[words.TILES] or ()]
        filters = [self._filter(key, each) for key, each in written[words.FILTERS] or ()]
        return Dashboard(
            id=declared.id,
            label=written[words.LABEL_] or readable(declared.id),
            tiles=tuple(tile for tile in tiles if tile is not None),
            filters=tuple(each for each in filters if each is not None),
            origin=declared.origin,
        )

    def _tile(self, written: Written) -> Tile | None:
        if written.is_broken:
            return None
        kinds = [key for key in _KINDS if key in written]
        place = written.node.entries[0][0] if written.node.entries else None
        if len(kinds) != 1:
            self.reading.report(
                WRONG_TILE,
                written.key_of(kinds[1]) if kinds else place or written.node,
                label(
                    zh="组件要写且只写 `kpi`、`chart`、`pivot`、`list` 之一",
                    en="a tile is one of `kpi`, `chart`, `pivot`, `list`",
                ),
            )
            return None
        kind = kinds[0]
        required, more = _KEYS[kind.name]
        for name, (key, _) in written.nodes.items():
            if name not in (kind.name, "label", "width", *required, *more):
                known = (kind.name, "label", "width", *required, *more)
                report_unknown_key(
                    self.reading, key, known, label(zh=f"{kind.name} 组件", en=f"{kind.name} tile")
                )
        missing = [name for name in required if name not in written.nodes]
        for name in missing:
            self.reading.report(
                WRONG_TILE,
                written.key_of(kind),
                label(zh=f"`{kind.name}` 组件缺少 `{name}`", en=f"a `{kind.name}` tile needs `{name}`"),
            )
        if missing:
            return None
        if kind is words.TILE_LIST:
            return self._list(written)
        return self._of_report(written)

    def _of_report(self, written: Written) -> Tile | None:
        if words.TILE_KPI in written:
            found = self._measure(written[words.TILE_KPI])
            if found is None:
                return None
            report, measure, text = found
            return KpiTile(
                label=written[words.TILE_LABEL] or text,
                report=report.id,
                measure=measure,
                compare=written[words.TILE_COMPARE],
                width=written[words.TILE_WIDTH] or 3,
            )
        if words.TILE_PIVOT in written:
            found = self._measure(written[words.TILE_PIVOT])
            if found is None:
                return None
            report, measure, text = found
            rows, columns = (
                self._by(report, written, words.TILE_ROWS),
                self._by(report, written, words.TILE_COLUMNS),
            )
            if rows is None or columns is None:
                return None
            return PivotTile(
                label=written[words.TILE_LABEL] or text,
                report=report.id,
                measure=measure,
                rows=rows,
                columns=columns,
                width=written[words.TILE_WIDTH] or 12,
            )
        return self._chart(written)

    def _chart(self, written: Written) -> Tile | None:
        found = self._measure(written[words.TILE_MEASURE])
        if found is None:
            return None
        report, measure, text = found
        by, chart = self._by(report, written, words.TILE_BY), written[words.TILE_CHART]
        if by is None or chart is None:
            return None
        return ChartTile(
            label=written[words.TILE_LABEL] or text,
            chart=chart,
            report=report.id,
            measure=measure,
            by=by,
            top=written[words.TILE_TOP],
            width=written[words.TILE_WIDTH] or 6,
        )

    def _measure(self, node: ScalarNode | None) -> tuple[Report, str, Label] | None:
        """Return report, measure and its label of `report.measure`."""
        if node is None:
            return None
        name, dot, measure = node.text.partition(".")
        report = self._report(node, name)
        if report is None:
            return None
        if measure not in report.measure_by_id:
            start = len(name) + len(dot)
            place = node.part(start, len(node.text)) if measure else node.span
            if not self._is_broken_measure(name, measure):
                report_unknown(self.reading, place, "measure", report.measure_by_id, name=measure or name)
            return None
        return report, measure, report.measure_by_id[measure].label

    def _report(self, node: ScalarNode, name: str) -> Report | None:
        declared = self.lowering.compilation.named.of("report")
        if name not in declared:
            report_unknown(self.reading, node.part(0, len(name)), "report", declared, name=name)
            return None
        self.reading.mentions.name("report", name, node, 0, len(name))
        report = self.reports.get(name)
        if report is not None and report.source_kind is not SourceKind.FORM:
            self.reading.await_engine("report", node.part(0, len(name)))
        return report

    def _is_broken_measure(self, report: str, measure: str) -> bool:
        written = self.lowering.compilation.named.of("report")[report].written
        return written is None or any(key.text == measure for key, _ in written[words.MEASURES] or ())

    def _by(self, report: Report, written: Written, key: Key[ScalarNode]) -> str | None:
        node = written[key]
        if node is None:
            return None
        known = {**report.dimension_by_id, **dict.fromkeys(GRAINS if report.time is not None else ())}
        if node.text in known:
            return node.text
        if not self._is_broken_dimension(report.id, node.text):
            report_unknown(self.reading, node, "dimension", known)
        return None

    def _is_broken_dimension(self, report: str, name: str) -> bool:
        written = self.lowering.compilation.named.of("report")[report].written
        if written is None or (name in (*GRAINS, "time") and words.TIME in written):
            return True
        return any(key.text == name for key, _ in written[words.DIMENSIONS] or ())

    def _list(self, written: Written) -> ListTile | None:
        node = written[words.TILE_LIST]
        if node is None:
            return None
        name, dot, view = node.text.partition(".")
        shapes = self.lowering.compilation.shapes
        shape = shapes.get(name)
        if shape is None:
            forms = self.lowering.compilation.top_level_forms
            report_unknown(self.reading, node.part(0, len(name)), "form", forms, name=name)
            return None
        self.reading.mentions.name("form", name, node, 0, len(name))
        if shape.is_broken:
            return None
        text = shape.label
        if view:
            found = self._views(name).get(view)
            if found is None:
                place = node.part(len(name) + len(dot), len(node.text))
                report_unknown(self.reading, place, "view", self._views(name), name=view)
                return None
            text = found[form_words.VIEW_LABEL] or readable(view)
        return ListTile(
            label=written[words.TILE_LABEL] or text,
            form=name,
            view=view or None,
            limit=written[words.TILE_LIMIT] or 10,
            width=written[words.TILE_WIDTH] or 6,
        )

    def _views(self, form: str) -> Mapping[str, Written]:
        declared = self.lowering.compilation.shapes[form].declared
        listed = None if declared is None or declared.written is None else declared.written[form_words.LIST_]
        return {} if listed is None else {key.text: view for key, view in listed[form_words.LIST_VIEWS] or ()}

    def _filter(self, key: ScalarNode, written: Written) -> DashboardFilter | None:
        on = []
        for name, node in written[words.FILTER_ON] or ():
            report = self._report(name, name.text)
            if report is None:
                continue
            known = {**report.dimension_by_id, **dict.fromkeys(("time",) if report.time is not None else ())}
            if node.text in known:
                on.append((name.text, node.text))
            elif not self._is_broken_dimension(report.id, node.text):
                report_unknown(self.reading, node, "dimension", known)
        default = written[words.FILTER_DEFAULT]
        if default is not None and on and all(dimension == "time" for _, dimension in on):
            default = period_as_written(self.reading, written.value_of(words.FILTER_DEFAULT), default)
        return DashboardFilter(
            id=key.text,
            label=written[words.FILTER_LABEL] or readable(key.text),
            default=default,
            on=tuple(on),
        )


def period_as_written(reading: Reading, place: Node, period: str) -> str | None:
    """Return a period such as `this_month`, or report that it is none."""
    if _PERIOD.fullmatch(period):
        return period
    reading.report(
        WRONG_PERIOD,
        place,
        label(zh=f"`{period}` 不是期间", en=f"`{period}` is no period"),
        label(
            zh="例如 `this_month`、`this_year`、`last_quarter`、`last_30_days`",
            en="for example `this_month`, `this_year`, `last_quarter`, `last_30_days`",
        ),
    )
    return None
