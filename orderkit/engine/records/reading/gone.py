"""A record that lies in the bin, for who refers to it: its title, if this person might read it were it there."""

from collections.abc import Sequence

from sqlalchemy import select

from orderkit.database.schema.system_tables import deleted_record
from orderkit.engine.access import Action, Right, decide, field_rights
from orderkit.engine.audit.renames import renames_in
from orderkit.engine.records.documents.reviving import revive
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FormId


def gone_title(
    unit: Unit, form_id: FormId, record_id: int, paths: Sequence[str] = ()
) -> tuple[str, bool] | None:
    """Return the title of a deleted record, and whether this person may look at it in the bin.

    None if they may not know of it, or see none of the fields at `paths` on it.
    """
    form = unit.project.form_by_id.get(form_id)
    query = select(deleted_record).where(
        deleted_record.c.form == form_id, deleted_record.c.record_id == record_id
    )
    stored = None if form is None else unit.connection.execute(query).one_or_none()
    if form is None or stored is None:
        return None
    row = revive(unit, form, stored, renames_in(unit, form.id)).row
    if not decide(unit.person, Action.READ, form_id, row, unit=unit):
        return None
    rights = field_rights(unit, form_id, row, with_state=False)
    if paths and not any(rights.get(path, Right.HIDDEN) >= Right.READ for path in paths):
        return None
    return stored.title, bool(decide(unit.person, Action.DELETE, form_id, row, unit=unit))
