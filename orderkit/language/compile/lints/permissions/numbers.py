"""A lint: numbers that a role is granted, but that it can only see empty or refused.

At run time a report counts the rows that its reader may read, and shows no number over a field that he may
not see; so nothing leaks. What is certain beforehand is told here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.permissions.sight import hidden_in, readers_of
from orderkit.language.findings import WARNING, Code, Note, Span
from orderkit.language.spec import Key
from orderkit.language.spec.kinds import report as report_words
from orderkit.language.spec.kinds import role as words
from orderkit.model.analysis.reports import (
    ChartTile,
    Dashboard,
    KpiTile,
    ListTile,
    Measure,
    PivotTile,
    RatioMeasure,
    Report,
    Tile,
)
from orderkit.model.expressions.nodes import Expression, Get, Root
from orderkit.model.expressions.tree import walk
from orderkit.model.labels import Label, label
from orderkit.model.roles import ADMIN, EVERYONE, Role

NUMBERS_NOT_SHOWN = Code(
    "OK5014",
    "numbers-not-shown",
    WARNING,
    since="0.1",
    explain="""
    A role is granted a report or a dashboard whose numbers it may not see: they rest on a form that it may
    not read, on a field that is hidden or masked for it, or on a report that it is not granted. It would see
    empty or refused tiles.
    ~~~yaml bad
    role: clerk
    forms: {order: {read: true, hide: [cost]}}
    reports: [costs]
    dashboards: [overview]
    # costs.yaml
    report: costs
    from: order
    measures: {cost: {agg: sum, expr: cost}}
    # overview.yaml
    dashboard: overview
    tiles: [{kpi: costs.cost}]
    # order.yaml
    form: order
    fields: {name: {type: text}, cost: {type: money}}
    ~~~
    ~~~yaml good
    role: clerk
    forms: {order: {read: true}}
    reports: [costs]
    dashboards: [overview]
    # costs.yaml
    report: costs
    from: order
    measures: {cost: {agg: sum, expr: cost}}
    # overview.yaml
    dashboard: overview
    tiles: [{kpi: costs.cost}]
    # order.yaml
    form: order
    fields: {name: {type: text}, cost: {type: money}}
    ~~~""",
    zh="角色可看某个报表或看板，却看不到其中的数字：数字来自它不能查看的表单、对它隐藏或脱敏的字段，或没有授予它的报表。它只会看到空白或被拒绝的图块。",
)


@dataclass(frozen=True, slots=True)
class _Why:
    """Why something shows nothing, and where a report reads what is not shown."""

    help: Label
    notes: tuple[Note, ...] = ()


def check_numbers(linting: Linting) -> None:
    """Report reports and tiles that show nothing to a role that is granted them."""
    for role in linting.project.roles:
        written = linting.certain("role", role.id)
        if role.id == ADMIN or written is None:
            continue
        for node in written[words.REPORTS] or ():
            report = linting.project.report_by_id.get(node.text)
            why = None if report is None else _why_no_report(linting, role, report)
            if why is not None:
                _report(linting, role, node.span, node.text, why)
        for node in written[words.DASHBOARDS] or ():
            dashboard = linting.project.dashboard_by_id.get(node.text)
            tiles = () if dashboard is None else _tiles(linting, role, dashboard)
            for shown, why in dict(tiles).items():
                _report(linting, role, node.span, shown, why)


def _report(linting: Linting, role: Role, place: Span, shown: str, why: _Why) -> None:
    linting.report(
        NUMBERS_NOT_SHOWN,
        place,
        label(
            zh=f"`{shown}` 对角色 `{role.id}` 什么也不显示",
            en=f"`{shown}` shows nothing to the role `{role.id}`",
        ),
        why.help,
        notes=why.notes,
    )


def _why_no_report(linting: Linting, role: Role, report: Report) -> _Why | None:
    unread = _why_no_rows(linting, role, report.source)
    if unread is not None:
        return unread
    hidden = [next(_hidden(linting, role, report, each.id), None) for each in report.measures]
    return hidden[0] if hidden and all(each is not None for each in hidden) else None


def _why_no_rows(linting: Linting, role: Role, source: str) -> _Why | None:
    root = source.partition(".")[0]
    form = linting.project.form_by_id.get(root)
    if form is None or form.is_built_in or readers_of(linting.project, role, root):
        return None
    return _Why(_no_read(root))


def _tiles(linting: Linting, role: Role, dashboard: Dashboard) -> Iterator[tuple[str, _Why]]:
    everyone = linting.project.role_by_id[EVERYONE]
    for tile in dashboard.tiles:
        if isinstance(tile, ListTile):
            unread = _why_no_rows(linting, role, tile.form)
            if unread is not None:
                yield tile.form, unread
            continue
        report = linting.project.report_by_id.get(tile.report)
        if report is None:
            continue
        name = f"{tile.report}.{tile.measure}"
        if tile.report not in (*role.reports, *everyone.reports):
            grant = f"`reports: [{tile.report}]`"
            yield name, _Why(label(zh=f"给角色加上 {grant}", en=f"grant the role {grant}"))
            continue
        unread = _why_no_rows(linting, role, report.source)
        why = unread or next(_hidden(linting, role, report, tile.measure, *_grouped_by(tile)), None)
        if why is not None:
            yield name, why


def _grouped_by(tile: Tile) -> tuple[str, ...]:
    match tile:
        case ChartTile(by=by):
            return (by,)
        case PivotTile(rows=rows, columns=columns):
            return (rows, columns)
        case KpiTile() | ListTile():
            return ()


def _hidden(linting: Linting, role: Role, report: Report, measure: str, *by: str) -> Iterator[_Why]:
    """Yield why a measure, or what it is grouped by, shows nothing to the role."""
    parts = [(report_words.MEASURES, *each) for each in _inputs(report, measure, frozenset())]
    dimensions = report.dimension_by_id
    parts += [
        (report_words.DIMENSIONS, each, dimensions[each].expression) for each in by if each in dimensions
    ]
    for key, name, expression in parts:
        for form, path in hidden_in(linting.project, role, expression):
            unseen = label(
                zh=f"`{form}` 的 `{path}` 对它隐藏或脱敏",
                en=f"`{path}` of `{form}` is hidden from it, or masked",
            )
            reads = label(zh=f"这里用到 `{path or form}`", en=f"this reads `{path or form}`")
            note = Note(text=reads, span=_place(linting, report, key, name))
            yield _Why(unseen if path else _no_read(form), (note,))


def _no_read(form: str) -> Label:
    return label(zh=f"它不能查看表单 `{form}`", en=f"it may not read the form `{form}`")


def _place(linting: Linting, report: Report, key: Key[Any], name: str) -> Span | None:
    """Return where a measure or a dimension of a report stands."""
    written = linting.named.of("report")[report.id].written
    parts = () if written is None else written[key] or ()
    return next((node.span for node, _ in parts if node.text == name), None)


def _inputs(report: Report, name: str, seen: frozenset[str]) -> Iterator[tuple[str, Expression]]:
    """Yield what a measure reads, with the measure that reads it: of a ratio, those that it is made of."""
    measure = report.measure_by_id.get(name)
    if isinstance(measure, Measure):
        yield from ((name, each) for each in (measure.expression, measure.where) if each is not None)
    elif isinstance(measure, RatioMeasure) and name not in seen:
        for node in walk(measure.expression):
            if isinstance(node, Get) and isinstance(node.base, Root) and node.base.name == "measures":
                yield from _inputs(report, node.field, seen | {name})
