"""Amounts in Chinese words, by the central bank's rules for filling in bills and vouchers.

Between digits zeros are read once, and where the rules leave it open not at all: 107000.53 is
壹拾万柒仟元伍角叁分. 整 stands behind 元 only; the sign, which the rules do not have, is 负.
"""

import re
from decimal import Decimal

from orderkit.model.expressions.evaluation.arithmetic import bounded
from orderkit.model.values.numbers import EXACT, round_half_up

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_CENTS = 2


def rmb_upper(amount: Decimal | int) -> str:
    """Return an amount in words, rounded half-up to 分. Raises EvaluationError past 18 digits."""
    value = bounded(round_half_up(amount, _CENTS), _CENTS)
    size = int(EXACT.abs(value).scaleb(_CENTS, EXACT))
    sign = "负" if value < 0 else ""
    yuan, cents = divmod(size, 100)
    jiao, fen = divmod(cents, 10)
    whole = f"{_read(yuan)}元" if yuan or not size else ""
    if not cents:
        return f"{sign}{whole}整"
    tenths = f"{_DIGITS[jiao]}角" if jiao else "零" if whole else ""
    return f"{sign}{whole}{tenths}{f'{_DIGITS[fen]}分' if fen else ''}"


def _read(value: int) -> str:
    if value < 10**4:
        return _group(value)
    return _split(value, 10**4, "万") if value < 10**8 else _split(value, 10**8, "亿")


def _split(value: int, unit: int, name: str) -> str:
    high, low = divmod(value, unit)
    if not low:
        return f"{_read(high)}{name}"
    return f"{_read(high)}{name}{'零' if low < unit // 10 else ''}{_read(low)}"


def _group(value: int) -> str:
    """Read up to four digits: several zeros between two of them once, those at the end not at all."""
    if not value:
        return "零"
    words = [
        "零" if digit == "0" else f"{_DIGITS[int(digit)]}{place}"
        for digit, place in zip(f"{value:04}", _PLACES, strict=True)
    ]
    return re.sub("零+", "零", "".join(words)).strip("零")
