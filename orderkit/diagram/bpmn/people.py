"""Who acts in a task, and how several people decide together."""

from orderkit.diagram.bpmn.elements import EXPRESSIONS, Element, expression
from orderkit.diagram.words import who_written
from orderkit.model.people import Who
from orderkit.model.workflow.workflows import Mode, Step


def holder_of(who: Who) -> Element:
    """Return who a task belongs to, as an expression of ours."""
    named = Element("bpmn:formalExpression", {"language": EXPRESSIONS}, text=who_written(who))
    return Element("bpmn:potentialOwner", {}, (Element("bpmn:resourceAssignmentExpression", {}, (named,)),))


def deciding(step: Step) -> Element:
    """Return how often a step is done and when that is enough: each approver decides once."""
    enough = enough_for(step)
    return Element(
        "bpmn:multiInstanceLoopCharacteristics",
        {"isSequential": step.mode is Mode.SEQUENCE},
        (
            expression("bpmn:loopCardinality", "count(approvers)"),
            *([expression("bpmn:completionCondition", enough)] if enough else []),
        ),
    )


def enough_for(step: Step) -> str:
    """Return when a step is decided before everybody has; empty where it never is."""
    conditions = []
    if step.mode is Mode.ANY:
        conditions.append("approved >= 1")
    if step.vote is not None:
        operator, share = step.vote
        conditions.append(f"approved / people {operator} {share}")
    if step.veto:
        conditions.append("rejected >= 1")
    return " or ".join(conditions)
