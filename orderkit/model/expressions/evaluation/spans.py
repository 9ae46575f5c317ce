"""Spans of time in parts, and as text that programs read: `1d2h30min`."""

from datetime import timedelta

UNITS = ("d", "h", "min", "s")


def parts_of(value: timedelta) -> tuple[int, int, int, int]:
    """Return days, hours, minutes and seconds of a span that is not negative."""
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return days, hours, minutes, seconds


def plain_span(value: timedelta) -> str:
    """Return the span without anything that is nought; a span of nothing is `0s`."""
    return "".join(f"{each}{unit}" for each, unit in zip(parts_of(value), UNITS, strict=True) if each) or "0s"
