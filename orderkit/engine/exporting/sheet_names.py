"""Names of the sheets that are written."""

_LONGEST = 31


def sheet_name(title: str, fallback: str, ending: str = "") -> str:
    """Return a name that Excel takes for a sheet, with this at its end."""
    longest = _LONGEST - len(ending)
    clean = "".join(char for char in title if char not in "[]:*?/\\").strip().strip("'")[:longest]
    return (clean or fallback[:longest]) + ending
