"""What pressing a transition asks for: checked here, and parted into what goes where.

A field of the form is written into the record by `records`, with all its rules; one that the
transition asks for itself is kept in the timeline only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from orderkit.engine.records.documents.naming import why_not_given
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.wording import of_both
from orderkit.fields.field_type import FieldType, Invalid
from orderkit.model.errors import Problem
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Ask, Transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """`fields` are for the record, `own` (as JSON) for the timeline, `approvers` for the steps of an approval."""

    fields: Mapping[str, Scalar]
    own: Mapping[str, object]
    comment: str | None = None
    approvers: Mapping[str, Sequence[int]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_answers(
    unit: Unit, transition: Transition, values: Mapping[str, object], current: Mapping[str, Scalar]
) -> Answers:
    """Return the answers to what `transition` asks; a field that is not answered keeps its `current` value."""
    fields: dict[str, Scalar] = {}
    own: dict[str, object] = {}
    problems = [
        Problem(
            path=name,
            code="unknown_field",
            message=label(zh=f"此操作不接受 {name}", en=f"this action does not take {name}"),
        )
        for name in values.keys() - {ask.field.id for ask in transition.ask}
    ]
    for ask in transition.ask:
        name = ask.field.id
        value = values.get(name) if name in values or ask.is_own else current.get(name)
        if value is None or value == "":
            value = None
            if ask.required:
                message = of_both("请填写{field}", "{field} is required", field=ask.field.label)
                problems.append(Problem(path=name, code="required", message=message))
                continue
        scalar, problem = _checked(unit, ask, value, None if ask.is_own else current.get(name))
        if problem is not None:
            problems.append(problem)
        elif ask.is_own:
            own[name] = _type_of(unit, ask).to_json(ask.field.options, scalar)
        elif name in values:
            fields[name] = scalar
    return Answers(fields=fields, own=own, problems=tuple(problems))


def _checked(unit: Unit, ask: Ask, value: object, current: Scalar) -> tuple[Scalar, Problem | None]:
    if value is None:
        return None, None
    field_type = _type_of(unit, ask)
    scalar = cast("Scalar", value)
    # The record is then written by rule, which knows of everything; who answers may not.
    unknown = None if scalar == current else why_not_given(unit, ask.field, scalar)
    if unknown is not None:
        return None, Problem(path=ask.field.id, code="not_found", message=unknown)
    invalid = field_type.check(ask.field.options, scalar)
    if isinstance(invalid, Invalid):
        return None, Problem(
            path=ask.field.id, code="invalid", message=invalid.message, help=invalid.expected
        )
    return scalar, None


def _type_of(unit: Unit, ask: Ask) -> FieldType[Any]:
    return unit.runtime.catalog.fields[ask.field.type]
