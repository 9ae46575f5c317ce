"""The words of `calendar`."""

from orderkit.language.spec.readers import LABEL, NAME, ListOf, MapOf, OneOf
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

DAYS_OF_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIMES = ListOf(NAME, or_one=True)
_CALLED = label(zh="名称", en="what people call it")

HOLIDAY_DAYS = Key(
    "days",
    NAME,
    label(zh="一天，或首日..末日", en="a day, or the first and the last"),
    required=True,
    example="2026-10-01..2026-10-07",
)
HOLIDAY_LABEL = Key("label", LABEL, _CALLED, example="{zh: 国庆节, en: National Day}")
HOLIDAY = Words(
    name=label(zh="节假日", en="holiday"), keys=(HOLIDAY_DAYS, HOLIDAY_LABEL), shorthand=HOLIDAY_DAYS
)

WORKDAY_DAY = Key("day", NAME, label(zh="哪一天", en="the day"), required=True, example="2026-10-10")
WORKDAY_LABEL = Key("label", LABEL, _CALLED, example="{zh: 国庆调休, en: For National Day}")
WORKDAY_LIKE = Key(
    "like",
    OneOf(DAYS_OF_WEEK),
    label(
        zh="按星期几的时间上班；默认为一周里第一个工作日",
        en="the day of the week whose times it has; the first that is worked by default",
    ),
    example="thu",
)
WORKDAY_TIMES = Key(
    "times",
    TIMES,
    label(zh="上班时间，代替 `like`", en="its own times, in place of `like`"),
    example='["08:00-12:00"]',
)
WORKDAY = Words(
    name=label(zh="调休上班日", en="workday"),
    keys=(WORKDAY_DAY, WORKDAY_LABEL, WORKDAY_LIKE, WORKDAY_TIMES),
    shorthand=WORKDAY_DAY,
)

LABEL_ = Key("label", LABEL, _CALLED, example="{zh: 工厂日历, en: Factory}")
WEEK = Key(
    "week",
    MapOf(TIMES),
    label(zh="一周各天的上班时间", en="the working time of the days of a week"),
    required=True,
    example='{mon-fri: ["08:00-12:00", "13:00-17:30"], sat: "08:00-12:00"}',
)
HOLIDAYS = Key(
    "holidays",
    ListOf(Nested(HOLIDAY), or_one=True),
    label(zh="节假日", en="days without work"),
    example="[2026-05-01, {days: 2026-10-01..2026-10-07, label: 国庆节}]",
)
WORKDAYS = Key(
    "workdays",
    ListOf(Nested(WORKDAY), or_one=True),
    label(zh="调休上班的日子", en="days that are worked though their day of the week is not"),
    example="[2026-10-10]",
)
CALENDAR = Words(
    name=label(zh="工作日历", en="calendar"),
    about=label(
        zh="上班时间、节假日和调休；项目用 `calendar:` 指定",
        en="working hours, holidays and days worked in their stead; the project names its own by `calendar:`",
    ),
    keys=(LABEL_, WEEK, HOLIDAYS, WORKDAYS),
)
