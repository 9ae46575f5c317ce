"""What a system outside answered, kept in the fields that `save` names."""

from decimal import Decimal
from typing import Any

from orderkit.connectors.connector_type import Answer
from orderkit.engine import records
from orderkit.engine.records import Update
from orderkit.engine.rows import environment_of, rows_of
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import FieldType, Invalid
from orderkit.model.errors import ConnectorFailed
from orderkit.model.expressions.evaluation import EvaluationError, Value, evaluate
from orderkit.model.expressions.nodes import Expression, Scalar
from orderkit.model.forms import Field, FormId
from orderkit.model.labels import Label, label, text_of


def save_answer(
    unit: Unit,
    form: FormId,
    record_id: int,
    assigned: tuple[tuple[str, Expression], ...],
    answer: Answer,
    *,
    by_rule: bool = True,
) -> None:
    """Write the fields of `save`; a record that is gone meanwhile has nothing to save into.

    Raises: ConnectorFailed, where the answer does not fit.
    """
    row = rows_of(unit).row(form, record_id)
    if row is None or not assigned:
        return
    environment = environment_of(unit, row, roots={"result": dict(answer.result)})
    try:
        values = {
            name: _scalar(unit, row.shape.by_id[name], evaluate(expression, environment))
            for name, expression in assigned
        }
    except EvaluationError as error:
        raise _unfit(", ".join(name for name, _ in assigned), error.explain) from error
    records.apply(unit, [Update(form=form, id=record_id, values=values)], by_rule=by_rule)


def _scalar(unit: Unit, field: Field, value: Value) -> Scalar:
    """Return what came from outside as a value of the field. Raises ConnectorFailed when it is none."""
    field_type: FieldType[Any] = unit.runtime.catalog.fields[field.type]
    plain = format(value, "f") if isinstance(value, Decimal) else value
    found = field_type.from_json(field.options, plain)
    if isinstance(found, Invalid) and isinstance(plain, int | str):
        # Numbers where we keep text, and the other way round, are common.
        found = field_type.parse(field.options, str(plain))
    if isinstance(found, Invalid):
        raise _unfit(field.id, found.message)
    return found


def _unfit(name: str, why: Label) -> ConnectorFailed:
    return ConnectorFailed(
        label(
            zh=f"返回值不能存入 {name}：{text_of(why, 'zh')}",
            en=f"the answer cannot be kept in {name}: {text_of(why, 'en')}",
        ),
        is_permanent=True,
    )
