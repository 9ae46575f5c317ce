"""How long something takes, for people: the two largest units, such as `3 天 4 小时`; working time in hours."""

from datetime import timedelta

from orderkit.web.rendering.texts import Speaker

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def shown_length(length: timedelta, t: Speaker, *, is_worked: bool = False) -> str:
    """Return a length to the minute; one that `is_worked` has no days, for a working day is no such unit."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < _MINUTE:
        return t("figures.seconds", count=seconds)
    if seconds < _HOUR:
        return t("figures.minutes", count=seconds // _MINUTE)
    if is_worked or seconds < _DAY:
        return _two(t, "figures.hours", seconds // _HOUR, "figures.minutes", seconds % _HOUR // _MINUTE)
    return _two(t, "figures.days", seconds // _DAY, "figures.hours", seconds % _DAY // _HOUR)


def _two(t: Speaker, large: str, count: int, small: str, rest: int) -> str:
    return t(large, count=count) if rest == 0 else f"{t(large, count=count)} {t(small, count=rest)}"
