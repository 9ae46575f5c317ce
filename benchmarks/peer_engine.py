"""SpiffWorkflow, an engine of BPMN, running the file that orderkit exports of a workflow.

It has neither people nor rights, audit or database: after each step the whole life is written down as JSON
and read back for the next one, as a program would that keeps it in a column.
"""

from collections.abc import Mapping

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter
from SpiffWorkflow.bpmn.specs.defaults import ServiceTask
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from orderkit.diagram.bpmn import bpmn
from orderkit.model.workflow.workflows import Workflow

# Of whom the conditions in the file speak: each step has one approver, who agrees.
AGREED: Mapping[str, object] = {"approvers": ["one"], "approved": 1, "rejected": 0, "outcome": "approved"}


class Peer:
    """A workflow as the peer understands it."""

    def __init__(self, workflow: Workflow) -> None:
        parser = BpmnParser()
        # Our files are to be read, and say so; the peer runs only what claims to be a program.
        file = bpmn(workflow, {}, "en").replace('isExecutable="false"', 'isExecutable="true"')
        parser.add_bpmn_str(file.encode())
        self._specification = parser.get_spec(workflow.id)
        self._subprocesses = parser.get_subprocess_specs(workflow.id)
        # Of our expressions these are Python as they stand, but for this one function.
        self._language = PythonScriptEngine(environment=TaskDataEnvironment({"count": len}))
        # What is sent at the end has no kind of its own there; nothing is sent.
        kinds = {**DEFAULT_CONFIG, ServiceTask: BpmnTaskSpecConverter}
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(kinds))

    def live(self) -> list[str | None]:
        """Take one life from its beginning to its end; return the tasks that were done, by name."""
        life = BpmnWorkflow(self._specification, self._subprocesses, script_engine=self._language)
        done: list[str | None] = []
        life.do_engine_steps()
        while not life.is_completed():
            life = self._kept(life)
            (task,) = life.get_tasks(state=TaskState.READY, manual=True)
            task.data.update(AGREED)
            task.run()
            done.append(task.task_spec.bpmn_name)
            life.do_engine_steps()
            # What is sent counts as sent at once; there it waits to be told so.
            for sent in life.get_tasks(state=TaskState.STARTED, spec_class=ServiceTask):
                sent.complete()
                life.do_engine_steps()
        self._kept(life)
        return done

    def _kept(self, life: BpmnWorkflow) -> BpmnWorkflow:
        read = self._serializer.deserialize_json(self._serializer.serialize_json(life))
        assert isinstance(read, BpmnWorkflow)
        read.script_engine = self._language
        return read
