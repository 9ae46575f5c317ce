"""What stands behind the numbers of rows: the unit or currency that another field says, if the reader may see it."""

from collections.abc import Mapping, Sequence

from orderkit.engine.access import Action, Right, decide
from orderkit.engine.rows import RecordRow, path_steps, reads_of, rows_of
from orderkit.engine.rows.environments import evaluate_on
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.evaluation import EvaluationError
from orderkit.model.expressions.nodes import Get, Template
from orderkit.model.expressions.types import Record
from orderkit.model.forms import Field, FieldId, Form


def load_units(unit: Unit, form: Form, fields: Sequence[Field], rows: Sequence[RecordRow]) -> None:
    """Load what the units of these fields look at, one statement a step however many rows."""
    for field in fields:
        if field.unit is not None:
            rows_of(unit).prefetch(rows, path_steps(reads_of(unit.project, field.unit, form.id)))


def units_of(
    unit: Unit, row: RecordRow, fields: Sequence[Field], rights: Mapping[str, Right]
) -> dict[FieldId, str]:
    """Return the unit of each field of a row that has one; `rights` are those on the row's own fields."""
    found: dict[FieldId, str] = {}
    for field in fields:
        if field.unit is not None and _is_seen(unit, row, field.unit, rights):
            try:
                text = evaluate_on(unit, field.unit, row)
            except EvaluationError:
                continue
            if text is not None:
                found[field.id] = str(text)
    return found


def _is_seen(unit: Unit, row: RecordRow, template: Template, rights: Mapping[str, Right]) -> bool:
    """Return whether the reader may see every field on the way to the unit."""
    expression = template.parts[0].expression
    steps: list[str] = []
    while isinstance(expression, Get):
        steps.insert(0, expression.field)
        expression = expression.base
    here: RecordRow | None = row
    for index, name in enumerate(steps):
        if here is None:
            return False
        field = here.shape.by_id.get(name)
        is_parent = field is not None and here.shape.parent_field is field
        if index == 0:
            if not is_parent and rights.get(name, Right.HIDDEN) < Right.READ:
                return False
        elif not decide(unit.person, Action.READ, here.form, here, name, unit=unit):
            return False
        value = here.get(name)
        is_record = field is not None and isinstance(field.value_type, Record)
        here = (
            rows_of(unit).row(field.target, value)
            if is_record and field is not None and field.target is not None and isinstance(value, int)
            else None
        )
    return True
