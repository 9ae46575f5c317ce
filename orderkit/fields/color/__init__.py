"""Colors."""

import re

from orderkit.fields.field_type import Accepts, Invalid, Rejects
from orderkit.fields.one_line import OneLine
from orderkit.model.labels import label as bilingual
from orderkit.model.options import OptionModel

_HEX = re.compile(r"#?([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})")
NOT_A_COLOR = Invalid(
    bilingual(zh="不是颜色", en="not a color"),
    bilingual(zh="颜色，例如 #1a7f37", en="a color such as #1a7f37"),
)


class ColorOptions(OptionModel):
    """A field of this type has no options of its own."""


class Color(OneLine[ColorOptions]):
    """A color as browsers write it, `#rrggbb`."""

    name = "color"
    label = bilingual(zh="颜色", en="Color")
    description = bilingual(zh="颜色，如色卡、外壳颜色", en="A color, such as that of a casing")
    Options = ColorOptions
    reader = "color"
    examples = (
        Accepts("#1A7F37", "#1a7f37", "#1a7f37"),
        Accepts("1a7f37", "#1a7f37"),
        Accepts("#0f8", "#00ff88"),
        Accepts("", None, ""),
        Rejects("green"),
        Rejects("#12345"),
    )

    def canonical(self, options: ColorOptions, text: str) -> str | Invalid:
        """Return `#` and six small hexadecimal digits."""
        found = _HEX.fullmatch(text)
        if found is None:
            return NOT_A_COLOR
        digits = found[1].lower()
        return f"#{digits}" if len(digits) == 6 else f"#{''.join(each * 2 for each in digits)}"

    def json_schema(self, options: ColorOptions) -> dict[str, object]:
        """Return a color."""
        return {"type": "string", "pattern": "^#[0-9a-f]{6}$"}


TYPE = Color()
