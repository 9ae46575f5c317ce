"""BPMN 2.0 back into a workflow: the subset that `orderkit diagram` writes, and refusals for the rest.

`tree` reads XML with the line of each element, `process` takes what is known of BPMN and refuses what is
not, `blocks` reduces the steps of an approval to blocks, and `workflow` puts them together as plain data,
as a file of the language says it.
"""

from orderkit.diagram.importing.refusals import Finding, RefusedDiagram
from orderkit.diagram.importing.workflow import Imported, import_bpmn

__all__ = ["Finding", "Imported", "RefusedDiagram", "import_bpmn"]
