"""JSON: a list of records, each with its values as the API gives them, its titles, and all of its lines."""

import json
from typing import Any, BinaryIO

from orderkit.catalog import Catalog
from orderkit.engine.access import Right
from orderkit.engine.exporting.columns import Table
from orderkit.engine.exporting.formats.format import Format
from orderkit.engine.records import RecordView
from orderkit.model.forms import Form


def write(table: Table, target: BinaryIO) -> int:
    """Write a table. Each record stands on a line of its own, so that a program may read one after the other."""
    catalog, project = table.unit.runtime.catalog, table.unit.project
    named = [column.field.id for column in table.columns if not column.collection]
    target.write(b"[")
    count = 0
    for record in table.records:
        document = _document(record, table.form, catalog, only=named)
        if table.with_lines:
            for collection in table.form.lines:
                if collection.id in record.lines:
                    inner = project.form_by_id[collection.form]
                    lines = record.lines[collection.id]
                    document[collection.id] = [_document(line, inner, catalog) for line in lines]
        target.write(b",\n" if count else b"\n")
        target.write(json.dumps(document, ensure_ascii=False).encode())
        count += 1
    target.write(b"\n]\n")
    return count


def _document(
    view: RecordView, form: Form, catalog: Catalog, *, only: list[str] | None = None
) -> dict[str, Any]:
    wanted = [form.by_id[each] for each in only] if only is not None else form.fields
    document: dict[str, Any] = {"id": view.id}
    for field in wanted:
        if field.id not in view.values or field is form.parent_field:
            continue
        value = view.values[field.id]
        if view.rights.get(field.id) is Right.MASKED:
            document[field.id] = value if value is None else str(value)
        else:
            document[field.id] = catalog.fields[field.type].to_json(field.options, value)
    titles = {name: title for name, title in view.titles.items() if name in document}
    return {**document, "_titles": titles} if titles else document


JSON = Format(name="json", title="JSON", media_type="application/json", write=write)
