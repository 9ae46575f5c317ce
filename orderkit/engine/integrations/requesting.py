"""The job of a call that an action asked for: one attempt, its answer kept, and what is behind it goes on."""

from collections.abc import Mapping
from typing import Any, cast

from orderkit.connectors.connector_type import Answer
from orderkit.engine.integrations.acting_for import person_named
from orderkit.engine.integrations.answers import save_answer
from orderkit.engine.integrations.burying import bury
from orderkit.engine.integrations.calling import call, delay_seconds
from orderkit.engine.integrations.following import what_of
from orderkit.engine.jobs import Job, Performed
from orderkit.engine.runtime import Runtime, Unit
from orderkit.engine.workflow.background.queueing import arrive, go_on, is_over
from orderkit.engine.workflow.background.strands import Strand, strand_from_json
from orderkit.engine.workflow.wording import of_both
from orderkit.model.errors import ConnectorFailed
from orderkit.model.exchange.integrations import Connection, Limits
from orderkit.model.expressions.nodes import Expression
from orderkit.model.labels import label
from orderkit.model.stored import part_from_json
from orderkit.model.workflow.workflows import Action

_HTTP = "http"


class RequestHandler:
    """Calls an operation of a connection, or an address."""

    def perform(self, runtime: Runtime, job: Job) -> Performed:
        """Make one attempt."""
        behind = _behind(runtime, job)
        person = person_named(runtime, behind.run_as)
        arguments = cast("Mapping[str, object]", job.payload["arguments"] or {})
        operation, key = str(job.payload["operation"]), str(job.payload["key"])
        answer = call(runtime, _connection_of(runtime, job), operation, arguments, key)
        return Performed(
            summary=answer.summary, save=lambda unit: _save(unit, job, behind, answer), person=person
        )

    def delay_seconds(self, runtime: Runtime, job: Job) -> float:
        """Return how long to wait after this failed attempt."""
        return delay_seconds(_connection_of(runtime, job), job)

    def bury(self, unit: Unit, job: Job, error: str) -> None:
        """Run `on_dead`; where branches race, this one is out of it."""
        behind = _behind(unit.runtime, job)
        if behind.block is not None:
            arrive(unit, behind.block, has_failed=True)
        what = of_both(
            "{what}（{operation}）",
            "{what} ({operation})",
            what=what_of(unit, Strand(actions=(), key="", automation=behind.automation)),
            operation=label(en=str(job.payload["connection"] or job.payload["url"])),
        )
        bury(unit, job, what, error, cast("tuple[Action, ...]", _part(unit.runtime, job, "on_dead")))


def _behind(runtime: Runtime, job: Job) -> Strand:
    return strand_from_json(cast("Mapping[str, Any]", job.payload["behind"]), runtime.catalog.fields)


def _part(runtime: Runtime, job: Job, name: str) -> object:
    written_in = cast("int", job.payload["format"])
    return part_from_json(job.payload[name], runtime.catalog.fields, written_in=written_in)


def _connection_of(runtime: Runtime, job: Job) -> Connection:
    name = job.payload["connection"]
    if name is None:
        url = str(job.payload["url"])
        return Connection(
            id=_HTTP, label=label(en=url), connector=_HTTP, settings={"base_url": url}, limits=Limits()
        )
    found = runtime.project.connection_by_id.get(str(name))
    if found is None:
        raise ConnectorFailed(
            label(zh=f"项目中已没有连接 {name}", en=f"the project has no connection {name} any more"),
            is_permanent=True,
        )
    return found


def _save(unit: Unit, job: Job, behind: Strand, answer: Answer) -> None:
    if is_over(unit, behind):
        return
    assigned = cast("tuple[tuple[str, Expression], ...]", _part(unit.runtime, job, "save"))
    if behind.form is not None and behind.record_id is not None:
        by_rule = behind.run_as is None
        save_answer(unit, behind.form, behind.record_id, assigned, answer, by_rule=by_rule)
    go_on(unit, behind)
