"""The job of a message that leaves the house: hand it to the connection of its channel."""

from typing import cast

from orderkit.engine.integrations.burying import bury
from orderkit.engine.integrations.calling import call, delay_seconds
from orderkit.engine.jobs import Job, Performed
from orderkit.engine.messages import HELD_BACK
from orderkit.engine.runtime import Runtime, Unit
from orderkit.engine.workflow.decision_links import with_token
from orderkit.model.errors import ConnectorFailed
from orderkit.model.exchange.integrations import Connection
from orderkit.model.labels import label
from orderkit.model.stored import part_from_json
from orderkit.model.workflow.workflows import Action

OPERATION = "send"


class MessageHandler:
    """Calls `send` of the connection with address, subject and text."""

    def perform(self, runtime: Runtime, job: Job) -> Performed:
        """Make one attempt."""
        arguments = {name: job.payload[name] for name in ("to", "subject", "text")}
        # The last moment: what waits in the queue is read by whoever reads the database.
        arguments["text"] = with_token(runtime, str(arguments["text"]), job.payload.get(HELD_BACK))
        key = job.key or f"message/{job.id}"
        return Performed(
            summary=call(runtime, _connection_of(runtime, job), OPERATION, arguments, key).summary
        )

    def delay_seconds(self, runtime: Runtime, job: Job) -> float:
        """Return how long to wait after this failed attempt."""
        return delay_seconds(_connection_of(runtime, job), job)

    def bury(self, unit: Unit, job: Job, error: str) -> None:
        """Run the `on_dead` of the action that sent it."""
        fields = unit.runtime.catalog.fields
        written_in = cast("int", job.payload.get("format", 1))
        stored = part_from_json(job.payload["on_dead"], fields, written_in=written_in)
        on_dead = cast("tuple[Action, ...]", stored)
        message = unit.project.message_by_id.get(str(job.payload["message"]))
        what = label(en=str(job.payload["message"])) if message is None else message.label
        bury(unit, job, what, error, on_dead)


def _connection_of(runtime: Runtime, job: Job) -> Connection:
    name = str(job.payload["connection"])
    found = runtime.project.connection_by_id.get(name)
    if found is None:
        raise ConnectorFailed(
            label(zh=f"项目中已没有连接 {name}", en=f"the project has no connection {name} any more"),
            is_permanent=True,
        )
    return found
