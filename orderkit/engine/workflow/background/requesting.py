"""Queueing a call of a system outside: what it carries is what was true when it was caused."""

from orderkit.actions.action_type import Request
from orderkit.engine import jobs, messages
from orderkit.engine.jobs.payloads import to_json
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.background.queueing import REQUEST_JOB, step_key
from orderkit.engine.workflow.background.strands import Strand
from orderkit.model.exchange.integrations import Limits
from orderkit.model.expressions.evaluation import Value
from orderkit.model.stored import FORMAT_VERSION, part_to_json


def queue_request(unit: Unit, asked: Request, behind: Strand, *, goes_on: bool = False) -> None:
    """Queue a request. `behind` names it and the record that it is about; its actions go on once it is answered."""
    limits = Limits()
    if asked.connection is not None:
        limits = unit.project.connection_by_id[asked.connection].limits
    own = step_key(behind)
    arguments: Value = asked.arguments  # type: ignore[assignment]  # what an expression gave
    jobs.enqueue(
        unit,
        REQUEST_JOB,
        {
            "connection": asked.connection,
            "url": asked.url,
            "operation": asked.operation,
            "arguments": to_json(arguments),
            "key": own if asked.key is None else asked.key,
            "save": part_to_json(asked.save),
            "on_dead": part_to_json(asked.on_dead),
            "format": FORMAT_VERSION,
            "behind": behind.to_json(),
        },
        # The key that a project gives is for the other side; one that repeats it here is left out, too.
        key=messages.job_key("request", asked.connection or asked.url or "", asked.key or own),
        max_attempts=limits.retry_times + 1,
        form=behind.form,
        record_id=behind.record_id,
        goes_on=goes_on,
    )
