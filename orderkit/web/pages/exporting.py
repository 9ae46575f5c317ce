"""The records of a form as a file: the same rows, in the same order, under the same rights as on the page."""

from collections.abc import Callable, Sequence
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from starlette.responses import Response

from orderkit.engine.exporting import FORMATS, everything, export, note_exported
from orderkit.engine.records import Query
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.forms import FieldId, Form
from orderkit.model.labels import text_of
from orderkit.web.listing.address import read_address
from orderkit.web.listing.kept import arranged_at, kept_views
from orderkit.web.listing.querying import whole_query
from orderkit.web.pages.record_list import form_of
from orderkit.web.request.downloads import sent
from orderkit.web.request.visit import Visit

Asked = tuple[Query, Sequence[FieldId], Sequence[str]]
"""Which records, which fields, and by what they are narrowed, without values."""


def export_list(visit: Visit) -> Response:
    """Return what the list shows as a file. Raises Denied without the right to export, NotFound."""

    def asked(unit: Unit, form: Form) -> Asked:
        address = read_address(visit.query, form, unit.runtime.catalog)
        columns = [each.field for each in arranged_at(unit, form, kept_views(unit, form, address)).columns]
        return whole_query(form, address), columns, address.outline()

    return _file(visit, visit.request.path_params.get("format", "xlsx"), asked, with_lines=False)


def export_everything(visit: Visit) -> Response:
    """Return all that this person may take along of a form, with its lines. Raises Denied, NotFound."""

    def asked(unit: Unit, form: Form) -> Asked:
        return *everything(unit, form.id), ()

    return _file(visit, visit.name("format"), asked, with_lines=True)


def _file(
    visit: Visit, format_name: str, asked: Callable[[Unit, Form], Asked], *, with_lines: bool
) -> Response:
    """Write the file aside, so that its length takes no memory, and note that it leaves before it does."""
    format_ = FORMATS.get(format_name)
    if format_ is None:
        raise NotFound
    aside = cast("BinaryIO", TemporaryFile())  # noqa: SIM115 - closed when it has been sent
    try:
        with visit.reading() as unit:
            form = form_of(unit, visit.name("form"))
            query, columns, narrowed = asked(unit, form)
            rows = export(unit, query, format_, aside, columns=columns, with_lines=with_lines)
        with visit.writing() as unit:
            note_exported(unit, form.id, format_, rows=rows, columns=columns, narrowed=narrowed)
    except BaseException:
        aside.close()
        raise
    return sent(f"{text_of(form.label, visit.locale)}.{format_.name}", aside, format_.media_type)
