"""Where a field shows for a role: pages, exports, prints, reports and dashboards."""

from collections.abc import Iterator, Sequence

from orderkit.model.analysis.reports import Dashboard, ListTile
from orderkit.model.exchange.papers import Print
from orderkit.model.forms import Form
from orderkit.model.labels import Label, label, text_of
from orderkit.model.project import Project
from orderkit.model.roles import Role
from orderkit.plan.uses import Uses
from orderkit.plan.values import Area, Consequence
from orderkit.plan.words.filling import filled, listed

_KINDS: Sequence[tuple[str, str, str]] = (
    ("个页面", "page", "pages"),
    ("处导出", "export", "exports"),
    ("个打印", "print", "prints"),
    ("张报表", "report", "reports"),
    ("个看板", "dashboard", "dashboards"),
)
_SHOWS = label(zh="出现在 {places}", en="shows on {places}")
_RECORD = label(zh="{form}详情页", en="page of {form}")
_LIST = label(zh="{form}列表", en="list of {form}")


def where_it_shows(
    role: Role, form: Form, paths: Sequence[str], project: Project, uses: Uses
) -> tuple[Consequence, ...]:
    """Return where a role meets these fields of a form, counted and named."""
    found = [
        list(_pages(form, paths)),
        [form.label] if _is_exported(role, form) else [],
        [each.label for each in project.prints if each.form == form.id and _is_printed(each, paths)],
        list(_reports(role, form, paths, project, uses)),
        list(_dashboards(role, form, paths, project, uses)),
    ]
    places = [
        filled(
            label(
                zh=f"{len(names)} {zh}（{{names}}）",
                en=f"{len(names)} {one if len(names) == 1 else many} ({{names}})",
            ),
            names=listed(names),
        )
        for names, (zh, one, many) in zip(found, _KINDS, strict=True)
        if names
    ]
    return (Consequence(words=filled(_SHOWS, places=listed(places))),) if places else ()


def _pages(form: Form, paths: Sequence[str]) -> Iterator[Label]:
    first = {path.partition(".")[0] for path in paths}
    laid_out = {name for section in form.layout for name in section.fields}
    if not form.layout or first & laid_out or set(paths) & laid_out:
        yield filled(_RECORD, form=form.label)
    if first & {column.partition(".")[0] for column in form.list.columns if column in paths}:
        yield filled(_LIST, form=form.label)


def _is_exported(role: Role, form: Form) -> bool:
    grant = role.grants.get(form.id)
    return grant is not None and grant.export


def _is_printed(printed: Print, paths: Sequence[str]) -> bool:
    texts = (printed.source, *printed.parts.values())
    return any(path.rsplit(".", 1)[-1] in text for path in paths for text in texts)


def _fields(form: Form, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    for path in paths:
        rows, dot, name = path.rpartition(".")
        yield (f"{form.id}.{rows}" if dot else form.id), name


def _report_ids(form: Form, paths: Sequence[str], uses: Uses) -> set[str]:
    return {
        use.subject.partition(".")[0]
        for field in _fields(form, paths)
        for use in uses.of(*field)
        if use.area is Area.REPORTS and use.kind == "Report"
    }


def _reports(role: Role, form: Form, paths: Sequence[str], project: Project, uses: Uses) -> Iterator[Label]:
    used = _report_ids(form, paths, uses)
    yield from (report.label for report in project.reports if report.id in used and report.id in role.reports)


def _dashboards(
    role: Role, form: Form, paths: Sequence[str], project: Project, uses: Uses
) -> Iterator[Label]:
    used = _report_ids(form, paths, uses)
    for dashboard in sorted(project.dashboards, key=lambda each: text_of(each.label, "en")):
        if dashboard.id in role.dashboards and _shows(dashboard, form, paths, used):
            yield dashboard.label


def _shows(dashboard: Dashboard, form: Form, paths: Sequence[str], reports: set[str]) -> bool:
    return any(
        tile.form == form.id and bool(set(form.list.columns) & set(paths))
        if isinstance(tile, ListTile)
        else tile.report in reports
        for tile in dashboard.tiles
    )
