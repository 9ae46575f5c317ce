"""Before a record is handed in: which steps it would go through, who would decide, and what would change that."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import records
from orderkit.engine.workflow.previewing import preview
from orderkit.model.errors import NotFound
from orderkit.model.labels import text_of
from orderkit.web.pages.record_list import form_of
from orderkit.web.recording.previews import PreviewView, preview_view
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/preview.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """The sheet of a preview; `action` presses the button, where that asks for nothing else."""

    title: str
    record: str
    action: str
    revision: int
    preview: PreviewView


def show_preview(visit: Visit) -> Response:
    """Try a press out and show what it would lead to. Raises NotFound for a workflow or a button that is not there."""
    form_id, record_id = visit.name("form"), visit.number("id")
    workflow_id, transition_id = visit.name("workflow"), visit.name("transition")
    with visit.writing() as unit:
        form = form_of(unit, form_id)
        workflow = unit.project.workflow_by_id.get(workflow_id)
        if workflow is None or workflow.form != form.id:
            raise NotFound
        record = records.get(unit, form.id, record_id)
        found = preview(unit, form.id, record_id, transition_id, workflow=workflow_id)
        transition = workflow.transition_by_id.get(transition_id)
        asks = transition is None or bool(transition.ask) or bool(found.problems)
        page = PreviewPage(
            title=transition_id if transition is None else text_of(transition.label, visit.locale),
            record=record.title,
            action="" if asks else f"/forms/{form.id}/{record_id}/do/{workflow_id}/{transition_id}",
            revision=record.revision,
            preview=preview_view(visit, workflow, found),
        )
    return visit.part(TEMPLATE, page)
