"""The whole file: the process, and where everything in it is drawn."""

from orderkit.diagram.bpmn.elements import BPMN, BPMN_DI, DC, DI, ORDERKIT, XSI, Element, document
from orderkit.diagram.bpmn.flow import Flow
from orderkit.diagram.bpmn.interchange import diagram
from orderkit.diagram.bpmn.written import AsWritten, Plain
from orderkit.diagram.layout import drawn
from orderkit.diagram.process import process_graph
from orderkit.model.labels import text_of
from orderkit.model.workflow.workflows import Workflow


def bpmn(workflow: Workflow, written: Plain, locale: str) -> str:
    """Return the workflow as BPMN 2.0; the same workflow gives the same bytes.

    Args:
        workflow: the compiled workflow.
        written: the workflow as its file says it, as plain data; may be empty, then nothing of it is kept.
        locale: the language of the names in the diagram.
    """
    graph = process_graph(workflow)
    flow = Flow(AsWritten(written), locale)
    process = Element(
        "bpmn:process",
        {"id": workflow.id, "name": text_of(workflow.label, locale), "isExecutable": False},
        (*flow.about_process(), *flow.elements(graph)),
    )
    root = Element(
        "bpmn:definitions",
        {
            "xmlns:bpmn": BPMN,
            "xmlns:bpmndi": BPMN_DI,
            "xmlns:dc": DC,
            "xmlns:di": DI,
            "xmlns:xsi": XSI,
            "xmlns:orderkit": ORDERKIT,
            "id": f"{workflow.id}.definitions",
            "targetNamespace": f"urn:orderkit:workflow:{workflow.id}",
            "exporter": "orderkit",
        },
        (process, diagram(workflow.id, drawn(graph, locale))),
    )
    return document(root)
