"""Days of the week, dates and times of day, as a calendar writes them."""

import re
from datetime import date

from orderkit.language.findings import ERROR, Code, Span, did_you_mean
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Reading
from orderkit.language.spec.kinds.calendar import DAYS_OF_WEEK
from orderkit.model.calendars import WorkingTime
from orderkit.model.labels import Label, label

WRONG_DAY_OF_WEEK = Code(
    "OK4530",
    "wrong-day-of-week",
    ERROR,
    since="0.1",
    explain="""
    A key of `week` is `mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`, a range of them that goes forward, or
    several behind commas.
    ~~~yaml bad
    calendar: factory
    week: {monday: "08:00-17:00"}
    # orderkit.yaml
    project: shop
    calendar: factory
    ~~~
    ~~~yaml good
    calendar: factory
    week: {mon-fri: "08:00-17:00"}
    # orderkit.yaml
    project: shop
    calendar: factory
    ~~~""",
    zh="`week` 的键是 `mon`、`tue`、`wed`、`thu`、`fri`、`sat`、`sun`，或由前到后的范围，或用逗号隔开的几个。",
)
WRONG_DATE = Code(
    "OK4531",
    "wrong-date",
    ERROR,
    since="0.1",
    explain="""
    A day of a calendar does not exist or is not written `2026-10-01`, or a range ends before it begins.
    ~~~yaml bad
    calendar: factory
    week: {mon-fri: "08:00-17:00"}
    holidays: [2026-02-30]
    # orderkit.yaml
    project: shop
    calendar: factory
    ~~~
    ~~~yaml good
    calendar: factory
    week: {mon-fri: "08:00-17:00"}
    holidays: [2026-10-01..2026-10-07]
    # orderkit.yaml
    project: shop
    calendar: factory
    ~~~""",
    zh="日历里的日期不存在，或没有写成 `2026-10-01`，或范围的末日早于首日。",
)
WRONG_WORKING_TIME = Code(
    "OK4532",
    "wrong-working-time",
    ERROR,
    since="0.1",
    explain="""
    A working time is written `"08:00-12:00"`, ends after it begins, and does not overlap another of its day.
    A night shift is divided at midnight: `"22:00-24:00"` and, on the next day, `"00:00-06:00"`.
    ~~~yaml bad
    calendar: factory
    week: {mon-fri: ["08:00-12:00", "11:30-17:00"]}
    # orderkit.yaml
    project: shop
    calendar: factory
    ~~~
    ~~~yaml good
    calendar: factory
    week: {mon-fri: ["08:00-12:00", "13:00-17:00"]}
    # orderkit.yaml
    project: shop
    calendar: factory
    ~~~""",
    zh='上班时间写成 `"08:00-12:00"`，先开始后结束，同一天内不重叠。夜班在午夜分开：`"22:00-24:00"` 和次日的 `"00:00-06:00"`。',
)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = r"([01]?\d|2[0-4]):([0-5]\d)"
_TIMES = re.compile(rf"{_MOMENT}\s*-\s*{_MOMENT}", re.ASCII)
_MIDNIGHT = 24 * 60


def days_of_week(node: ScalarNode, reading: Reading) -> list[int]:
    """Return the days of the week that a key names, 0 for Monday; what is wrong is reported."""
    found: list[int] = []
    offset = 0
    for part in node.text.split(","):
        start = offset + len(part) - len(part.lstrip())
        found += _range(part.strip(), node.part(start, start + max(len(part.strip()), 1)), reading)
        offset += len(part) + 1
    return found


def _range(text: str, place: Span, reading: Reading) -> list[int]:
    names = [name.strip() for name in text.split("-")]
    unknown = next((name for name in names if name not in DAYS_OF_WEEK), None)
    if unknown is not None or len(names) > 2:
        _wrong(
            reading,
            place,
            label(zh=f"`{text}` 不是星期几", en=f"`{text}` is no day of the week"),
            did_you_mean(unknown or text, DAYS_OF_WEEK)
            or label(zh="写例如 `mon-fri`", en="write, for example, `mon-fri`"),
        )
        return []
    first, last = DAYS_OF_WEEK.index(names[0]), DAYS_OF_WEEK.index(names[-1])
    if first > last:
        _wrong(
            reading,
            place,
            label(zh=f"`{text}` 倒过来了", en=f"`{text}` goes backwards"),
            label(zh="分开写，例如 `sat-sun, mon`", en="divide it, as in `sat-sun, mon`"),
        )
        return []
    return list(range(first, last + 1))


def _wrong(reading: Reading, place: Span, headline: Label, help_: Label) -> None:
    reading.report(WRONG_DAY_OF_WEEK, place, headline, help_)


def day_of(node: ScalarNode, reading: Reading, *, start: int = 0, end: int | None = None) -> date | None:
    """Return the date that a node, or a part of it, names; one that is none is reported."""
    text = node.text[start:end].strip()
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        help_: Label | None = label(zh="写成 `2026-10-01`", en="write it as `2026-10-01`")
    except ValueError:
        help_ = None
    reading.report(
        WRONG_DATE,
        node.part(start, len(node.text) if end is None else end) if text else node,
        label(zh=f"没有 `{text}` 这一天", en=f"there is no day `{text}`")
        if help_ is None
        else label(zh=f"`{text}` 不是日期", en=f"`{text}` is no date"),
        help_,
    )
    return None


def days_of(node: ScalarNode, reading: Reading) -> tuple[date, date] | None:
    """Return the first and the last day of `2026-10-01..2026-10-07`, or of one day."""
    middle = node.text.find("..")
    if middle < 0:
        day = day_of(node, reading)
        return None if day is None else (day, day)
    first = day_of(node, reading, end=middle)
    last = day_of(node, reading, start=middle + 2)
    if first is None or last is None:
        return None
    if first <= last:
        return first, last
    reading.report(
        WRONG_DATE,
        node,
        label(zh=f"`{node.text}` 的末日早于首日", en=f"`{node.text}` ends before it begins"),
        label(zh=f"写成 `{last}..{first}`", en=f"write `{last}..{first}`"),
    )
    return None


def times_of(nodes: tuple[ScalarNode, ...], reading: Reading) -> tuple[WorkingTime, ...]:
    """Return the times of one day in order; those that are wrong or overlap are reported."""
    found: list[WorkingTime] = []
    for node in nodes:
        time = time_range(node, reading)
        if time is None:
            continue
        if time.start_minute >= time.end_minute:
            _wrong_time(
                reading,
                node,
                label(zh=f"`{node.text}` 的结束不晚于开始", en=f"`{node.text}` does not end after it begins"),
                label(
                    zh="夜班在午夜分开：`22:00-24:00` 和次日的 `00:00-06:00`",
                    en="a night shift is divided at midnight: `22:00-24:00` and `00:00-06:00` on the next day",
                ),
            )
            continue
        if any(
            other.start_minute < time.end_minute and time.start_minute < other.end_minute for other in found
        ):
            _wrong_time(
                reading,
                node,
                label(
                    zh=f"`{node.text}` 与同一天的另一段重叠",
                    en=f"`{node.text}` overlaps another time of the day",
                ),
                None,
            )
            continue
        found.append(time)
    return tuple(sorted(found, key=lambda each: each.start_minute))


def time_range(node: ScalarNode, reading: Reading) -> WorkingTime | None:
    """Return the two times of day of `08:00-12:00`, whichever is the later; what is none is reported."""
    match = _TIMES.fullmatch(node.text.strip())
    minutes = (
        [] if match is None else [int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])]
    )
    if minutes and max(minutes) <= _MIDNIGHT:
        return WorkingTime(start_minute=minutes[0], end_minute=minutes[1])
    _wrong_time(
        reading,
        node,
        label(zh=f"`{node.text}` 不是时间段", en=f"`{node.text}` is no time of day"),
        label(zh="写成 `08:00-12:00`", en="write it as `08:00-12:00`"),
    )
    return None


def _wrong_time(reading: Reading, node: ScalarNode, headline: Label, help_: Label | None) -> None:
    reading.report(WRONG_WORKING_TIME, node, headline, help_)
