"""Alerts: a condition that is watched, and who hears of it."""

from dataclasses import dataclass
from enum import StrEnum

from orderkit.model.calendars import WorkingTime
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import Origin
from orderkit.model.labels import Label
from orderkit.model.people import Who
from orderkit.model.values.durations import TimeSpan


class WatchKind(StrEnum):
    """What an alert looks at."""

    FORM = "form"
    LEDGER = "ledger"
    REPORT = "report"


class Per(StrEnum):
    """How many messages are sent: one for each row, or one to each reader about all of them."""

    ROW = "row"
    READER = "reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message, to whom, and over which channels."""

    message: str
    to: Who
    via: tuple[str, ...] = ("inbox",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A condition over the rows of something.

    Args:
        watch: the form, ledger or report.
        when: sees a row as `Root("record", Record(watch))`, for a report as `Record("report:" + watch)`;
            with `compare` that of the earlier period as `Root("previous")`.
        by: for a report, the dimensions and grains that make a row.
        period: for a report, the stretch of time that is looked at: `this_month` and the like.
        compare: the earlier stretch: `previous_period` or `previous_year`.
        after: how long the condition must have held.
        every: how often it is looked at where no change says so.
        repeat: after which time a row that still fulfils it is told again; None means never.
        snooze: for how long at most a reader may put it off.
        quiet: when nothing is sent; it may pass midnight.
    """

    id: str
    label: Label
    watch: str
    kind: WatchKind
    when: Expression
    send: tuple[Notice, ...]
    by: tuple[str, ...] = ()
    period: str | None = None
    compare: str | None = None
    after: TimeSpan | None = None
    every: TimeSpan | None = None
    repeat: TimeSpan | None = None
    snooze: TimeSpan | None = None
    quiet: WorkingTime | None = None
    per: Per = Per.ROW
    origin: Origin | None = None
