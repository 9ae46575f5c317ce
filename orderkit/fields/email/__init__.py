"""Email addresses."""

import re
from urllib.parse import quote

from orderkit.fields.field_type import Accepts, Invalid, Rejects
from orderkit.fields.one_line import OneLine
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import label as bilingual
from orderkit.model.options import OptionModel

_LONGEST = 254
_ADDRESS = re.compile(
    r"([^\s@<>()\[\],;:\"\\]{1,64})@((?:[^\s@.<>()\[\],;:\"\\/?#]{1,63}\.)+[^\s@.<>()\[\],;:\"\\/?#\d]{2,63})"
)
NOT_AN_ADDRESS = Invalid(
    bilingual(zh="不是邮箱地址", en="not an email address"),
    bilingual(zh="邮箱地址，例如 li@example.com", en="an address such as li@example.com"),
)


class EmailOptions(OptionModel):
    """A field of this type has no options of its own."""


class Email(OneLine[EmailOptions]):
    """One email address."""

    name = "email"
    label = bilingual(zh="邮箱", en="Email")
    description = bilingual(zh="电子邮箱地址", en="An email address")
    Options = EmailOptions
    examples = (
        Accepts("li@example.com", "li@example.com", "li@example.com"),
        Accepts(" Li.Qiang@Example.COM ", "Li.Qiang@example.com"),
        Accepts("ｌｉ＠example.com", "li@example.com"),
        Accepts("", None, ""),
        Rejects("li@"),
        Rejects("li@localhost"),
        Rejects("a@b.com, c@d.com"),
    )

    def canonical(self, options: EmailOptions, text: str) -> str | Invalid:
        """Return the address with its domain in small letters."""
        found = _ADDRESS.fullmatch(text)
        if found is None or len(text) > _LONGEST:
            return NOT_AN_ADDRESS
        return f"{found[1]}@{found[2].lower()}"

    def json_schema(self, options: EmailOptions) -> dict[str, object]:
        """Return an address."""
        return {"type": "string", "format": "email", "maxLength": _LONGEST}

    def max_length(self, options: EmailOptions) -> int | None:
        """Return what the standard of mail allows."""
        return _LONGEST

    def link(self, options: EmailOptions, value: Scalar) -> str:
        """Return what opens the reader's mail program."""
        is_address = isinstance(value, str) and _ADDRESS.fullmatch(value) is not None
        return f"mailto:{quote(str(value), safe='@')}" if is_address else ""


TYPE = Email()
