"""Instants for people, on the clock of the project: `11-23 14:05` this year, `3 小时前` in an inbox."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from orderkit.fields.moments import shown_day, shown_moment
from orderkit.web.rendering.texts import Speaker

_SOON = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


def shown_at(moment: datetime, zone: ZoneInfo, locale: str) -> str:
    """Return an instant with its day and minute."""
    return shown_moment(moment, zone.key, locale)


def shown_ago(moment: datetime, now: datetime, zone: ZoneInfo, locale: str, t: Speaker) -> str:
    """Return how long ago an instant was; from a week on, its day."""
    passed = now - moment
    if passed < _SOON:
        return t("time.now")
    if passed < _HOUR:
        return t("time.minutes", count=passed // timedelta(minutes=1))
    if passed < _DAY:
        return t("time.hours", count=passed // _HOUR)
    if passed < _WEEK:
        return t("time.days", count=passed // _DAY)
    return shown_day(moment.astimezone(zone).date(), locale)
