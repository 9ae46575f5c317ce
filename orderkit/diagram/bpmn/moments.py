"""Moments of clocks in ISO 8601, as far as it has words for them.

Working hours and days it does not know: they are written as hours and days, and what was meant stands
in the extension. What is counted from a moment in the record is an expression.
"""

from orderkit.diagram.bpmn.elements import Element, expression
from orderkit.diagram.words import moment_written
from orderkit.model.expressions.nodes import Expression
from orderkit.model.values.durations import TimeSpan, TimeUnit
from orderkit.model.workflow.clocks import Clock, Overdue, Reminder
from orderkit.model.workflow.workflows import Timer

_ISO = {
    TimeUnit.SECONDS: "PT{}S",
    TimeUnit.MINUTES: "PT{}M",
    TimeUnit.HOURS: "PT{}H",
    TimeUnit.WORKING_HOURS: "PT{}H",
    TimeUnit.DAYS: "P{}D",
    TimeUnit.WORKING_DAYS: "P{}D",
    TimeUnit.MONTHS: "P{}M",
}


def timer_event(subject: object, clock: Clock | None, name: str) -> Element:
    """Return the definition of when a clock goes off. `clock` is that to which a reminder belongs."""
    return Element("bpmn:timerEventDefinition", {"id": f"{name}.when"}, (_moment(subject, clock),))


def as_iso(span: TimeSpan) -> str:
    """Return a length of time in ISO 8601."""
    return _ISO[span.unit].format(span.count)


def _moment(subject: object, clock: Clock | None) -> Element:
    match subject:
        case Timer(at=at) if at is not None:
            return expression("bpmn:timeDate", moment_written(at))
        case Timer(every=every) if every is not None:
            return _iso("bpmn:timeCycle", f"R/{as_iso(every)}")
        case Timer(after=after) if after is not None:
            return _iso("bpmn:timeDuration", as_iso(after))
        case Reminder(before_due=span) if clock is not None:
            return _from_due(clock, span, -1)
        case Overdue(after_due=span) if clock is not None:
            return _from_due(clock, span, 1)
        case Clock(due=due):
            return _due(due)
        case _:
            return _iso("bpmn:timeDuration", "PT0S")


def _from_due(clock: Clock, span: TimeSpan, sign: int) -> Element:
    if span.count == 0:
        return _due(clock.due)
    if isinstance(clock.due, TimeSpan) and clock.due.unit is span.unit:
        count = clock.due.count + sign * span.count
        if count >= 0:
            return _iso("bpmn:timeDuration", as_iso(TimeSpan(count, span.unit)))
    operator = "+" if sign > 0 else "-"
    return expression("bpmn:timeDate", f"{moment_written(clock.due)} {operator} {span}")


def _due(due: TimeSpan | Expression) -> Element:
    if isinstance(due, TimeSpan):
        return _iso("bpmn:timeDuration", as_iso(due))
    return expression("bpmn:timeDate", moment_written(due))


def _iso(tag: str, written: str) -> Element:
    return Element(tag, {"xsi:type": "bpmn:tFormalExpression"}, text=written)
