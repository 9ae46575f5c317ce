"""Automations: when something happens, at a time, on a date or at a request, actions are done in jobs of their own."""

from orderkit.engine.automation.events import AutomationEvents
from orderkit.engine.automation.listing import AutomationSeen, automations_seen
from orderkit.engine.automation.receiving import LARGEST_BODY, Receipt, find_webhook, take_delivery
from orderkit.engine.automation.running import AutomationHandler
from orderkit.engine.automation.runs import AUTOMATION_JOB
from orderkit.engine.automation.tidying import remove_old_traces
from orderkit.engine.automation.timetable import Timetable

__all__ = [
    "AUTOMATION_JOB",
    "LARGEST_BODY",
    "AutomationEvents",
    "AutomationHandler",
    "AutomationSeen",
    "Receipt",
    "Timetable",
    "automations_seen",
    "find_webhook",
    "remove_old_traces",
    "take_delivery",
]
