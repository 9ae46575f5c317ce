"""Web addresses."""

import re
from urllib.parse import urlsplit, urlunsplit

from orderkit.fields.field_type import Accepts, Invalid, Rejects
from orderkit.fields.one_line import OneLine
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import label as bilingual
from orderkit.model.options import OptionModel

_LONGEST = 2000
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")
_HOST = re.compile(r"(?:[^\s./?#@:\[\]\"<>\\]{1,63}\.)+[^\s./?#@:\[\]\"<>\\]{1,63}|localhost|[0-9a-f:.]+")
_NOT_IN_ADDRESSES = re.compile(r"[\s\"<>\\^`{|}]")
NOT_A_PAGE = Invalid(
    bilingual(zh="不是网址", en="not a web address"),
    bilingual(
        zh="http 或 https 网址，例如 https://example.com",
        en="an http or https address such as https://example.com",
    ),
)


class UrlOptions(OptionModel):
    """A field of this type has no options of its own."""


class Url(OneLine[UrlOptions]):
    """An address of the web: `http` or `https`, nothing else."""

    name = "url"
    label = bilingual(zh="网址", en="Web address")
    description = bilingual(zh="网页地址", en="The address of a web page")
    Options = UrlOptions
    examples = (
        Accepts("https://example.com/a?b=1#c", "https://example.com/a?b=1#c", "https://example.com/a?b=1#c"),
        Accepts("HTTP://example.com", "http://example.com"),
        Accepts("www.example.com:8080/订单", "https://www.example.com:8080/订单"),
        Accepts("", None, ""),
        Rejects("javascript:alert(1)"),
        Rejects("ftp://example.com"),
        Rejects("https://user:secret@example.com"),
        Rejects("https://"),
        Rejects("hello world"),
    )

    def canonical(self, options: UrlOptions, text: str) -> str | Invalid:
        """Return the address; `https://` is added where no scheme was typed."""
        if not _SCHEME.match(text):
            text = f"https://{text}"
        try:
            parts = urlsplit(text)
            is_page = (
                parts.scheme.lower() in {"http", "https"}
                and parts.username is None
                and _HOST.fullmatch(parts.hostname or "") is not None
                and (parts.port is None or parts.port > 0)
            )
        except ValueError:
            return NOT_A_PAGE
        if not is_page or len(text) > _LONGEST or _NOT_IN_ADDRESSES.search(text):
            return NOT_A_PAGE
        return urlunsplit(parts._replace(scheme=parts.scheme.lower()))

    def json_schema(self, options: UrlOptions) -> dict[str, object]:
        """Return an address."""
        return {"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": _LONGEST}

    def max_length(self, options: UrlOptions) -> int | None:
        """Return what every browser takes."""
        return _LONGEST

    def link(self, options: UrlOptions, value: Scalar) -> str:
        """Return the address itself, if it is one of the web."""
        return value if isinstance(value, str) and self.canonical(options, value) == value else ""


TYPE = Url()
