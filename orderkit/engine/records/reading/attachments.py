"""Attachments of records: uploading into a field, and opening what a reader may see."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import select

from orderkit.database.schema.system_tables import comment, deleted_record, workflow_task
from orderkit.engine import files
from orderkit.engine.access import Action, decide
from orderkit.engine.audit.renames import renames_in
from orderkit.engine.files import StoredFile
from orderkit.engine.records.documents.reviving import revive
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.records.reading.viewing import file_view, is_file
from orderkit.engine.records.views import FileView
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Channel, Person, Runtime, Unit
from orderkit.model.errors import Denied, NotFound
from orderkit.model.forms import FieldId, FormId, ids_in
from orderkit.model.labels import label

# Stands for a form in `ok_file` where a file belongs to a comment.
COMMENT = "ok_comment"
# And where it is the signature under the task of an approval.
SIGNATURE = "ok_workflow_task"


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
    """Store a file for a field (`form_id` may be a lines form); its id then goes into a change.

    Raises: NotFound (no such field), Denied (the person may write it nowhere), Refused (size, type).
    """
    with runtime.read(person, channel) as unit:
        form = runtime.project.form_by_id.get(form_id)
        field = None if form is None else form.by_id.get(field_id)
        if form is None or field is None or not is_file(unit, field):
            raise NotFound
        actions = (Action.CREATE, Action.UPDATE)
        decisions = [decide(person, action, form.id, field=field_id, unit=unit) for action in actions]
        if not any(decisions):
            refused = decisions[-1]
            assert not refused
            raise Denied(refused.why)
    extensions: Sequence[str] = getattr(field.options, "extensions", ())
    max_size: int = getattr(field.options, "max_size", 20 * 1024**2)
    stored = files.receive(
        runtime, person, channel, name=name, chunks=chunks, extensions=extensions, max_size=max_size
    )
    return file_view(stored)


def open_attachment(unit: Unit, file_id: int) -> tuple[FileView, Path]:
    """Return a file and where its bytes lie.

    Raises NotFound unless the reader may see its field, and when the folder does not have the bytes.
    """
    stored = files.files_of(unit, [file_id]).get(file_id)
    if stored is None or not _may_open(unit, stored):
        raise NotFound
    path = files.content_path(unit, stored)
    if not path.is_file():
        raise NotFound(
            label(
                zh="附件的内容已不在磁盘上：请让管理员从备份恢复附件目录",
                en="the content of this attachment is no longer on disk: "
                "an administrator has to restore the folder of attachments from a backup",
            )
        )
    return file_view(stored), path


def _may_open(unit: Unit, stored: StoredFile) -> bool:
    if stored.form == COMMENT and stored.record_id is not None:
        return _may_read_comment(unit, stored.record_id)
    if stored.form == SIGNATURE and stored.record_id is not None:
        return _may_read_signed(unit, stored.record_id)
    if stored.form is None or stored.field is None or stored.record_id is None:
        # Not saved with a record yet: only who uploaded it.
        return unit.person.is_system or stored.created_by == unit.person.id
    if stored.form not in unit.project.form_by_id:
        return False
    row = rows_of(unit).row(stored.form, stored.record_id)
    if row is None:
        return _may_open_in_bin(unit, stored)
    # A file that the field no longer holds was taken out on purpose.
    if stored.id not in ids_in(row.values.get(stored.field)):
        return False
    return bool(decide(unit.person, Action.READ, stored.form, row, stored.field, unit=unit))


def _may_open_in_bin(unit: Unit, stored: StoredFile) -> bool:
    """Return whether a file belongs to a record of the bin that this person may see there; none of a line does."""
    form = unit.project.form_by_id[stored.form or ""]
    lying = unit.connection.execute(
        select(deleted_record).where(
            deleted_record.c.form == form.id, deleted_record.c.record_id == stored.record_id
        )
    ).one_or_none()
    if lying is None or stored.field is None:
        return False
    row = revive(unit, form, lying, renames_in(unit, form.id)).row
    return (
        stored.id in ids_in(row.values.get(stored.field))
        and bool(decide(unit.person, Action.DELETE, form.id, row, unit=unit))
        and bool(decide(unit.person, Action.READ, form.id, row, unit=unit))
        and bool(decide(unit.person, Action.READ, form.id, row, stored.field, unit=unit))
    )


def _may_read_signed(unit: Unit, task_id: int) -> bool:
    """Return whether a signature stands under an approval of a record that this person may see."""
    found = select(workflow_task.c.form, workflow_task.c.record_id).where(workflow_task.c.id == task_id)
    signed = unit.connection.execute(found).one_or_none()
    row = None if signed is None else rows_of(unit).row(signed.form, signed.record_id)
    return row is not None and bool(decide(unit.person, Action.READ, row.form, row, unit=unit))


def _may_read_comment(unit: Unit, comment_id: int) -> bool:
    """Return whether a comment still stands, on a record that this person may see."""
    found = select(comment.c.form, comment.c.record_id).where(
        comment.c.id == comment_id, comment.c.removed_at.is_(None)
    )
    about = unit.connection.execute(found).one_or_none()
    if about is None:
        return False
    try:
        readable_row(unit, about.form, about.record_id)
    except NotFound:
        return False
    return True
