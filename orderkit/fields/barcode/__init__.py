"""Bar codes."""

import re
from typing import Annotated, Literal

from orderkit.fields.field_type import Accepts, Invalid, Rejects
from orderkit.fields.one_line import OneLine
from orderkit.model.labels import Label
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel

Symbology = Literal["code128", "code39", "ean13", "ean8", "upc_a", "qr"]
_DIGITS = {"ean13": 13, "ean8": 8, "upc_a": 12}
_TEXTS = {
    "code128": (
        re.compile(r"[ -~]{1,80}"),
        bilingual(zh="最多 80 个英文字母、数字或符号", en="at most 80 letters, digits and signs of ASCII"),
    ),
    "code39": (
        re.compile(r"[0-9A-Z .$/+%-]{1,60}"),
        bilingual(zh="最多 60 个字母、数字或 -.$/+%", en="at most 60 letters, digits or -.$/+%"),
    ),
    "qr": (re.compile(r".{1,500}"), bilingual(zh="最多 500 个字", en="at most 500 characters")),
}


def _expected(what: Label) -> Invalid:
    return Invalid(bilingual(zh="不是这种条码的内容", en="not what such a code can hold"), what)


def _is_checked(digits: str) -> bool:
    """Return whether the last digit is the one that the others demand, as GS1 counts it."""
    total = sum(int(each) * (1 if place % 2 == 0 else 3) for place, each in enumerate(reversed(digits)))
    return total % 10 == 0


class BarcodeOptions(OptionModel):
    """`symbology` is how the code is printed."""

    symbology: Annotated[Symbology, About("码制", "how the code is printed", "ean13")] = "code128"


class Barcode(OneLine[BarcodeOptions]):
    """The text of a bar code; scanners type it like a keyboard."""

    name = "barcode"
    label = bilingual(zh="条码", en="Barcode")
    description = bilingual(zh="条形码或二维码的内容", en="What a bar code or QR code says")
    Options = BarcodeOptions
    examples = (
        Accepts("6901234567892", "6901234567892", "6901234567892"),
        Accepts("SO-2026-001", "SO-2026-001"),
        Accepts("", None, ""),
        Rejects("订单"),
    )

    def canonical(self, options: BarcodeOptions, text: str) -> str | Invalid:
        """Return the text, if the symbology can print it and its check digit is right."""
        length = _DIGITS.get(options.symbology)
        if length is not None:
            digits = re.sub(r"[\s-]", "", text)
            if len(digits) != length or not (digits.isascii() and digits.isdecimal()):
                return _expected(
                    bilingual(zh=f"{length} 位数字", en=f"{length} digits"),
                )
            if not _is_checked(digits):
                return Invalid(
                    bilingual(zh="校验位不对", en="the check digit is wrong"),
                    bilingual(zh="照条码抄写的数字", en="the digits as they stand under the code"),
                )
            return digits
        if options.symbology == "code39":
            text = text.upper()
        pattern, expected = _TEXTS[options.symbology]
        return text if pattern.fullmatch(text) else _expected(expected)

    def json_schema(self, options: BarcodeOptions) -> dict[str, object]:
        """Return a string."""
        length = _DIGITS.get(options.symbology)
        return (
            {"type": "string", "maxLength": 500}
            if length is None
            else {"type": "string", "pattern": rf"^\d{{{length}}}$"}
        )


TYPE = Barcode()
