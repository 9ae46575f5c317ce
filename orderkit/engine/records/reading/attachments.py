"""Attachments of records: uploading into a field, and opening what a reader may see."""

from collections.abc import Iterable
from pathlib import Path

from orderkit.engine.records.views import FileView
from orderkit.engine.runtime import Channel, Person, Runtime, Unit
from orderkit.model.forms import FieldId, FormId


def upload(
    runtime: Runtime,
    person: Person,
    channel: Channel,
    form_id: FormId,
    field_id: FieldId,
    *,
    name: str,
    chunks: Iterable[bytes],
) -> FileView:
    """Store a file for a field; its id then goes into the values of a change.

    Raises: NotFound (no such field), Denied (the person may write it nowhere), Refused (size, type).
    """
    raise NotImplementedError


def open_attachment(unit: Unit, file_id: int) -> tuple[FileView, Path]:
    """Return a file and where its bytes lie. Raises NotFound unless the reader may see its field."""
    raise NotImplementedError
