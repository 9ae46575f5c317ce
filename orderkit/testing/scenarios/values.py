"""What the values of a scenario come to when a step is taken: expressions see the records made so far, by name."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from orderkit.engine.importing.matching.mapping import as_named
from orderkit.engine.importing.seeds import find_by_text
from orderkit.engine.records import LineChange
from orderkit.engine.rows import environment_of, rows_of
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import Invalid
from orderkit.model.expressions.evaluation import Value, evaluate
from orderkit.model.expressions.evaluation.environment import PLAIN
from orderkit.model.expressions.nodes import Expression, Items, Literal, Scalar, Structure
from orderkit.model.expressions.types import Text
from orderkit.model.forms import Field, Form
from orderkit.model.labels import label, text_of
from orderkit.testing.stage import Stage, field_of, wrong

Pairs = Sequence[tuple[str, Expression]]


def assigned(
    stage: Stage, unit: Unit, form: Form, given: Pairs
) -> tuple[dict[str, Scalar], dict[str, list[LineChange]]]:
    """Return what the fields and the collections of a record get. Raises Refused for a record that is not there."""
    values: dict[str, Scalar] = {}
    lines: dict[str, list[LineChange]] = {}
    for name, expression in given:
        if isinstance(expression, Items) and name in form.collection_by_id:
            rows = unit.project.form_by_id[form.collection_by_id[name].form]
            lines[name] = [LineChange(values=_row(stage, unit, rows, item)) for item in expression.items]
        else:
            values[name] = value_of(stage, unit, field_of(form, name), expression)
    return values, lines


def _row(stage: Stage, unit: Unit, rows: Form, item: Expression) -> dict[str, Scalar]:
    assert isinstance(item, Structure), "the compiler takes only rows here"
    return {
        entry.name: value_of(stage, unit, field_of(rows, entry.name), entry.value) for entry in item.entries
    }


def value_of(stage: Stage, unit: Unit, field: Field, given: Expression) -> Scalar:
    """Return the value that a field gets: of a record its id, found by the text by which people know it."""
    value: Any = plain(stage, unit, as_named(given) or given)
    if isinstance(value, list | tuple):
        several = [_one(stage, unit, field, each) for each in value]
        return tuple(each for each in several if isinstance(each, str | int))
    return _one(stage, unit, field, value)


def answer_of(stage: Stage, unit: Unit, field: Field, given: Expression) -> object:
    """Return what a button is told; the value of a field of its own is text as people type it."""
    value = value_of(stage, unit, field, given)
    if not isinstance(given, Literal) or not isinstance(value, str) or isinstance(field.value_type, Text):
        return value
    parsed = unit.runtime.catalog.fields[field.type].parse(field.options, value)
    return value if isinstance(parsed, Invalid) else parsed


def plain(stage: Stage, unit: Unit, expression: Expression) -> Value:
    """Return the value of an expression that may name the records of the story."""
    rows = rows_of(unit)
    roots: Mapping[str, Value] = {name: rows.row(*place) for name, place in stage.named.items()}
    return evaluate(expression, environment_of(unit, roots=roots))


def _one(stage: Stage, unit: Unit, field: Field, value: Any) -> Scalar:
    if value is not None and not isinstance(value, PLAIN):
        identity: int = value.id
        return identity
    if field.target is None or not isinstance(value, str):
        return cast("Scalar", value)
    if value in stage.named:
        return stage.named[value][1]
    form = unit.project.form_by_id[field.target]
    found = find_by_text(unit, form, value)
    if found is None:
        raise wrong(
            label(
                zh=f"没有这个{text_of(form.label, 'zh')}：{value}",
                en=f"there is no {text_of(form.label, 'en').lower()} `{value}`",
            )
        )
    return found
