"""One attempt at calling a system outside: a token of its rate, its settings, its connector."""

from collections.abc import Mapping
from dataclasses import replace

from pydantic import ValidationError

from orderkit.connectors.connector_type import Answer, Call
from orderkit.engine.integrations.health import note_failure, note_success
from orderkit.engine.integrations.secrets import Secrets
from orderkit.engine.jobs import Job, Postponed, backoff, rates
from orderkit.engine.runtime import Runtime
from orderkit.model.errors import ConnectorFailed
from orderkit.model.exchange.integrations import Connection
from orderkit.model.labels import label


def call(
    runtime: Runtime, connection: Connection, operation: str, arguments: Mapping[str, object], key: str
) -> Answer:
    """Call the system once, and note how it went. Raises ConnectorFailed, or Postponed when its rate is used up."""
    _take_token(runtime, connection)
    try:
        answer = _called(runtime, connection, operation, arguments, key)
    except ConnectorFailed as failure:
        note_failure(runtime, connection.id, str(failure))
        raise
    note_success(runtime, connection.id)
    return answer


def _called(
    runtime: Runtime, connection: Connection, operation: str, arguments: Mapping[str, object], key: str
) -> Answer:
    connector = runtime.catalog.connectors[connection.connector]
    secrets = Secrets(runtime.environment)
    settings = secrets.resolved(connection.settings)
    attempt = Call(
        operation=operation,
        arguments=arguments,
        key=key,
        timeout_seconds=connection.limits.timeout_seconds,
    )
    try:
        answer = connector.call(connector.Settings.model_validate(settings), attempt)
    except ConnectorFailed as failure:
        failure.summary = None if failure.summary is None else secrets.hidden(failure.summary)
        raise
    except ValidationError as error:
        # The library's own text repeats the values, which may be secrets.
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise ConnectorFailed(
            label(
                zh=f"连接 {connection.id} 的设置或参数不对：{wrong}",
                en=f"wrong settings or arguments of {connection.id}: {wrong}",
            ),
            is_permanent=True,
        ) from None
    return replace(answer, summary=secrets.hidden(answer.summary))


def delay_seconds(connection: Connection, job: Job) -> float:
    """Return how long to wait after this failed attempt."""
    limits = connection.limits
    return backoff.delay_seconds(
        job.attempts,
        times=limits.retry_times,
        first=limits.backoff_first_seconds,
        last=limits.backoff_last_seconds,
    )


def _take_token(runtime: Runtime, connection: Connection) -> None:
    if connection.limits.rate is None:
        return
    count, seconds = connection.limits.rate
    with runtime.database.write() as database:
        wait = rates.take(
            database, f"connection/{connection.id}", count=count, seconds=seconds, now=runtime.clock.now()
        )
    if wait > 0:
        raise Postponed(wait)
