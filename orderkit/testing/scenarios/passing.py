"""Time in a story: it stands still while somebody acts, and passes from one thing that is due to the next.

Whatever waits for a moment stands in the database, so that going from due time to due time lets everything
happen in its order, as if a worker had been there all the while.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from orderkit.engine.jobs import Handler, Routine, Worker
from orderkit.engine.runtime import SYSTEM, Channel, Runtime
from orderkit.model.labels import label
from orderkit.model.project import Project
from orderkit.model.values.durations import TimeSpan
from orderkit.model.working_time import STANDARD_HOURS, OfficeHours, moment_after
from orderkit.testing.scenarios.due import next_due
from orderkit.testing.stage import wrong

# A Monday with four weeks behind it that no public holiday touches; in the morning, when work begins.
FIRST_DAY = date(2026, 3, 2)
FIRST_HOUR = time(9)
MOST_HAPPENINGS = 10_000


class StoryClock:
    """A clock that stands still until it is set; never back."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment that the story has come to."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Go on to a moment."""
        self._now = max(self._now, moment.astimezone(UTC))


@dataclass(slots=True, kw_only=True)
class Passing:
    """Lets time pass on a runtime whose clock is `clock`; `handlers` do what is due, `routines` look for it."""

    runtime: Runtime
    clock: StoryClock
    handlers: Mapping[str, Handler]
    routines: Sequence[Routine] = ()

    def wait(self, span: TimeSpan) -> None:
        """Let a length of time pass, working time by the project's calendar."""
        self.let_due_happen(moment_after(self.clock.now(), span, office_hours(self.runtime)))

    def settle(self) -> None:
        """Let happen what is due now: whatever the last step has put into the outbox."""
        self.let_due_happen(self.clock.now())

    def let_due_happen(self, until: datetime) -> None:
        """Let everything that is due until a moment happen, each at its time, and go on to that moment.

        Raises Refused when things set each other off without end.
        """
        worker = Worker(self.runtime, self.handlers, routines=self.routines)
        # What counts from when it is first seen is seen now.
        worker.do_routines()
        made = 0
        while made < MOST_HAPPENINGS:
            due = self._next_due()
            if due is None or due > until:
                self.clock.set(until)
                return
            self.clock.set(due)
            # What nobody takes would be due for ever, so that it counts as well.
            worker.do_routines()
            made += max(1, worker.run_once(limit=MOST_HAPPENINGS - made))
        raise wrong(
            label(
                zh=f"到 {until:%Y-%m-%d %H:%M} 为止触发了 {MOST_HAPPENINGS} 次以上；请检查互相触发的定时器或自动化",
                en=f"more than {MOST_HAPPENINGS} things became due until {until:%Y-%m-%d %H:%M}; look at timers or automations that set each other off",
            )
        )

    def _next_due(self) -> datetime | None:
        with self.runtime.read(SYSTEM, Channel.AUTOMATION) as unit:
            return next_due(unit, sorted(self.handlers))


def beginning(project: Project) -> datetime:
    """Return when stories begin, on the clock of the project."""
    return datetime.combine(FIRST_DAY, FIRST_HOUR, tzinfo=ZoneInfo(project.timezone))


def office_hours(runtime: Runtime) -> OfficeHours:
    """Return the working time of a project: of its calendar, or the standard one."""
    project = runtime.project
    own = next((each for each in project.calendars if each.id == project.calendar), None)
    return OfficeHours(own or STANDARD_HOURS, runtime.timezone)
