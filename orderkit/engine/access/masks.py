"""Masked values: enough to recognise, too little to use. `13812341234` becomes `138****1234`."""

from orderkit.model.expressions import Scalar

STARS = "****"
_LONG = 8


def masked(value: Scalar) -> str | None:
    """Return a value as it is shown to those who may only see it masked. Empty stays empty.

    Long texts of letters and digits keep three characters in front and four behind, shorter ones
    their first; of numbers, days and the like nothing is left.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        return STARS
    name, at, domain = value.partition("@")
    if at and name:
        return f"{name[0]}{STARS}@{domain}"
    if len(value) >= _LONG and value.isascii():
        return f"{value[:3]}{STARS}{value[-4:]}"
    return f"{value[0]}{STARS}"
