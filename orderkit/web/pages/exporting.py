"""The list of a form as an Excel sheet: the same rows, in the same order, under the same rights."""

from io import BytesIO

from starlette.responses import Response

from orderkit.engine import audit
from orderkit.engine.importing.export import ExportFormat, export
from orderkit.model.labels import text_of
from orderkit.web.listing.address import read_address
from orderkit.web.listing.kept import arranged_at, kept_views
from orderkit.web.listing.querying import whole_query
from orderkit.web.pages.record_list import form_of
from orderkit.web.request.downloads import workbook
from orderkit.web.request.visit import Visit


def export_list(visit: Visit) -> Response:
    """Return the list as a file. Raises Denied without the right to export."""
    buffer = BytesIO()
    with visit.reading() as unit:
        form = form_of(unit, visit.name("form"))
        address = read_address(visit.query, form, unit.runtime.catalog)
        query = whole_query(form, address)
        arrangement = arranged_at(unit, form, kept_views(unit, form, address))
        columns = [each.field for each in arrangement.columns]
        rows = export(unit, query, ExportFormat.XLSX, buffer, columns=columns)
    with visit.writing() as unit:
        facts = {
            "form": form.id,
            "format": ExportFormat.XLSX.value,
            "rows": rows,
            "columns": list(columns),
            # What one searched for may be somebody's name.
            "filter": visit.request.url.query,
        }
        audit.note(unit, audit.EXPORT, "exported", facts, personal=frozenset({"filter"}))
    return workbook(f"{text_of(form.label, visit.locale)}.xlsx", buffer.getvalue())
