"""Records of a trial that an earlier trial judged: stored as it left them, so that a long trial judges each once.

Only where nothing but the record itself comes of making it: no number, no workflow, no value of another
record. Elsewhere, and outside of trials, `apply` makes everything.
"""

from collections.abc import Mapping, Sequence

from orderkit.engine.records.writing.dependencies import is_counted
from orderkit.engine.records.writing.statements import insert_rows
from orderkit.engine.records.writing.violations import violations_explained
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import FieldId, FormId, SystemRole

Stored = Mapping[FieldId, Scalar]
_OF_A_WORKFLOW_OR_COUNTER = frozenset({SystemRole.STATE, SystemRole.NUMBER})
_MOMENTS = frozenset({SystemRole.CREATED_AT, SystemRole.UPDATED_AT})


def can_stand_alone(unit: Unit, form_id: FormId) -> bool:
    """Whether all that comes of making a record of this form is its own row."""
    form = unit.project.form_by_id[form_id]
    return (
        not form.lines
        and not any(field.system in _OF_A_WORKFLOW_OR_COUNTER for field in form.fields)
        and not is_counted(unit.runtime, form_id)
    )


def as_stored(unit: Unit, form_id: FormId, record_id: int) -> Stored:
    """Return what has just been stored of a record that can stand alone."""
    row = rows_of(unit).row(form_id, record_id)
    assert row is not None, "it was made in this very unit"
    return {name: value for name, value in row.values.items() if name != "id" and value is not None}


def put_again(unit: Unit, form_id: FormId, stored: Sequence[Stored]) -> list[int]:
    """Store records of a trial as an earlier one left them, and return their ids."""
    assert unit.is_trial, "what is to stay is judged by `apply`"
    form = unit.project.form_by_id[form_id]
    blank: dict[FieldId, Scalar] = {field.id: None for field in form.stored_fields}
    now = {field.id: unit.now for field in form.fields if field.system in _MOMENTS}
    rows = [rows_of(unit).new(form, {**blank, **each, **now}) for each in stored]
    with violations_explained(unit):
        insert_rows(unit, rows)
    return [row.id for row in rows]
