"""The working time of a calendar on the clock of one place, as instants that can be counted.

A moment *is worked* when it lies within a stretch of working time, both ends included: who has eight hours
from Monday 09:00 is done on Monday when the work ends, not on Tuesday when it begins.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from orderkit.model.calendars import Calendar, WorkingTime
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import label, text_of
from orderkit.model.working_time.wall_clock import instant_of

HORIZON_DAYS = 40 * 366
NO_WORK_AHEAD = "no_working_time"

_NINE_TO_SIX = (
    WorkingTime(start_minute=9 * 60, end_minute=12 * 60),
    WorkingTime(start_minute=13 * 60, end_minute=18 * 60),
)
STANDARD_HOURS = Calendar(
    id="standard",
    label=label(zh="标准工作时间", en="standard hours"),
    week=(_NINE_TO_SIX,) * 5 + ((), ()),
)
"""What counts where a project names no calendar: Monday to Friday, 09:00 to 12:00 and 13:00 to 18:00."""

Stretch = tuple[datetime, datetime]


class NoWorkAhead(Refused):
    """The calendar holds too little working time for this deadline; give its week working hours."""


class OfficeHours:
    """Working time by `calendar`, on the clock of `zone`. Days are looked up once and kept.

    It follows from the calendar alone and may be shared by threads: two of them would keep the same.
    """

    def __init__(self, calendar: Calendar, zone: ZoneInfo) -> None:
        self.calendar = calendar
        self.zone = zone
        self._free = calendar.working_days.holidays
        self._made_up = {each.day: each.times for each in calendar.workdays}
        self._known: dict[date, tuple[Stretch, ...]] = {}

    def day_of(self, moment: datetime) -> date:
        """Return the day on which a moment falls here."""
        return moment.astimezone(self.zone).date()

    def stretches(self, day: date) -> tuple[Stretch, ...]:
        """Return the working time of a day in order, each stretch with its first and last moment."""
        found = self._known.get(day)
        if found is None:
            found = self._known[day] = tuple(self._stretches(day))
        return found

    def next_worked(self, moment: datetime) -> datetime:
        """Return the moment itself if it is worked, or else when work begins again."""
        for start, end in self._from(moment):
            if moment <= end:
                return max(moment, start)
        raise self._none(moment)

    def last_worked(self, moment: datetime) -> datetime:
        """Return the moment itself if it is worked, or else when work ended before."""
        for start, end in self._back_from(moment):
            if moment >= start:
                return min(moment, end)
        raise self._none(moment)

    def after(self, moment: datetime, worked: timedelta) -> datetime:
        """Return when so much time has been worked since a moment.

        Nothing at all is the moment itself, or if it is not worked, when work begins again. Adding one length
        and then another is adding both. Raises NoWorkAhead.
        """
        left = worked
        for start, end in self._from(moment):
            begin = max(start, moment)
            if begin > end:
                continue
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise self._none(moment)

    def before(self, moment: datetime, worked: timedelta) -> datetime:
        """Return since when so much time has been worked until a moment. Raises NoWorkAhead."""
        left = worked
        for start, end in self._back_from(moment):
            finish = min(end, moment)
            if finish < start:
                continue
            if left <= finish - start:
                return finish - left
            left -= finish - start
        raise self._none(moment)

    def between(self, first: datetime, second: datetime) -> timedelta:
        """Return how much time is worked from one moment to another; negative if the second is earlier."""
        if second < first:
            return -self.between(second, first)
        last_day, total = self.day_of(second), timedelta()
        day = self.day_of(first)
        while day <= last_day:
            for start, end in self.stretches(day):
                total += max(timedelta(), min(end, second) - max(start, first))
            day += timedelta(days=1)
        return total

    def days_after(self, moment: datetime, days: int) -> datetime:
        """Return the same time on the wall so many working days later.

        It counts from when work begins again if the moment is not worked. Where that time is not worked on the
        last of the days, it is when work ended before it on that day, or when it begins.
        Raises NoWorkAhead.
        """
        start = self.next_worked(moment)
        return self._same_time(start, self._nth_day(start, days, step=1))

    def days_before(self, moment: datetime, days: int) -> datetime:
        """Return the same time on the wall so many working days earlier, as `days_after` does. Raises NoWorkAhead."""
        end = self.last_worked(moment)
        return self._same_time(end, self._nth_day(end, days, step=-1))

    def _stretches(self, day: date) -> Iterator[Stretch]:
        for time in self._times(day):
            start = instant_of(day, time.start_minute, self.zone)
            end = instant_of(day, time.end_minute, self.zone)
            # On the night on which the clocks go forward, a short stretch may be left out altogether.
            if start < end:
                yield start, end

    def _times(self, day: date) -> tuple[WorkingTime, ...]:
        made_up = self._made_up.get(day)
        if made_up is not None:
            return made_up
        return () if day in self._free else self.calendar.week[day.weekday()]

    def _from(self, moment: datetime) -> Iterator[Stretch]:
        for day in self._days(moment, step=1):
            yield from self.stretches(day)

    def _back_from(self, moment: datetime) -> Iterator[Stretch]:
        for day in self._days(moment, step=-1):
            yield from reversed(self.stretches(day))

    def _days(self, moment: datetime, *, step: int) -> Iterator[date]:
        """Yield days from the one before a moment's (whose work may end with it) as far as anybody reckons."""
        first = self.day_of(moment).toordinal() - step
        for number in range(HORIZON_DAYS):
            ordinal = first + number * step
            if not 1 < ordinal < date.max.toordinal():
                return
            yield date.fromordinal(ordinal)

    def _nth_day(self, moment: datetime, days: int, *, step: int) -> date:
        here, left = self.day_of(moment), days
        if left == 0:
            return here
        for day in self._days(moment, step=step):
            if (day - here).days * step > 0 and self.stretches(day):
                left -= 1
                if left == 0:
                    return day
        raise self._none(moment)

    def _same_time(self, moment: datetime, day: date) -> datetime:
        shown = moment.astimezone(self.zone)
        if day == shown.date():
            return moment
        at = instant_of(day, shown.hour * 60 + shown.minute, self.zone) + timedelta(
            seconds=shown.second, microseconds=shown.microsecond
        )
        stretches = self.stretches(day)
        reached = [min(at, end) for start, end in stretches if start <= at]
        return reached[-1] if reached else stretches[0][0]

    def _none(self, moment: datetime) -> NoWorkAhead:
        name, day = self.calendar.label, self.day_of(moment)
        zh, en = text_of(name, "zh-CN"), text_of(name, "en")
        message = label(
            zh=f"日历“{zh}”自 {day} 起 40 年内的上班时间不够算出期限；请在日历的 `week` 里写上班时间，或把期限写短",
            en=f"the calendar “{en}” has too little working time within 40 years of {day} for this deadline; "
            "give its `week` working hours, or make the deadline shorter",
        )
        return NoWorkAhead([Problem(path="", code=NO_WORK_AHEAD, message=message)])
