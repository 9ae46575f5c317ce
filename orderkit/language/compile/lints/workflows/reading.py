"""What the steps of an approval rest on: fields that people fill, behind all that is worked out from them."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import assert_never

from orderkit.model.expressions.nodes import Aggregate, Each, Expression, Get, Root
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Record, Rows
from orderkit.model.forms import Field, Form
from orderkit.model.workflow.workflows import (
    Approval,
    ApprovalPart,
    Choose,
    Loop,
    Parallel,
    Step,
    parts_within,
)


def unprotected_inputs(forms: Mapping[str, Form], form_id: str, approval: Approval) -> frozenset[str]:
    """Return the paths that people fill (`total`, `lines.qty`), which decide steps and are not protected.

    A value worked out from others is protected by itself or by all that it is worked out from.
    """
    form = forms[form_id]
    protected = set(approval.protects)
    waiting = list(_deciding(approval.steps, form, {}))
    seen: set[str] = set()
    found = set()
    while waiting:
        path = waiting.pop()
        if path in seen or path in protected or path.partition(".")[0] in protected:
            continue
        seen.add(path)
        owner, field = _field_at(forms, form, path)
        if field is None or owner is None:
            continue
        worked_out = field.compute or field.virtual or field.copy
        if worked_out is None or field.editable:
            found.add(path)
        if worked_out is not None:
            prefix = path.rpartition(".")[0]
            waiting += [
                each if "." in each or not prefix or owner is form else f"{prefix}.{each}"
                for each in paths_read(worked_out, owner)
            ]
    return frozenset(found)


def paths_read(
    expression: Expression, form: Form, items: Mapping[str, str] = MappingProxyType({})
) -> Iterator[str]:
    """Yield the fields of this record that an expression reads, and those of its lines as `lines.qty`.

    `items` are names for a line, with the lines they are of.
    """
    rows = dict(items)
    for node in walk(expression):
        if isinstance(node, Aggregate | Each) and isinstance(node.rows, Get):
            lines = form.collection_by_id.get(node.rows.field)
            if lines is not None and lines.is_lines and isinstance(node.rows.base, Root):
                rows[node.row] = lines.id
    for node in walk(expression):
        if isinstance(node, Get) and isinstance(node.base, Root) and isinstance(node.base.type, Record):
            if node.base.name == "record" and not isinstance(node.type, Rows):
                yield node.field
            elif node.base.name in rows:
                yield f"{rows[node.base.name]}.{node.field}"


def _deciding(steps: Iterable[ApprovalPart], form: Form, items: Mapping[str, str]) -> Iterator[str]:
    """Yield the paths that decide which steps are needed; within a `foreach`, those of the row too."""
    for step in steps:
        inner = items
        if isinstance(step, Loop) and isinstance(step.rows, Get) and isinstance(step.rows.base, Root):
            lines = form.collection_by_id.get(step.rows.field)
            if lines is not None and lines.is_lines:
                inner = {**items, "item": lines.id}
        for when in _own_conditions(step):
            yield from paths_read(when, form, inner)
        for parts in parts_within(step):
            yield from _deciding(parts, form, inner)


def conditions_of(steps: Iterable[ApprovalPart]) -> Iterator[Expression]:
    """Yield every condition of some steps, those of branches and loops and within them too."""
    for step in steps:
        yield from _own_conditions(step)
        for parts in parts_within(step):
            yield from conditions_of(parts)


def _own_conditions(part: ApprovalPart) -> Iterator[Expression]:
    match part:
        case Step(when=condition) | Loop(where=condition):
            found: tuple[Expression | None, ...] = (condition,)
        case Choose(branches=branches) | Parallel(branches=branches):
            found = tuple(branch.when for branch in branches)
        case _:
            assert_never(part)
    yield from (condition for condition in found if condition is not None)


def _field_at(forms: Mapping[str, Form], form: Form, path: str) -> tuple[Form | None, Field | None]:
    name, _, rest = path.partition(".")
    if not rest:
        return form, form.by_id.get(name)
    rows = form.collection_by_id.get(name)
    owner = None if rows is None else forms.get(rows.form)
    return owner, None if owner is None else owner.by_id.get(rest)
