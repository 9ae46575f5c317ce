"""One record, or titles of many, as this reader may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from orderkit.engine.access import Action, decide
from orderkit.engine.records.documents.naming import may_name
from orderkit.engine.records.reading.viewing import view_rows
from orderkit.engine.records.views import RecordView
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.forms import FormId


def get(unit: Unit, form_id: FormId, record_id: int) -> RecordView:
    """Return one record with its lines. Raises NotFound when there is none, or it may not be seen."""
    row = readable_row(unit, form_id, record_id)
    (view,) = view_rows(unit, [row], with_lines=True, with_state=True)
    person = unit.person
    return replace(
        view,
        may_update=bool(decide(person, Action.UPDATE, form_id, row, unit=unit)),
        may_delete=bool(decide(person, Action.DELETE, form_id, row, unit=unit)),
    )


def readable_row(unit: Unit, form_id: FormId, record_id: int) -> RecordRow:
    """Return a record of a top-level form, if the unit's person may see it. Raises NotFound otherwise."""
    form = unit.project.form_by_id.get(form_id)
    if form is None or form.parent is not None:
        raise NotFound
    row = rows_of(unit).row(form_id, record_id) if 0 < record_id < 2**63 else None
    if row is None or not decide(unit.person, Action.READ, form_id, row, unit=unit):
        raise NotFound
    return row


def titles(unit: Unit, form_id: FormId, ids: Iterable[int]) -> Mapping[int, str]:
    """Return the titles of records, whoever asks: a title is shown to who may read the reference."""
    return rows_of(unit).titles(form_id, (each for each in ids if 0 < each < 2**63))


def title(unit: Unit, form_id: FormId, record_id: int) -> str | None:
    """Return the title of a record of which this person may know, though nothing they see refers to it."""
    row = rows_of(unit).row(form_id, record_id) if 0 < record_id < 2**63 else None
    return None if row is None or not may_name(unit, row) else rows_of(unit).title(form_id, record_id)
