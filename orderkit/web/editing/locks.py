"""Why a record may not be edited now: its state, and whose turn it is."""

from orderkit.engine.access import RefusedAccess
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.wording import of_both, who_is
from orderkit.model.expressions.evaluation import RowLike
from orderkit.model.forms import Form
from orderkit.model.labels import Label


def locked_because(unit: Unit, form: Form, row: RowLike, refused: RefusedAccess) -> Label:
    """Return why somebody may not edit a record; where its state is the reason, with who holds it."""
    said = refused.why
    if refused.code != "state":
        return said
    for workflow in unit.project.workflows_by_form.get(form.id, ()):
        state = workflow.state_by_id.get(str(row.get(workflow.state_field)))
        if state is not None and state.holder is not None:
            who = who_is(unit.project, state.holder)
            said = of_both("{said}；现在由{who}处理", "{said}; it is with {who} now", said=said, who=who)
    return said
