"""Automations: when this happens, or at this time, do that."""

from dataclasses import dataclass

from orderkit.model.exchange.integrations import Event, Verify
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import Origin
from orderkit.model.labels import Label
from orderkit.model.values.durations import TimeSpan
from orderkit.model.workflow.actions import Selection
from orderkit.model.workflow.workflows import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """`schedule: "0 9 1 * *"`, in the project's time zone."""

    cron: str
    misfire: str = "fire_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateReached:
    """`date: order.need_by`: that long before or after the date of a record of `form`."""

    form: str
    date: Expression
    before: TimeSpan | None = None
    after: TimeSpan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """`webhook: /hooks/shop`: a request to this path by whoever proves to be who they are."""

    path: str
    verify: Verify


Trigger = Schedule | DateReached | Webhook | Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """When its trigger fires and `when` holds, its actions are done, once for each of `foreach`."""

    id: str
    label: Label
    trigger: Trigger
    foreach: Selection | None = None
    when: Expression | None = None
    do: tuple[Action, ...] = ()
    after: tuple[Action, ...] = ()
    run_as: str | None = None
    origin: Origin | None = None
