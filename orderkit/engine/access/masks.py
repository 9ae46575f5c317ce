"""Masked values: enough to recognise, too little to use. `13812341234` becomes `138****1234`."""

from typing import assert_never

from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Mask

STARS = "****"
_LONG = 8
_PLACE = 6


def masked(value: Scalar, manner: Mask | None = None) -> str | None:
    """Return a value as it is shown to those who may only see it masked. Empty stays empty.

    Without a manner of the field's own, long texts of letters and digits keep three characters in front
    and four behind, shorter ones their first; of numbers, days and the like nothing is left. No manner
    ever leaves a text whole: of one that is too short for it, at most the first character is kept.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        return STARS
    if manner is None:
        return _by_look(value)
    return _in_manner(value, manner)


def _in_manner(value: str, manner: Mask) -> str:
    match manner:
        case Mask.PHONE | Mask.ID_CARD:
            return _keeping(value, 3, 4)
        case Mask.BANK_CARD:
            return _keeping(value, 0, 4)
        case Mask.NAME:
            return _keeping(value, 1, 0)
        case Mask.ADDRESS:
            return _keeping(value, _PLACE, 0)
        case Mask.MIDDLE:
            third = len(value) // 3
            return _keeping(value, third, third)
        case Mask.EMAIL:
            name, at, domain = value.rpartition("@")
            return f"{_keeping(name, 1, 0)}@{domain}" if at and name else STARS
        case Mask.ALL:
            return STARS
        case _:
            assert_never(manner)


def _keeping(value: str, front: int, behind: int) -> str:
    if len(value) <= front + behind:
        return f"{value[:1]}{STARS}" if len(value) > 1 else STARS
    return f"{value[:front]}{STARS}{value[len(value) - behind :]}"


def _by_look(value: str) -> str:
    name, at, domain = value.partition("@")
    if at and name:
        return f"{_keeping(name, 1, 0)}@{domain}"
    if len(value) >= _LONG and value.isascii():
        return _keeping(value, 3, 4)
    return _keeping(value, 1, 0)
