"""Integrations: what systems outside are told when something happens, through the outbox."""

from collections.abc import Mapping

from orderkit.engine import messages
from orderkit.engine.integrations.events import INTEGRATION_JOB, IntegrationEvents
from orderkit.engine.integrations.following import ActionHandler
from orderkit.engine.integrations.health import UNKNOWN, Health, health_of_connections
from orderkit.engine.integrations.mailing import MessageHandler
from orderkit.engine.integrations.passing_over import may_be_passed_over, pass_over
from orderkit.engine.integrations.reporting import IntegrationHandler
from orderkit.engine.integrations.requesting import RequestHandler
from orderkit.engine.jobs import Handler
from orderkit.engine.workflow import ACTION_JOB, REQUEST_JOB, TIMER_JOB, TimerHandler

__all__ = [
    "UNKNOWN",
    "Health",
    "IntegrationEvents",
    "handlers",
    "health_of_connections",
    "may_be_passed_over",
    "pass_over",
]


def handlers() -> Mapping[str, Handler]:
    """Return what a worker does, by kind of job."""
    return {
        INTEGRATION_JOB: IntegrationHandler(),
        messages.JOB_KIND: MessageHandler(),
        ACTION_JOB: ActionHandler(),
        TIMER_JOB: TimerHandler(),
        REQUEST_JOB: RequestHandler(),
    }
