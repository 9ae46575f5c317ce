"""What the import pages share: rows of runs and problems, and the preview of a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from orderkit.engine.files import StoredFile, files_of
from orderkit.engine.importing.preview import Preview
from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.importing.runs import ImportRun, RunState
from orderkit.engine.importing.transitions import is_abandoned
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.labels import text_of
from orderkit.web.display.moments import shown_ago
from orderkit.web.request.visit import Visit

MOST_PROBLEMS = 200
_TONES = {
    RunState.DONE: "green",
    RunState.REFUSED: "red",
    RunState.FAILED: "red",
    RunState.REVERSAL_FAILED: "red",
    RunState.CANCELLED: "gray",
    RunState.REVERSED: "gray",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """One bad cell: where it is, what stands there, what is wrong, what is expected."""

    sheet: str
    cell: str
    heading: str
    text: str
    what: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One import in a list."""

    url: str
    file_name: str
    label: str
    state: str
    tone: str
    time: str
    counts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRow:
    """A column of the sheet and the field that it fills; `field` empty: it is not used."""

    letters: str
    heading: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRow:
    """A record as it would become. `lines` counts its rows."""

    rows: str
    status: str
    tone: str
    cells: tuple[str, ...]
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """What a file would become, as far as its first rows tell."""

    sheet: str
    header_cell: str
    row_count: int
    columns: tuple[ColumnRow, ...]
    missing: tuple[str, ...]
    headings: tuple[str, ...]
    samples: tuple[SampleRow, ...]
    problems: tuple[ProblemRow, ...]
    may_go_on: bool


def problem_rows(problems: Iterable[ImportProblem], locale: str) -> tuple[ProblemRow, ...]:
    """Return the first problems for a page."""
    found = tuple(
        ProblemRow(
            sheet=each.sheet,
            cell=each.cell or (str(each.row) if each.row else ""),
            heading=each.heading,
            text=each.text,
            what=text_of(each.what, locale),
            expected=text_of(each.expected, locale) if each.expected else "",
        )
        for each in problems
    )
    return found[:MOST_PROBLEMS]


def state_key(run: ImportRun, now: datetime) -> str:
    """Return which words say how a run stands: of one that is done, whether it was a trial and whether it was whole.

    Of one whose process was killed they say so: it stands as under way until somebody goes on with it.
    """
    if is_abandoned(run, now):
        return "abandoned"
    if run.state is not RunState.DONE:
        return run.state.value
    if run.refused:
        return "dry_partly" if run.is_dry else "partly"
    return "dry" if run.is_dry else "done"


def run_row(visit: Visit, run: ImportRun) -> RunRow:
    """Return a run for a list."""
    project = visit.runtime.project
    mapping = project.import_by_id.get(run.mapping)
    form = project.form_by_id.get(run.mapping)
    now = visit.runtime.clock.now()
    key = state_key(run, now)
    return RunRow(
        url=f"/imports/runs/{run.id}",
        file_name=run.file_name,
        label=text_of(mapping.label if mapping else form.label if form else {"": run.mapping}, visit.locale),
        state=visit.t(f"imports.state_{key}"),
        tone=_TONES.get(run.state, "azure"),
        time=shown_ago(run.created_at, now, visit.zone, visit.locale, visit.t),
        counts=visit.t("imports.counts", created=run.created, updated=run.updated, unchanged=run.unchanged),
    )


def preview_view(visit: Visit, found: Preview) -> PreviewView:
    """Return the preview for its page."""
    locale = visit.locale
    paths = tuple(path for path in found.fields if "." not in path)
    return PreviewView(
        sheet=found.sheet,
        header_cell=found.header_cell,
        row_count=found.row_count,
        columns=tuple(
            ColumnRow(
                letters=each.letters,
                heading=each.heading,
                field=text_of(each.field, locale) if each.field else "",
            )
            for each in found.columns
        ),
        missing=found.missing,
        headings=tuple(text_of(found.fields[path], locale) for path in paths),
        samples=tuple(
            SampleRow(
                rows=f"{each.rows[0]}–{each.rows[-1]}" if len(each.rows) > 1 else str(each.rows[0]),
                status=visit.t(
                    "imports.new" if each.is_new else "imports.changed" if each.is_changed else "imports.same"
                ),
                tone="green" if each.is_new else "blue" if each.is_changed else "gray",
                cells=tuple(each.values.get(path, "") for path in paths),
                lines=sum(len(lines) for lines in each.lines.values()),
            )
            for each in found.records
        ),
        problems=problem_rows(found.problems, locale),
        may_go_on=bool(found.records) and not found.missing,
    )


def import_title(visit: Visit, unit: Unit, name: str) -> str:
    """Return what people call a way to import: a mapping, or a form without one."""
    mapping = unit.project.import_by_id.get(name)
    if mapping is not None:
        return text_of(mapping.label, visit.locale)
    form = unit.project.form_by_id.get(name)
    if form is None:
        raise NotFound
    return visit.t("imports.into", form=text_of(form.label, visit.locale))


def navigation_key(unit: Unit, name: str) -> str:
    """Return the key of the link in the navigation that a way to import belongs to."""
    return f"import:{name}" if name in unit.project.import_by_id else f"form:{name}"


def uploaded(visit: Visit, unit: Unit) -> StoredFile:
    """Return the uploaded file of the address, which only its uploader may use. Raises NotFound."""
    stored = files_of(unit, [visit.number("file")]).get(visit.number("file"))
    if stored is None or stored.created_by != visit.person.id or stored.record_id is not None:
        raise NotFound
    return stored
