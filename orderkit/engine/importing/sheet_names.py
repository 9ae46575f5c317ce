"""Names of the sheets that are written."""

_LONGEST = 31


def sheet_name(title: str, fallback: str) -> str:
    """Return a name that Excel takes for a sheet."""
    clean = "".join(char for char in title if char not in "[]:*?/\\").strip().strip("'")[:_LONGEST]
    return clean or fallback[:_LONGEST]
