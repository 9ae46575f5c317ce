"""Phone numbers: Chinese mobile and landline ones, and any other with its country code."""

import re

from orderkit.fields.field_type import Accepts, Invalid, Rejects
from orderkit.fields.one_line import OneLine
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import label as bilingual
from orderkit.model.options import OptionModel

_LONGEST_TYPED = 40
_TYPED = re.compile(
    r"(?P<number>\+?[\d\s().\-\u2010-\u2015]+?)\s*(?:(?:转|分机|ext\.?|#|x)\s*(?P<extension>\d{1,6}))?",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0[1-9]\d{1,2}[2-9]\d{6,7}|[2-8]\d{6,7}")
_SERVICE = re.compile(r"[48]00\d{7}|9\d{4,7}")
_ABROAD = re.compile(r"\+[1-9]\d{6,14}")
_KEPT = re.compile(r"\+?\d{5,15}(#\d{1,6})?")
NOT_A_NUMBER = Invalid(
    bilingual(zh="不是电话号码", en="not a phone number"),
    bilingual(
        zh="手机或座机号码，例如 13812345678、025-83001234；国际号码以 + 开头",
        en="a number such as 13812345678 or 025-83001234; one from abroad begins with +",
    ),
)


class PhoneOptions(OptionModel):
    """A field of this type has no options of its own."""


class Phone(OneLine[PhoneOptions]):
    """A phone number, kept as digits without blanks and hyphens."""

    name = "phone"
    label = bilingual(zh="电话", en="Phone")
    description = bilingual(zh="手机、座机或国际号码", en="A mobile, landline or international number")
    Options = PhoneOptions
    examples = (
        Accepts("138 1234 5678", "13812345678", "13812345678"),
        Accepts("+86 138-1234-5678", "13812345678"),
        Accepts("025-83001234", "02583001234"),
        Accepts("(025) 8300 1234 转 801", "02583001234#801"),
        Accepts("400-820-8820", "4008208820"),
        Accepts("+49 30 901820", "+4930901820"),
        Accepts("0049 30 901820", "+4930901820"),
        Accepts("１３８１２３４５６７８", "13812345678"),
        Accepts("", None, ""),
        Rejects("1381234567"),
        Rejects("微信同号"),
        Rejects("+1"),
    )

    def canonical(self, options: PhoneOptions, text: str) -> str | Invalid:
        """Return the digits, an extension behind `#`; a number from abroad begins with `+`."""
        found = _TYPED.fullmatch(text)
        if found is None or len(text) > _LONGEST_TYPED:
            return NOT_A_NUMBER
        digits = re.sub(r"[\s().\-\u2010-\u2015]", "", found["number"])
        digits = f"+{digits[2:]}" if digits.startswith("00") else digits
        if digits.startswith("+86"):
            home = digits[3:]
            digits = home if _MOBILE.fullmatch(home) or home.startswith("0") else f"0{home}"
        known = next(
            (kind for kind in (_MOBILE, _LANDLINE, _SERVICE, _ABROAD) if kind.fullmatch(digits)), None
        )
        if known is None:
            return NOT_A_NUMBER
        return f"{digits}#{found['extension']}" if found["extension"] else digits

    def json_schema(self, options: PhoneOptions) -> dict[str, object]:
        """Return digits."""
        return {"type": "string", "pattern": r"^\+?[0-9]{5,15}(#[0-9]{1,6})?$"}

    def link(self, options: PhoneOptions, value: Scalar) -> str:
        """Return what dials the number."""
        return (
            f"tel:{value.replace('#', ';ext=')}" if isinstance(value, str) and _KEPT.fullmatch(value) else ""
        )


TYPE = Phone()
