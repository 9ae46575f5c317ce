"""A page of the project's own: its template, given what the page names, as far as the reader may see it."""

from collections.abc import Iterator

from starlette.responses import Response

from orderkit.engine import access, records
from orderkit.engine.records import Filter, Operator, Query, RecordView
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import Invalid
from orderkit.model.errors import Denied, NotFound, Problem, Refused
from orderkit.model.forms import Form
from orderkit.model.labels import text_of
from orderkit.model.pages import PageRecord, PageRows
from orderkit.web.display.fields import FieldViews, field_views
from orderkit.web.recording.sections import value_of
from orderkit.web.request.visit import LONGEST_ID, Visit


class Given:
    """What a template finds under the names that the project chose; a name is never an attribute of ours."""

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, object]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> object:
        """Return what stands under a name. Raises KeyError."""
        return self._values[name]


def template_of(page_id: str) -> str:
    """Return what the template of a page is called, beside those of orderkit."""
    return f"project/{page_id}.html"


def show_page(visit: Visit) -> Response:
    """Show a page of the project."""
    with visit.reading() as unit:
        page = unit.project.page_by_id.get(visit.name("page"))
        if page is None:
            raise NotFound
        decision = access.may_see_page(unit, page.id)
        if not decision:
            raise Denied(decision.why)
        views = field_views(unit)
        given: dict[str, object] = {"title": text_of(page.label, visit.locale)}
        for data in page.data:
            given[data.id] = (
                _record(visit, unit, data, views)
                if isinstance(data, PageRecord)
                else _rows(visit, unit, data, views)
            )
        return visit.show(unit, template_of(page.id), Given(given), current=f"page:{page.id}")


def _rows(visit: Visit, unit: Unit, data: PageRows, views: FieldViews) -> tuple[Given, ...]:
    form = unit.project.form_by_id[data.form]
    query = Query(
        form=form.id,
        where=data.where,
        filters=tuple(_asked(visit, unit, form, data)),
        sort=data.sort,
        limit=data.limit,
        columns=data.fields,
    )
    return tuple(_given(form, each, data.fields, views) for each in records.page(unit, query).rows)


def _asked(visit: Visit, unit: Unit, form: Form, data: PageRows) -> Iterator[Filter]:
    """Yield what the address asks for. Raises Refused for a text that the field's type does not read."""
    for name in data.by:
        text = visit.query.get(name, "").strip()
        if not text:
            continue
        field = form.by_id[name]
        value = unit.runtime.catalog.fields[field.type].parse(field.options, text)
        if isinstance(value, Invalid):
            raise Refused([Problem(path=name, code="invalid", message=value.message, help=value.expected)])
        yield Filter(field=name, operator=Operator.EQUAL, values=(value,))


def _record(visit: Visit, unit: Unit, data: PageRecord, views: FieldViews) -> Given | None:
    """Return the record that the address names; None where it names none. Raises NotFound, Denied."""
    text = visit.query.get(data.id, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < LONGEST_ID):
        raise NotFound
    form = unit.project.form_by_id[data.form]
    return _given(form, records.get(unit, form.id, int(text)), data.fields, views)


def _given(form: Form, record: RecordView, fields: tuple[str, ...], views: FieldViews) -> Given:
    """Return a record as its template has it: texts as people read them, empty where the reader sees none."""
    shown = {
        name: views.view(form, form.by_id[name], value_of(record, name)).shown
        if name in record.rights
        else ""
        for name in fields
    }
    return Given(
        {
            "id": record.id,
            "url": f"/forms/{form.id}/{record.id}",
            "title": record.title,
            "fields": Given(dict(shown)),
        }
    )
