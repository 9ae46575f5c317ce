"""Who can give a field its value, and by when: people in the states of its form's workflows.

What else gives values (defaults, formulas, assignments, imports) is asked elsewhere: `is_filled_by_people`
and `Usage.is_given`.
"""

from collections.abc import Iterator

from orderkit.language.compile.lints.workflows.graph import Graph
from orderkit.model.expressions.types import Boolean, Rows
from orderkit.model.forms import Field, SystemRole
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import Step, Workflow, all_steps


def is_filled_by_people(field: Field) -> bool:
    """Whether a field begins empty and only people give it a value."""
    begins = field.default or field.copy or field.compute or field.virtual
    is_own = field.system is SystemRole.NONE
    return is_own and begins is None and not isinstance(field.value_type, Boolean | Rows)


def is_fillable(graph: Graph, field: Field, before: frozenset[str]) -> bool:
    """Whether people can give a field a value in some states, or on a way that ends in one of them."""
    workflow = graph.workflow
    for transition in workflow.transitions:
        is_before = transition.target in before and before.intersection(transition.sources)
        if is_before and any(ask.field.id == field.id and not ask.is_own for ask in transition.ask):
            return True
    if any(dict(step.fields).get(field.id) == "edit" for step in _steps_before(graph, before)):
        return True
    if field.readonly:
        return False
    for state in workflow.states:
        if state.id not in before:
            continue
        if state.edit is None and state.id == workflow.initial:
            return True
        if any(field.id in grant.fields for grant in state.edit or ()):
            return True
    return False


def _steps_before(graph: Graph, before: frozenset[str]) -> Iterator[Step]:
    for state in graph.workflow.states:
        approval = None if state.approval is None else graph.workflow.approval_by_id.get(state.approval)
        if state.id in before and approval is not None:
            yield from all_steps(approval.steps)


def is_fillable_beside(project: Project, workflow: Workflow, field: Field) -> bool:
    """Whether another workflow of the form lets people fill a field, whenever that is.

    What it leaves open to everybody is not added to what this one does; what it grants or asks for is.
    """
    for other in project.workflows_by_form.get(workflow.form, ()):
        if other.id == workflow.id:
            continue
        asked = (ask for each in other.transitions for ask in each.ask)
        granted = (grant for state in other.states for grant in state.edit or () if grant.who is not None)
        steps = (step for approval in other.approvals for step in all_steps(approval.steps))
        if (
            any(ask.field.id == field.id and not ask.is_own for ask in asked)
            or any(field.id in grant.fields for grant in granted)
            or any(dict(step.fields).get(field.id) == "edit" for step in steps)
        ):
            return True
    return False
