"""One import under way or done: how far it is, what came of it, and each bad cell at its place."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from orderkit.engine.importing.runs import ImportRun, RunState, find_run, stop_run
from orderkit.engine.runtime import Unit
from orderkit.model.labels import text_of
from orderkit.web.importing import ProblemRow, problem_rows
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/import_run.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRunPage:
    """A run. `import_url` is where the real import starts after a dry run that found nothing wrong."""

    label: str
    url: str
    start_url: str
    list_url: str
    file_name: str
    state: str
    state_text: str
    note: str
    is_dry: bool
    is_under_way: bool
    done: int
    total: int
    created: int
    updated: int
    unchanged: int
    problem_count: int
    problems: tuple[ProblemRow, ...]
    warnings: tuple[ProblemRow, ...]
    stop_url: str
    import_url: str


def show_run(visit: Visit) -> Response:
    """Show a run; the page asks again while it is under way."""
    with visit.reading() as unit:
        page = _page(visit, unit, find_run(unit, visit.number("id")))
        return visit.show(unit, TEMPLATE, page, current="imports", back=page.start_url)


def stop(visit: Visit) -> Response:
    """Ask a run to stop."""
    with visit.writing() as unit:
        stop_run(unit, visit.number("id"))
    return visit.go(f"/imports/runs/{visit.number('id')}")


def _page(visit: Visit, unit: Unit, run: ImportRun) -> ImportRunPage:
    project = unit.project
    mapping = project.import_by_id.get(run.mapping)
    form = project.form_by_id.get(mapping.form if mapping is not None else run.mapping)
    file_id = visit.query.get("file", "")
    may_import = run.is_dry and run.state is RunState.DONE and file_id.isdecimal()
    url = f"/imports/runs/{run.id}"
    key = "dry" if run.is_dry and run.state is RunState.DONE else run.state.value
    return ImportRunPage(
        label=text_of(mapping.label if mapping else form.label if form else {"": run.mapping}, visit.locale),
        url=f"{url}?{urlencode({'file': file_id})}" if file_id.isdecimal() else url,
        start_url=f"/imports/{run.mapping}",
        list_url=f"/forms/{form.id}" if form is not None else "",
        file_name=run.file_name,
        state=run.state.value,
        state_text=visit.t(f"imports.state_{key}"),
        note=visit.t(f"imports.note_{key}"),
        is_dry=run.is_dry,
        is_under_way=run.is_under_way,
        done=run.done,
        total=run.total,
        created=run.created,
        updated=run.updated,
        unchanged=run.unchanged,
        problem_count=run.problem_count,
        problems=problem_rows(run.problems, visit.locale),
        warnings=problem_rows(run.warnings, visit.locale),
        stop_url=f"{url}/stop" if run.is_under_way else "",
        import_url=f"/imports/{run.mapping}/files/{file_id}" if may_import else "",
    )
