"""From a time on the wall of a zone to an instant, also on the nights on which its clocks are changed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def instant_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, at which the clock shows `minute` minutes after midnight; 1440 ends the day.

    A time that is shown twice means the first of the two; one that is left out means the moment at which the
    clock jumps over it. So of two times on the wall the later one is never an earlier instant.
    """
    days, rest = divmod(minute, 1440)
    return on_the_wall(datetime.combine(day, time()) + timedelta(days=days, minutes=rest), zone)


def on_the_wall(shown: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, of a time without a zone as the clock on the wall shows it."""
    instant = shown.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == shown:
        return instant
    before = shown.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _jump_between(before, instant, zone)


def _jump_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant between two at which the clock is put forward, to the second."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
