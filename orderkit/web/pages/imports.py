"""Importing sheets: choose a file, look at what it would become, try it, import it.

The work itself is done by the worker (`engine.importing.job`); these pages queue it and watch it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from starlette.datastructures import UploadFile
from starlette.responses import Response

from orderkit.engine import access, files
from orderkit.engine.access import Action
from orderkit.engine.files import StoredFile
from orderkit.engine.importing.job import enqueue_import
from orderkit.engine.importing.options import DateOrder, Options
from orderkit.engine.importing.preview import Preview, preview
from orderkit.engine.importing.runs import recent_runs
from orderkit.engine.importing.templates import write_template
from orderkit.engine.runtime import Channel, Unit
from orderkit.model.errors import Denied, NotFound, Problem, Refused
from orderkit.model.labels import label, text_of
from orderkit.web.frame.navigation import may_import
from orderkit.web.importing import PreviewView, RunRow, preview_view, run_row
from orderkit.web.request.downloads import workbook
from orderkit.web.request.visit import Visit

EXTENSIONS = ("csv", "txt", "xls", "xlsx")
CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingLink:
    """A way to import."""

    label: str
    form: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportsPage:
    """The ways to import that this person may use, and the last imports."""

    mappings: tuple[MappingLink, ...]
    runs: tuple[RunRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStartPage:
    """Choosing a file for one mapping. `headings` are those that its columns stand under."""

    label: str
    form: str
    url: str
    template_url: str
    headings: tuple[str, ...]
    sheet: str
    largest: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateChoice:
    """An order of day, month and year."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreviewPage:
    """What a file would become. `orders` are offered where its dates may be read in several."""

    label: str
    url: str
    start_url: str
    file_name: str
    dates: str
    orders: tuple[DateChoice, ...]
    preview: PreviewView


def show_imports(visit: Visit) -> Response:
    """Show the ways to import."""
    with visit.reading() as unit:
        page = ImportsPage(
            mappings=tuple(_links(visit, unit)),
            runs=tuple(run_row(visit, run) for run in recent_runs(unit)),
        )
        return visit.show(unit, "pages/imports.html", page, current="imports")


def show_start(visit: Visit) -> Response:
    """Show the form that takes a file."""
    with visit.reading() as unit:
        return _start(visit, unit, problem="", status=200)


def upload(visit: Visit) -> Response:
    """Take a file and go on to its preview."""
    name = visit.name("mapping")
    with visit.reading() as unit:
        _allowed(unit, name)
    sent = visit.form.get("file")
    try:
        stored = _received(visit, sent)
    except Refused as error:
        problem = "；".join(
            text_of(part, visit.locale)
            for each in error.problems
            for part in (each.message, each.help)
            if part is not None
        )
        with visit.reading() as unit:
            return _start(visit, unit, problem=problem, status=422)
    return visit.go(f"/imports/{name}/files/{stored.id}")


def _received(visit: Visit, sent: object) -> StoredFile:
    if not isinstance(sent, UploadFile) or not sent.filename:
        message = label(zh="请先选择文件", en="Choose a file first")
        raise Refused([Problem(path="file", code="required", message=message)])
    source = sent.file
    return files.receive(
        visit.runtime,
        visit.person,
        Channel.PAGE,
        name=sent.filename,
        chunks=iter(lambda: source.read(CHUNK_BYTES), b""),
        extensions=EXTENSIONS,
        max_size=visit.site.settings.largest_upload,
    )


def show_preview(visit: Visit) -> Response:
    """Show how the columns were understood and what the first rows would become."""
    name = visit.name("mapping")
    with visit.reading() as unit:
        stored = _stored(visit, unit)
        dates = _dates(visit.query.get("dates", ""))
        path = files.content_path(unit, stored)
        found: Preview = preview(unit, name, path, options=Options(dates=dates), file_name=stored.name)
        page = ImportPreviewPage(
            label=_title(visit, unit, name),
            url=f"/imports/{name}/files/{stored.id}",
            start_url=f"/imports/{name}",
            file_name=stored.name,
            dates="" if dates is None else dates.value,
            orders=tuple(
                DateChoice(value=each.value, label=visit.t(f"imports.dates_{each.value}"))
                for each in DateOrder
            )
            if dates is not None or any(each.code == "ambiguous_date" for each in found.problems)
            else (),
            preview=preview_view(visit, found),
        )
        return visit.show(
            unit, "pages/import_preview.html", page, current=_current(unit, name), back=page.start_url
        )


def _dates(text: str) -> DateOrder | None:
    return DateOrder(text) if text in set(DateOrder) else None


def start(visit: Visit) -> Response:
    """Queue the import, or a dry run of it, and go on to watch it."""
    name = visit.name("mapping")
    with visit.writing() as unit:
        stored = _stored(visit, unit)
        options = Options(keep_good=visit.field("keep_good") == "1", dates=_dates(visit.field("dates")))
        run_id = enqueue_import(unit, name, stored, dry_run=visit.field("dry_run") == "1", options=options)
        unit.after_commit.append(visit.runtime.wake_worker)
    return visit.go(f"/imports/runs/{run_id}?file={stored.id}")


def template(visit: Visit) -> Response:
    """Return a workbook to fill in, in the reader's language."""
    buffer = BytesIO()
    with visit.reading() as unit:
        write_template(unit, visit.name("mapping"), buffer)
        title = _title(visit, unit, visit.name("mapping"))
    return workbook(f"{title}.xlsx", buffer.getvalue())


def _start(visit: Visit, unit: Unit, *, problem: str, status: int) -> Response:
    name = visit.name("mapping")
    form_id = _allowed(unit, name)
    mapping = unit.project.import_by_id.get(name)
    page = ImportStartPage(
        label=_title(visit, unit, name),
        form=text_of(unit.project.form_by_id[form_id].label, visit.locale),
        url=f"/imports/{name}",
        template_url=f"/imports/{name}/template",
        headings=tuple(dict.fromkeys(column.heading for column in mapping.columns)) if mapping else (),
        sheet=(mapping.sheet or "") if mapping else "",
        largest=visit.site.settings.largest_upload // 1024**2,
        problem=problem,
    )
    return visit.show(unit, "pages/import_start.html", page, current=_current(unit, name), status=status)


def _allowed(unit: Unit, name: str) -> str:
    """Return the form that a mapping (or the form of that id) fills. Raises NotFound, Denied."""
    mapping = unit.project.import_by_id.get(name)
    form = unit.project.form_by_id.get(mapping.form if mapping is not None else name)
    if form is None or form.parent is not None:
        raise NotFound
    decision = access.decide(unit.person, Action.IMPORT, form.id, unit=unit)
    if isinstance(decision, access.RefusedAccess):
        raise Denied(decision.why)
    return form.id


def _title(visit: Visit, unit: Unit, name: str) -> str:
    mapping = unit.project.import_by_id.get(name)
    if mapping is not None:
        return text_of(mapping.label, visit.locale)
    return visit.t("imports.into", form=text_of(unit.project.form_by_id[name].label, visit.locale))


def _current(unit: Unit, name: str) -> str:
    return f"import:{name}" if name in unit.project.import_by_id else f"form:{name}"


def _stored(visit: Visit, unit: Unit) -> StoredFile:
    """Return the uploaded file of the address, which only its uploader may use."""
    stored = files.files_of(unit, [visit.number("file")]).get(visit.number("file"))
    if stored is None or stored.created_by != visit.person.id or stored.record_id is not None:
        raise NotFound
    return stored


def _links(visit: Visit, unit: Unit) -> Iterator[MappingLink]:
    forms = unit.project.form_by_id
    for mapping in unit.project.imports:
        if may_import(unit, mapping.id):
            yield MappingLink(
                label=text_of(mapping.label, visit.locale),
                form=text_of(forms[mapping.form].label, visit.locale),
                url=f"/imports/{mapping.id}",
            )
