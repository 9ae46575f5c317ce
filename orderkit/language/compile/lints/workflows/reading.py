"""What the steps of an approval rest on: fields that people fill, behind all that is worked out from them."""

from collections.abc import Iterable, Iterator, Mapping

from orderkit.model.expressions import Aggregate, Each, Expression, Get, Root
from orderkit.model.forms import Field, Form
from orderkit.model.tree import walk
from orderkit.model.types import Record, Rows
from orderkit.model.workflows import Approval, ApprovalPart, Choose, Parallel, Step, parts_within


def unprotected_inputs(forms: Mapping[str, Form], form_id: str, approval: Approval) -> frozenset[str]:
    """Return the paths that people fill (`total`, `lines.qty`), which decide steps and are not protected.

    A value worked out from others is protected by itself or by all that it is worked out from.
    """
    form = forms[form_id]
    protected = set(approval.protects)
    waiting = [path for when in conditions_of(approval.steps) for path in paths_read(when, form)]
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


def paths_read(expression: Expression, form: Form) -> Iterator[str]:
    """Yield the fields of this record that an expression reads, and those of its lines as `lines.qty`."""
    rows: dict[str, str] = {}
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


def conditions_of(steps: Iterable[ApprovalPart]) -> Iterator[Expression]:
    """Yield every `when` of some steps, those of branches and in branches among them."""
    for step in steps:
        if isinstance(step, Step):
            if step.when is not None:
                yield step.when
        elif isinstance(step, Choose | Parallel):
            yield from (branch.when for branch in step.branches if branch.when is not None)
        for parts in parts_within(step):
            yield from conditions_of(parts)


def _field_at(forms: Mapping[str, Form], form: Form, path: str) -> tuple[Form | None, Field | None]:
    name, _, rest = path.partition(".")
    if not rest:
        return form, form.by_id.get(name)
    rows = form.collection_by_id.get(name)
    owner = None if rows is None else forms.get(rows.form)
    return owner, None if owner is None else owner.by_id.get(rest)
