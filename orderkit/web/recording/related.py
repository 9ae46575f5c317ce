"""Records of other forms that refer to this one: an order's receipts, a customer's orders."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from orderkit.engine import access, records
from orderkit.engine.access import Action
from orderkit.engine.records import Filter, Operator, Query, RecordView
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, Refused
from orderkit.model.forms import Collection, Form
from orderkit.model.labels import text_of
from orderkit.web.display.fields import FieldView, FieldViews
from orderkit.web.recording.sections import value_of

MOST_ROWS = 5
MOST_CELLS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedRow:
    """One record that refers here, with the few values that tell it apart."""

    title: str
    url: str
    cells: tuple[FieldView, ...]
    state: FieldView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedView:
    """The records of one form that refer here. Empty addresses are ways this person may not go."""

    label: str
    rows: tuple[RelatedRow, ...]
    all_url: str
    create_url: str


def related_views(unit: Unit, form: Form, record: RecordView, views: FieldViews) -> Iterator[RelatedView]:
    """Return a table for each reverse reference whose form this person may read."""
    for collection in form.collections:
        target = unit.project.form_by_id[collection.form]
        if collection.is_lines or target.parent is not None or _is_link(form, target, collection):
            continue
        found = _related(unit, collection, target, record, views)
        if found is not None:
            yield found


def _is_link(form: Form, target: Form, collection: Collection) -> bool:
    """Return whether this is how a record made of this one refers to it; that is shown by itself."""
    return any(way.source == form.id and way.link == collection.via for way in target.create_from)


def _related(
    unit: Unit, collection: Collection, target: Form, record: RecordView, views: FieldViews
) -> RelatedView | None:
    if not access.decide(unit.person, Action.READ, target.id, field=collection.via, unit=unit):
        return None
    refers_here = Filter(field=collection.via, operator=Operator.ONE_OF, values=(record.id,))
    try:
        page = records.page(unit, Query(form=target.id, filters=(refers_here,), limit=MOST_ROWS))
    except (Denied, Refused):
        return None
    may_create = access.decide(unit.person, Action.CREATE, target.id, unit=unit)
    if not page.rows and not may_create:
        return None
    url = f"/forms/{target.id}"
    is_filter = collection.via in target.list.filters
    return RelatedView(
        label=text_of(target.label, views.locale),
        rows=tuple(_row(target, row, collection, views) for row in page.rows),
        all_url=f"{url}?{urlencode({f'f.{collection.via}': record.id})}" if is_filter and page.next else "",
        create_url=f"{url}/new?{urlencode({collection.via: record.id})}" if may_create else "",
    )


def _row(form: Form, row: RecordView, collection: Collection, views: FieldViews) -> RelatedRow:
    fields = [form.by_id[column] for column in form.list.columns if column in row.values]
    states = [views.view(form, field, value_of(row, field.id)) for field in fields if field.workflow]
    cells = [
        views.view(form, field, value_of(row, field.id))
        for field in fields
        if field.workflow is None
        and field.id != collection.via
        and field.type in {"money", "decimal", "date", "datetime", "percent", "integer"}
        and not field.system
    ]
    return RelatedRow(
        title=row.title,
        url=f"/forms/{form.id}/{row.id}",
        cells=tuple(cells[:MOST_CELLS]),
        state=states[0] if states else None,
    )
