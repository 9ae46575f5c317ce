"""Numbers as people type and read them: full-width digits, thousands separators, currency marks.

What a number may be is decided in `orderkit.model.values.numbers`; this only reads and prints.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from orderkit.fields.field_type import Invalid
from orderkit.model.labels import label
from orderkit.model.values.numbers import fits, plain_text, round_half_up

if TYPE_CHECKING:
    from babel import Locale

_NUMERAL = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d{1,2})?")
MAX_TEXT = 100

NOT_A_NUMBER = Invalid(
    label(zh="不是数字", en="not a number"), label(zh="数字，例如 1,234.5", en="a number such as 1,234.5")
)
TOO_MANY_DIGITS = Invalid(
    label(zh="数字太大", en="the number is too large"), label(zh="最多 18 位数字", en="at most 18 digits")
)


def normalised(text: str) -> str:
    """Return the text with full-width characters as ASCII, all kinds of minus as `-`, and trimmed."""
    return unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").strip()


def read_number(text: str) -> Decimal | Invalid:
    """Read a number such as `１，２３４.５`, `-3`, `(3.50)` (an accountant's minus) or `1.2e3`."""
    if len(text) > MAX_TEXT:
        return NOT_A_NUMBER
    numeral = re.sub(r"\s", "", normalised(text))
    is_negative = numeral.startswith("(") and numeral.endswith(")")
    if is_negative:
        numeral = numeral[1:-1]
    # A code such as E1 has digits behind its E only.
    if not any(each in "0123456789" for each in numeral.lower().partition("e")[0]) or not _NUMERAL.fullmatch(
        numeral
    ):
        return NOT_A_NUMBER
    value = Decimal(numeral.replace(",", ""))
    return -value if is_negative else value


def fitted(value: Decimal, scale: int) -> Decimal | Invalid:
    """Return the value rounded half-up to the scale, or why it does not fit."""
    if value.is_finite() and value.adjusted() > 40:
        return TOO_MANY_DIGITS
    rounded = round_half_up(value, scale)
    return rounded + 0 if fits(rounded, scale) else TOO_MANY_DIGITS


def number_from_json(value: object, scale: int) -> Decimal | Invalid | None:
    """Read a JSON number, or a text that holds a plain one."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return NOT_A_NUMBER
    if isinstance(value, str):
        number = read_number(value)
        return number if isinstance(number, Invalid) else fitted(number, scale)
    if isinstance(value, int) and abs(value) >= 10**40:
        return TOO_MANY_DIGITS
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return fitted(number, scale) if number.is_finite() else NOT_A_NUMBER


def out_of_bounds(
    value: Decimal | int, least: Decimal | int | None, most: Decimal | int | None
) -> Invalid | None:
    """Return why the value is below `least` or above `most`, both included."""
    if least is not None and value < least:
        text = plain_text(least)
        return Invalid(label(zh=f"不能小于 {text}", en=f"must not be less than {text}"))
    if most is not None and value > most:
        text = plain_text(most)
        return Invalid(label(zh=f"不能大于 {text}", en=f"must not be more than {text}"))
    return None


@dataclass(frozen=True, slots=True)
class _Style:
    """How a locale writes numbers. `pattern` is set where groups are not of three digits."""

    group: str
    point: str
    pattern: "Locale | None"


@cache
def _style(locale: str) -> _Style:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - checking a project shows no numbers

    try:
        found = Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return _Style(",", ".", None)
    symbols = found.number_symbols["latn"]
    is_usual = tuple(found.decimal_formats[None].grouping) == (3, 3)
    return _Style(symbols["group"], symbols["decimal"], None if is_usual else found)


def number_marks(locale: str) -> tuple[str, str] | None:
    """Return what separates groups of three digits and what stands before decimals; None: other groups."""
    style = _style(locale)
    return None if style.pattern is not None else (style.group, style.point)


def shown_number(value: Decimal | int, scale: int, locale: str) -> str:
    """Return the number with thousands separators and exactly `scale` decimal places."""
    style = _style(locale)
    if style.pattern is not None:
        from babel.numbers import format_decimal  # noqa: PLC0415 - only few locales group otherwise

        places = "0" * scale
        return format_decimal(
            value, f"#,##,##0.{places}" if places else "#,##,##0", style.pattern, numbering_system="latn"
        )
    text = f"{round_half_up(value, scale):,}"
    if (style.group, style.point) == (",", "."):
        return text
    return text.replace(",", "\0").replace(".", style.point).replace("\0", style.group)
