"""Sizes of files, for people."""

_UNITS = ("B", "KB", "MB", "GB")


def shown_size(size: int) -> str:
    """Return a size in bytes as `12 KB`, `3.4 MB`."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    return f"{amount:.0f} {_UNITS[unit]}" if unit < 2 or amount >= 10 else f"{amount:.1f} {_UNITS[unit]}"
