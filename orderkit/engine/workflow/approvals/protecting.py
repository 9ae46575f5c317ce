"""What approvals protect: the fields on which one that was given rests, as long as it stands.

An approval stands from its first decision on, and behind it until the record comes back to where it
must be asked again. What it `protects` may then be changed by nobody; with `reapprove: true` a change
sends the record into the approval once more.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from orderkit.database.schema.system_tables import workflow_event
from orderkit.engine.access import APPROVED, is_locked
from orderkit.engine.records.documents.document import is_same
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import EndingName
from orderkit.engine.workflow.approvals.step_rows import is_decided
from orderkit.engine.workflow.instances import Instance
from orderkit.model.errors import Problem
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Form
from orderkit.model.project import Project
from orderkit.model.workflow.ways import states_behind, states_of
from orderkit.model.workflow.workflows import Approval, Transition, Workflow


class _Behind(dict[tuple[int, str], frozenset[str]]):
    """The states behind approvals, by definition and approval."""


def protecting(unit: Unit, definition: Workflow, state: str) -> tuple[Approval, ...]:
    """Return the approvals that may protect something in a state; asks no database."""
    return tuple(
        approval
        for approval in definition.approvals
        if approval.protects
        and (state in states_of(definition, approval) or state in _behind(unit, definition, approval))
    )


def _standing(unit: Unit, instance: Instance) -> tuple[Approval, ...]:
    return tuple(
        approval
        for approval in protecting(unit, instance.definition, instance.state)
        if stands(unit, instance, approval)
    )


def locked_paths(unit: Unit, instance: Instance) -> frozenset[str]:
    """Return the paths that nobody may change now."""
    standing = _standing(unit, instance)
    return frozenset(path for each in standing if not each.reapprove for path in each.protects)


def touched(unit: Unit, form: Form, approval: Approval, changed: Iterable[str]) -> tuple[str, ...]:
    """Return what of the changed paths an approval protects."""
    return tuple(
        path
        for path in sorted(changed)
        if any(_means(unit.project, form, each, path) for each in approval.protects)
    )


def problems_of_answers(
    unit: Unit, instance: Instance, row: RecordRow, transition: Transition, answers: Mapping[str, Scalar]
) -> tuple[Problem, ...]:
    """Return which answers to a transition change what is approved, unless it leads back before the approval."""
    protected = {
        path
        for approval in (_standing(unit, instance) if answers else ())
        if transition.target in _behind(unit, instance.definition, approval)
        for path in approval.protects
    }
    return tuple(
        Problem(path=name, code="approved", message=APPROVED)
        for name, value in answers.items()
        if is_locked(frozenset(protected), name) and not is_same(row.get(name), value)
    )


def _behind(unit: Unit, definition: Workflow, approval: Approval) -> frozenset[str]:
    # Definitions live as long as the runtime, so that their identity names them within a unit.
    known = unit.keep(_Behind, _Behind)
    key = (id(definition), approval.id)
    if key not in known:
        known[key] = states_behind(definition, approval)
    return known[key]


def stands(unit: Unit, instance: Instance, approval: Approval) -> bool:
    """Return whether people have begun to decide, or the record last left the approval because it was given."""
    if instance.state in states_of(instance.definition, approval):
        return is_decided(unit, instance)
    return given_in(unit, instance, approval) is not None


def given_in(unit: Unit, instance: Instance, approval: Approval) -> str | None:
    """Return the state in which an approval was last given, or None where the record left it another way."""
    during = states_of(instance.definition, approval)
    left = (
        select(workflow_event.c.source, workflow_event.c.verb)
        .where(workflow_event.c.instance_id == instance.id, workflow_event.c.source.in_(sorted(during)))
        .order_by(workflow_event.c.id.desc())
        .limit(1)
    )
    found = unit.connection.execute(left).one_or_none()
    return found.source if found is not None and found.verb == EndingName.APPROVED else None


def _means(project: Project, form: Form, protected: str, changed: str) -> bool:
    """Whether a changed path is what is protected; what is computed in rows only where it is named itself."""
    if protected == changed:
        return True
    name, _, inner = changed.partition(".")
    if protected.partition(".")[0] != name:
        return False
    if not inner:
        return True
    rows = form.collection_by_id[name]
    return protected == name and not project.form_by_id[rows.form].by_id[inner].is_derived
