"""Records as JSON documents: the fields that this reader may see, and what helps beside them.

Field names begin with a letter, so what is told besides the fields begins with `_`: `_title`, the
titles of references in `_titles`, attachments in `_files`, and in `_masked` which values are masked.
"""

from collections.abc import Collection
from typing import Any

from orderkit.catalog import Catalog
from orderkit.engine.access import Right
from orderkit.engine.records import FileView, Page, RecordView
from orderkit.model.forms import Form
from orderkit.model.project import Project

Document = dict[str, Any]


def record_document(
    view: RecordView, project: Project, catalog: Catalog, *, only: Collection[str] | None = None
) -> Document:
    """Return the document of one record, its fields in the order of the form.

    `only` names the fields wanted; without it all that the view holds.
    """
    form = project.form_by_id[view.form]
    document = _fields(view, form, catalog, only)
    document["_title"] = view.title
    for collection in form.lines:
        if collection.id in view.lines and (only is None or collection.id in only):
            row_form = project.form_by_id[collection.form]
            document[collection.id] = [_row(row, row_form, catalog) for row in view.lines[collection.id]]
    return document


def page_document(
    page: Page, project: Project, catalog: Catalog, *, only: Collection[str] | None
) -> Document:
    """Return one page of a list; a cursor is null where there is no page on that side."""
    return {
        "items": [record_document(row, project, catalog, only=only) for row in page.rows],
        "next_cursor": page.next,
        "previous_cursor": page.previous,
    }


def entity_tag(revision: int) -> str:
    """Return the ETag of a revision."""
    return f'"{revision}"'


def file_address(file_id: int) -> str:
    """Return where an attachment is downloaded."""
    return f"/api/v1/files/{file_id}"


def file_document(file: FileView) -> Document:
    """Return what is told of an attachment."""
    return {
        "id": file.id,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "href": file_address(file.id),
    }


def _row(view: RecordView, form: Form, catalog: Catalog) -> Document:
    document = _fields(view, form, catalog, None)
    if form.parent_field is not None:
        document.pop(form.parent_field.id, None)
    return document


def _fields(view: RecordView, form: Form, catalog: Catalog, only: Collection[str] | None) -> Document:
    document: Document = {"id": view.id}
    masked = []
    for field in form.fields:
        if field.id not in view.values or (only is not None and field.id not in only):
            continue
        value = view.values[field.id]
        if view.rights.get(field.id) is Right.MASKED:
            masked.append(field.id)
            document[field.id] = value if value is None else str(value)
        else:
            document[field.id] = catalog.fields[field.type].to_json(field.options, value)
    titles: Document = {key: title for key, title in view.titles.items() if key in document}
    files: Document = {key: file_document(file) for key, file in view.files.items() if key in document}
    for key, items in view.items.items():
        if key in document:
            titles[key] = [item.title for item in items]
            attached = [file_document(item.file) for item in items if item.file is not None]
            files.update({key: attached} if attached else {})
    if titles:
        document["_titles"] = titles
    if files:
        document["_files"] = files
    if masked:
        document["_masked"] = masked
    return document
