"""One import under way or done: how far it is, what came of it, and each bad cell at its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from orderkit.engine import records
from orderkit.engine.files import content_path, files_of
from orderkit.engine.importing.job import enqueue_reversal
from orderkit.engine.importing.runs import (
    ImportRun,
    RunState,
    find_run,
    written_records,
)
from orderkit.engine.importing.transitions import is_reversible, is_stoppable, stop_run
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.labels import label, text_of
from orderkit.web.import_choices import HiddenField, choice_fields, with_choices
from orderkit.web.importing import MOST_PROBLEMS, ProblemRow, problem_rows, state_key
from orderkit.web.request.downloads import workbook
from orderkit.web.request.visit import Visit

_TAKEN_BACK = frozenset({RunState.REVERSED, RunState.REVERSAL_FAILED})
TEMPLATE = "pages/import_run.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftRow:
    """A record that could not be taken back, or not wholly, and why."""

    url: str
    title: str
    form: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRunPage:
    """A run. `import_url` is where the real import starts after a dry run, `good_url` where without the bad rows.

    `kept` are the choices with which it was made; `left` are records that could not be taken back.
    """

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
    keeps_good: bool
    kept: tuple[HiddenField, ...]
    columns_url: str
    good_url: str
    refused: int
    refused_url: str
    reverse_url: str
    left: tuple[LeftRow, ...]


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


def refused(visit: Visit) -> Response:
    """Return the rows that were refused, to be mended and imported again. Raises NotFound once they are gone."""
    with visit.reading() as unit:
        run = find_run(unit, visit.number("id"))
        stored = files_of(unit, [run.refused_file or 0]).get(run.refused_file or 0)
        if stored is None:
            raise NotFound(label(zh="被拒绝的行只保留一天", en="the refused rows are kept for a day only"))
        content = content_path(unit, stored).read_bytes()
    return workbook(stored.name, content)


def reverse(visit: Visit) -> Response:
    """Queue the taking back of what a run wrote."""
    with visit.writing() as unit:
        enqueue_reversal(unit, visit.number("id"))
        unit.after_commit.append(visit.runtime.wake_worker)
    return visit.go(f"/imports/runs/{visit.number('id')}")


def _left(visit: Visit, unit: Unit, run: ImportRun) -> Iterator[LeftRow]:
    """Yield what could not be taken back, by what this person may know it."""
    for each in written_records(unit, run.id, is_left=True)[:MOST_PROBLEMS]:
        form = unit.project.form_by_id.get(each.form)
        title = None if form is None else records.title(unit, each.form, each.id)
        yield LeftRow(
            url="" if title is None else f"/forms/{each.form}/{each.id}",
            title=title or str(each.id),
            form=each.form if form is None else text_of(form.label, visit.locale),
            reason=text_of(each.reason or {}, visit.locale),
        )


def _page(visit: Visit, unit: Unit, run: ImportRun) -> ImportRunPage:
    project = unit.project
    mapping = project.import_by_id.get(run.mapping)
    form = project.form_by_id.get(mapping.form if mapping is not None else run.mapping)
    file_id = visit.query.get("file", "")
    has_file = file_id.isdecimal()
    is_tried = run.is_dry and run.state is RunState.DONE
    is_refused = run.state is RunState.REFUSED and 0 < run.refused < run.total
    again = f"/imports/{run.mapping}/files/{file_id}"
    url = f"/imports/runs/{run.id}"
    key = state_key(run, visit.runtime.clock.now())
    return ImportRunPage(
        label=text_of(mapping.label if mapping else form.label if form else {"": run.mapping}, visit.locale),
        url=f"{url}?{urlencode({'file': file_id})}" if has_file else url,
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
        stop_url=f"{url}/stop" if is_stoppable(run) else "",
        import_url=again if is_tried and has_file else "",
        keeps_good=run.options.keep_good,
        kept=choice_fields(run.options),
        columns_url=with_choices(f"{again}/columns", run.options) if has_file and not run.done else "",
        good_url=again if is_refused and has_file else "",
        refused=run.refused,
        refused_url=f"{url}/refused" if run.refused_file is not None else "",
        reverse_url=f"{url}/reverse" if is_reversible(unit, run) else "",
        left=tuple(_left(visit, unit, run)) if run.state in _TAKEN_BACK else (),
    )
