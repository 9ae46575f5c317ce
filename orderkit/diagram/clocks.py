"""The clocks on the edge of a shape: deadlines of steps and approvals, and timers of states."""

from collections.abc import Iterator
from dataclasses import replace

from orderkit.diagram import words
from orderkit.diagram.graphs import Timer
from orderkit.model.labels import Label
from orderkit.model.workflow.clocks import Clock, Overdue, Reminder
from orderkit.model.workflow.workflows import Approval, Step, Transition, Workflow
from orderkit.model.workflow.workflows import Timer as StateTimer


def step_clock(step: Step, prefix: str) -> tuple[Timer, ...]:
    """Return the reminders of a step and what happens when it is late."""
    return () if step.sla is None else tuple(_of_clock(step.sla, prefix))


def approval_clock(approval: Approval, prefix: str) -> tuple[Timer, ...]:
    """Return the reminders of an approval and what happens when a step of it is late.

    They never end the approval: what they decide is one step, whichever is late.
    """
    clocks = () if approval.sla is None else _of_clock(approval.sla, prefix)
    return tuple(replace(clock, interrupts=False) for clock in clocks)


def state_timers(workflow: Workflow, state: str) -> tuple[Timer, ...]:
    """Return the timers of a state; one that presses a transition of the state ends the visit."""
    return tuple(
        Timer(
            id=f"t_{timer.id}",
            label=_when(timer),
            interrupts=pressed(workflow, timer) is not None,
            subject=timer,
        )
        for timer in workflow.timers
        if timer.state == state
    )


def pressed(workflow: Workflow, timer: StateTimer) -> Transition | None:
    """Return the transition that a timer presses, the first that leads out of its state."""
    for action in timer.actions:
        transition = workflow.transition_by_id.get(str(action.options.get("run")))
        if action.kind == "run" and transition is not None and timer.state in transition.sources:
            return transition
    return None


def _of_clock(clock: Clock, prefix: str) -> Iterator[Timer]:
    for index, reminder in enumerate(clock.remind, start=1):
        yield Timer(
            id=f"{prefix}.remind{index}",
            label=_reminded(reminder),
            interrupts=False,
            subject=reminder,
            clock=clock,
        )
    for index, overdue in enumerate(clock.overdue, start=1):
        yield Timer(
            id=f"{prefix}.overdue{index}",
            label=_overdue(overdue),
            interrupts=overdue.decide is not None,
            subject=overdue,
            clock=clock,
        )
    if not clock.remind and not clock.overdue:
        due = words.moment_written(clock.due)
        yield Timer(
            id=f"{prefix}.due",
            label=words.of_both("到期 {due}", "due {due}", due=due),
            interrupts=False,
            subject=clock,
            clock=clock,
        )


def _when(timer: StateTimer) -> Label:
    every = "" if timer.every is None else f" / {timer.every}"
    moment = words.moment_written(timer.at if timer.at is not None else timer.after) + every
    return words.of_both("{moment}", "{moment}", moment=moment)


def _reminded(reminder: Reminder) -> Label:
    return words.of_both(
        "{what}：到期前 {span}", "{what} {span} before", what=words.REMIND, span=str(reminder.before_due)
    )


def _overdue(overdue: Overdue) -> Label:
    if overdue.decide is not None:
        what = words.DECISIONS[overdue.decide]
    else:
        what = words.NOTIFY if overdue.escalate is None else words.ESCALATE
    return words.of_both("{what}：逾期 {span}", "{what} {span} after", what=what, span=str(overdue.after_due))
