"""When something happens to a record, the calls that wait for it are queued in the same transaction.

Key and arguments are evaluated now, so a call carries what was true when it happened, however late
it leaves. This is the `EventSink` of `engine.hooks`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from orderkit.engine import jobs, messages
from orderkit.engine.hooks import Happening
from orderkit.engine.jobs.payloads import to_json
from orderkit.engine.rows import environment_of
from orderkit.engine.runtime import Unit
from orderkit.model.exchange.integrations import EventKind, Integration
from orderkit.model.expressions.evaluation import evaluate
from orderkit.model.project import Project

INTEGRATION_JOB = "integration"

_Wanted = tuple[str, EventKind]


class _Waiting(dict[_Wanted, list[Integration]]):
    """Integrations by form and kind of event."""


class IntegrationEvents:
    """Everybody who waits for events: the integrations of the model in force."""

    def happened(self, unit: Unit, happenings: Sequence[Happening]) -> None:
        """Queue what these events ask for."""
        waiting = unit.runtime.keep(_Waiting, lambda: _waiting(unit.project))
        if not waiting:
            return
        for happening in happenings:
            for integration in waiting.get((happening.form, happening.kind), ()):
                if _is_meant(integration, happening):
                    _queue(unit, integration, happening)


def _waiting(project: Project) -> _Waiting:
    found: Mapping[_Wanted, list[Integration]] = defaultdict(list)
    for integration in project.integrations:
        found[integration.event.form, integration.event.kind].append(integration)
    return _Waiting(found)


def _is_meant(integration: Integration, happening: Happening) -> bool:
    event = integration.event
    return event.workflow in {None, happening.workflow} and event.subject in {None, happening.subject}


def _queue(unit: Unit, integration: Integration, happening: Happening) -> None:
    environment = environment_of(unit, happening.row)
    if integration.when is not None and evaluate(integration.when, environment) is not True:
        return
    key = str(evaluate(integration.key, environment) or f"{happening.form}:{happening.record_id}")
    limits = unit.project.connection_by_id[integration.connection].limits
    jobs.enqueue(
        unit,
        INTEGRATION_JOB,
        {
            "integration": integration.id,
            "key": key,
            "arguments": to_json(evaluate(integration.arguments, environment)),
        },
        key=messages.job_key(integration.id, key),
        max_attempts=limits.retry_times + 1,
        form=happening.form,
        record_id=happening.record_id,
    )
