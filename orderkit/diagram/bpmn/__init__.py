"""A workflow as BPMN 2.0 with diagram interchange; what BPMN has no word for stands in extension elements."""

from orderkit.diagram.bpmn.document import bpmn

__all__ = ["bpmn"]
