"""Importing sheets: choose a file, say what its columns fill, look at what it would become, try it, import it.

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
from orderkit.engine.importing.proposals import proposals_for
from orderkit.engine.importing.reading.limits import UnreadableFile
from orderkit.engine.importing.runs import recent_runs
from orderkit.engine.importing.templates import write_template
from orderkit.engine.runtime import Channel, Unit
from orderkit.model.errors import Denied, NotFound, Problem, Refused
from orderkit.model.labels import label, text_of
from orderkit.web.frame.navigation import may_import
from orderkit.web.importing import RunRow, import_title, navigation_key, run_row
from orderkit.web.pages.import_columns import next_address
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
    """Take a file and go on to its columns, or to its preview where they are sure."""
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
    with visit.reading() as unit:
        url = f"/imports/{name}/files/{stored.id}"
        try:
            found = proposals_for(unit, name, files.content_path(unit, stored), file_name=stored.name)
        except UnreadableFile:
            return visit.go(url)
        return visit.go(next_address(unit, name, url, found))


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


def template(visit: Visit) -> Response:
    """Return a workbook to fill in, in the reader's language."""
    buffer = BytesIO()
    with visit.reading() as unit:
        write_template(unit, visit.name("mapping"), buffer)
        title = import_title(visit, unit, visit.name("mapping"))
    return workbook(f"{title}.xlsx", buffer.getvalue())


def _start(visit: Visit, unit: Unit, *, problem: str, status: int) -> Response:
    name = visit.name("mapping")
    form_id = _allowed(unit, name)
    mapping = unit.project.import_by_id.get(name)
    page = ImportStartPage(
        label=import_title(visit, unit, name),
        form=text_of(unit.project.form_by_id[form_id].label, visit.locale),
        url=f"/imports/{name}",
        template_url=f"/imports/{name}/template",
        headings=tuple(dict.fromkeys(column.heading for column in mapping.columns)) if mapping else (),
        sheet=(mapping.sheet or "") if mapping else "",
        largest=visit.site.settings.largest_upload // 1024**2,
        problem=problem,
    )
    return visit.show(
        unit, "pages/import_start.html", page, current=navigation_key(unit, name), status=status
    )


def _allowed(unit: Unit, name: str) -> str:
    """Return the form that a mapping (or the form of that id) fills. Raises NotFound, Denied."""
    mapping = unit.project.import_by_id.get(name)
    form = unit.project.form_by_id.get(mapping.form if mapping is not None else name)
    if form is None or form.parent is not None or (mapping is None and form.is_built_in):
        raise NotFound
    decision = access.decide(unit.person, Action.IMPORT, form.id, unit=unit)
    if isinstance(decision, access.RefusedAccess):
        raise Denied(decision.why)
    return form.id


def _links(visit: Visit, unit: Unit) -> Iterator[MappingLink]:
    forms = unit.project.form_by_id
    for mapping in unit.project.imports:
        if may_import(unit, mapping.id):
            yield MappingLink(
                label=text_of(mapping.label, visit.locale),
                form=text_of(forms[mapping.form].label, visit.locale),
                url=f"/imports/{mapping.id}",
            )
