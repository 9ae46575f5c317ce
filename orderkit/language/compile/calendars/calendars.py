"""Calendars: what is worked in a week, and the days that are exceptions."""

from collections.abc import Iterator
from datetime import date

from orderkit.language.compile.calendars.dates import day_of, days_of, days_of_week, times_of
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.findings import ERROR, WARNING, Code, Note
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import calendar as words
from orderkit.model.calendars import Calendar, Holiday, Workday, WorkingTime
from orderkit.model.labels import label

DAY_TWICE = Code(
    "OK4533",
    "day-twice",
    ERROR,
    since="0.1",
    explain="""
    A day of the week has working time in two places, or a date stands in two holidays or two workdays. Which of
    the two holds would not be clear.
    ~~~yaml bad
    calendar: factory
    week: {mon-fri: "08:00-17:00", fri-sat: "08:00-12:00"}
    # orderkit.yaml
    project: shop
    calendar: factory
    ~~~
    ~~~yaml good
    calendar: factory
    week: {mon-thu: "08:00-17:00", fri-sat: "08:00-12:00"}
    # orderkit.yaml
    project: shop
    calendar: factory
    ~~~""",
    zh="某个星期几在两处写了上班时间，或某一天出现在两个节假日或两个调休里，不知道以哪个为准。",
)
NO_WORKING_TIME = Code(
    "OK4534",
    "no-working-time",
    ERROR,
    since="0.1",
    explain="""
    No day of the week has any working time, so a deadline of one working hour would never come.
    ~~~yaml bad
    calendar: factory
    week: {mon-fri: []}
    # orderkit.yaml
    project: shop
    calendar: factory
    ~~~
    ~~~yaml good
    calendar: factory
    week: {mon-fri: ["08:00-17:00"]}
    # orderkit.yaml
    project: shop
    calendar: factory
    ~~~""",
    zh="一周里没有任何上班时间，那么一个工作小时的期限永远不会到。",
)
WORKED_ANYWAY = Code(
    "OK4535",
    "worked-anyway",
    WARNING,
    since="0.1",
    explain="""
    A workday (调休) is worked by its day of the week already and is no holiday; probably another date is meant.
    ~~~yaml bad
    calendar: factory
    week: {mon-fri: "08:00-17:00"}
    workdays: [2026-10-09]
    # orderkit.yaml
    project: shop
    calendar: factory
    ~~~
    ~~~yaml good
    calendar: factory
    week: {mon-fri: "08:00-17:00"}
    workdays: [2026-10-10]
    # orderkit.yaml
    project: shop
    calendar: factory
    ~~~""",
    zh="调休上班的这天本来就上班，也不是节假日；多半写错了日期。",
)
UNUSED_CALENDAR = Code(
    "OK4536",
    "unused-calendar",
    WARNING,
    since="0.1",
    explain="""
    A calendar that the project does not name by `calendar:` has no effect.
    ~~~yaml bad
    calendar: factory
    week: {mon-fri: "08:00-17:00"}
    ~~~
    ~~~yaml good
    calendar: factory
    week: {mon-fri: "08:00-17:00"}
    # orderkit.yaml
    project: shop
    calendar: factory
    ~~~""",
    zh="项目没有用 `calendar:` 指定这个日历，它就不起作用。",
)


def lower_calendars(lowering: Lowering) -> tuple[Calendar, ...]:
    """Return every calendar, by id."""
    lowered = (_lower(lowering, each) for each in lowering.compilation.named.of("calendar").values())
    return tuple(calendar for calendar in lowered if calendar is not None)


def _lower(lowering: Lowering, declared: Declared) -> Calendar | None:
    written = declared.written
    if written is None:
        return None
    _check_use(lowering, declared)
    return _Calendar(lowering, declared, written).lower()


def _check_use(lowering: Lowering, declared: Declared) -> None:
    is_project_read = any(
        each.written is not None for each in lowering.compilation.named.of("project").values()
    )
    if is_project_read and lowering.compilation.settings.calendar != declared.id:
        lowering.reading.report(
            UNUSED_CALENDAR,
            declared.id_node,
            label(zh=f"没有用到日历 `{declared.id}`", en=f"nothing uses the calendar `{declared.id}`"),
            label(
                zh=f"在 `project` 里写 `calendar: {declared.id}`",
                en=f"write `calendar: {declared.id}` into the `project`",
            ),
        )


class _Calendar:
    def __init__(self, lowering: Lowering, declared: Declared, written: Written) -> None:
        self.reading = lowering.reading
        self.declared = declared
        self.written = written

    def lower(self) -> Calendar | None:
        """Return the calendar as far as it is right."""
        if words.WEEK not in self.written:
            return None
        week = self._week()
        holidays = tuple(self._holidays())
        workdays = tuple(self._workdays(week))
        found = Calendar(
            id=self.declared.id,
            label=self.written[words.LABEL_] or readable(self.declared.id),
            week=week,
            holidays=tuple(holiday for holiday, _ in holidays),
            workdays=tuple(workday for workday, _ in workdays),
            origin=self.declared.origin,
        )
        self._check_workdays(found, {workday.day: node for workday, node in workdays})
        return found

    def _week(self) -> tuple[tuple[WorkingTime, ...], ...]:
        week: dict[int, tuple[WorkingTime, ...]] = {}
        named: dict[int, ScalarNode] = {}
        is_right = True
        for key, nodes in self.written[words.WEEK] or ():
            before = len(self.reading.found)
            days, times = days_of_week(key, self.reading), times_of(nodes, self.reading)
            is_right = is_right and len(self.reading.found) == before
            for day in days:
                if day in named:
                    self._report_twice(key, words.DAYS_OF_WEEK[day], named[day])
                    break
                named[day] = key
                week[day] = times
        if is_right and not any(week.values()):
            self.reading.report(
                NO_WORKING_TIME,
                self.written.key_of(words.WEEK),
                label(zh="一周里没有上班时间", en="no day of the week has working time"),
                label(
                    zh='写例如 `mon-fri: ["08:00-12:00", "13:00-17:30"]`',
                    en='write, for example, `mon-fri: ["08:00-12:00", "13:00-17:30"]`',
                ),
            )
        return tuple(week.get(day, ()) for day in range(len(words.DAYS_OF_WEEK)))

    def _holidays(self) -> Iterator[tuple[Holiday, ScalarNode]]:
        kept: list[tuple[Holiday, ScalarNode]] = []
        for written in self.written[words.HOLIDAYS] or ():
            node = written[words.HOLIDAY_DAYS]
            days = None if node is None else days_of(node, self.reading)
            if node is None or days is None:
                continue
            first, last = days
            other = next((at for each, at in kept if each.first <= last and first <= each.last), None)
            if other is not None:
                self._report_twice(node, node.text, other)
                continue
            kept.append((Holiday(first=first, last=last, label=written[words.HOLIDAY_LABEL]), node))
        yield from sorted(kept, key=lambda each: each[0].first)

    def _workdays(self, week: tuple[tuple[WorkingTime, ...], ...]) -> Iterator[tuple[Workday, ScalarNode]]:
        usual = next((times for times in week if times), ())
        kept: dict[date, tuple[Workday, ScalarNode]] = {}
        for written in self.written[words.WORKDAYS] or ():
            node = written[words.WORKDAY_DAY]
            day = None if node is None else day_of(node, self.reading)
            like, own = written[words.WORKDAY_LIKE], written[words.WORKDAY_TIMES]
            times = usual if like is None else week[words.DAYS_OF_WEEK.index(like)]
            if own is not None:
                times = times_of(own, self.reading)
            if node is None or day is None:
                continue
            if day in kept:
                self._report_twice(node, node.text, kept[day][1])
                continue
            kept[day] = (Workday(day=day, times=times, label=written[words.WORKDAY_LABEL]), node)
        yield from (kept[day] for day in sorted(kept))

    def _check_workdays(self, calendar: Calendar, nodes: dict[date, ScalarNode]) -> None:
        days = calendar.working_days
        for workday in calendar.workdays:
            if workday.day.isoweekday() in days.week and workday.day not in days.holidays:
                self.reading.report(
                    WORKED_ANYWAY,
                    nodes[workday.day],
                    label(zh=f"{workday.day} 本来就上班", en=f"{workday.day} is worked anyway"),
                    label(zh="看看是不是写错了日期", en="see whether another date is meant"),
                )

    def _report_twice(self, node: ScalarNode, what: str, first: ScalarNode) -> None:
        self.reading.report(
            DAY_TWICE,
            node,
            label(zh=f"`{what}` 前面已经写过", en=f"`{what}` is written before"),
            notes=[Note(text=label(zh="前面在这里", en="first written here"), span=first.span)],
        )
