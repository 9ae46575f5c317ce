"""The job of an integration: call the system, and save what it answers in the record."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from orderkit.connectors.connector_type import Answer
from orderkit.engine import records
from orderkit.engine.access.people import find_person
from orderkit.engine.integrations.burying import bury
from orderkit.engine.integrations.calling import call, delay_seconds
from orderkit.engine.jobs import Job, Performed
from orderkit.engine.records import Update
from orderkit.engine.rows import environment_of, rows_of
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime, Unit
from orderkit.fields.field_type import FieldType, Invalid
from orderkit.model.errors import ConnectorFailed
from orderkit.model.exchange.integrations import Integration
from orderkit.model.expressions.evaluation import EvaluationError, Value, evaluate
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field
from orderkit.model.labels import Label, label, text_of


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
            person=_person(runtime, integration),
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


def _person(runtime: Runtime, integration: Integration) -> Person:
    if integration.run_as is None:
        return SYSTEM
    with runtime.read(SYSTEM, Channel.AUTOMATION) as unit:
        return find_person(unit, integration.run_as) or SYSTEM


def _save(unit: Unit, integration: Integration, job: Job, answer: Answer) -> None:
    """Write the fields of `save`; a record that is gone meanwhile has nothing to save into."""
    assert job.form is not None and job.record_id is not None  # noqa: PT018 - one thought
    row = rows_of(unit).row(job.form, job.record_id)
    if row is None or not integration.save:
        return
    environment = environment_of(unit, row, roots={"result": dict(answer.result)})
    try:
        values = {
            name: _scalar(unit, row.shape.by_id[name], evaluate(expression, environment))
            for name, expression in integration.save
        }
    except EvaluationError as error:
        raise _unfit(", ".join(name for name, _ in integration.save), error.explain) from error
    records.apply(unit, [Update(form=job.form, id=job.record_id, values=values)], by_rule=True)


def _scalar(unit: Unit, field: Field, value: Value) -> Scalar:
    """Return what came from outside as a value of the field. Raises ConnectorFailed when it is none."""
    field_type: FieldType[Any] = unit.runtime.catalog.fields[field.type]
    plain = format(value, "f") if isinstance(value, Decimal) else value
    found = field_type.from_json(field.options, plain)
    if isinstance(found, Invalid) and isinstance(plain, int | str):
        # Numbers where we keep text, and the other way round, are common.
        found = field_type.parse(field.options, str(plain))
    if isinstance(found, Invalid):
        raise _unfit(field.id, found.message)
    return found


def _unfit(name: str, why: Label) -> ConnectorFailed:
    return ConnectorFailed(
        label(
            zh=f"返回值不能存入 {name}：{text_of(why, 'zh')}",
            en=f"the answer cannot be kept in {name}: {text_of(why, 'en')}",
        ),
        is_permanent=True,
    )
