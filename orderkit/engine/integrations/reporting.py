"""The job of an integration: call the system, and save what it answers in the record."""

from collections.abc import Mapping
from typing import cast

from orderkit.connectors.connector_type import Answer
from orderkit.engine.integrations.acting_for import person_named
from orderkit.engine.integrations.answers import save_answer
from orderkit.engine.integrations.burying import bury
from orderkit.engine.integrations.calling import call, delay_seconds
from orderkit.engine.jobs import Job, Performed
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.errors import ConnectorFailed
from orderkit.model.exchange.integrations import Integration
from orderkit.model.labels import label


class IntegrationHandler:
    """Calls `connection.operation` with the arguments of the job."""

    def perform(self, runtime: Runtime, job: Job) -> Performed:
        """Make one attempt."""
        integration = _integration_of(runtime, job)
        connection = runtime.project.connection_by_id[integration.connection]
        arguments = cast("Mapping[str, object]", job.payload["arguments"] or {})
        answer = call(runtime, connection, integration.operation, arguments, str(job.payload["key"]))
        return Performed(
            summary=answer.summary,
            save=lambda unit: _save(unit, integration, job, answer),
            person=person_named(runtime, integration.run_as),
        )

    def delay_seconds(self, runtime: Runtime, job: Job) -> float:
        """Return how long to wait after this failed attempt."""
        integration = _integration_of(runtime, job)
        return delay_seconds(runtime.project.connection_by_id[integration.connection], job)

    def bury(self, unit: Unit, job: Job, error: str) -> None:
        """Run `on_dead`."""
        integration = unit.project.integration_by_id.get(str(job.payload["integration"]))
        what = label(en=str(job.payload["integration"])) if integration is None else integration.label
        bury(unit, job, what, error, () if integration is None else integration.on_dead)


def _integration_of(runtime: Runtime, job: Job) -> Integration:
    name = str(job.payload["integration"])
    found = runtime.project.integration_by_id.get(name)
    if found is None:
        raise ConnectorFailed(
            label(zh=f"项目中已没有集成 {name}", en=f"the project has no integration {name} any more"),
            is_permanent=True,
        )
    return found


def _save(unit: Unit, integration: Integration, job: Job, answer: Answer) -> None:
    assert job.form is not None and job.record_id is not None  # noqa: PT018 - one thought
    save_answer(unit, job.form, job.record_id, integration.save, answer)
