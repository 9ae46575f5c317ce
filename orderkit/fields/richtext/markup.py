"""The part of HTML that rich text may hold, and plain text on the way in and out of it.

Everything else is taken out by nh3, which parses as browsers do; a list of what is allowed cannot be
outwitted by what nobody thought of.
"""

import re
from html import escape, unescape

TAGS = frozenset(
    [
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h2",
        "h3",
        "h4",
        "hr",
        "i",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
)
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_SCHEMES = {"http", "https", "mailto", "tel"}

_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(TAGS))}|script|style|div|span|img)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_ANY_TAG = re.compile(r"<[^<>]*>")
_PARAGRAPHS = re.compile(r"(?:<p>(?:[^<>]|<br>)*</p>)+")
_BREAKS = re.compile(r"<br>|</(?:p|li|h[234]|tr|blockquote|pre)>")


def sanitised(html: str) -> str:
    """Return what of the HTML is allowed, well formed."""
    import nh3  # noqa: PLC0415 - compiled code that most commands never need

    cleaned = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags={"script", "style"},
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=_SCHEMES,
    )
    if not plain_of(cleaned) and "<hr>" not in cleaned:
        return ""
    return cleaned.strip() if _TAG.search(cleaned) else f"<p>{cleaned.strip()}</p>"


def with_paragraphs(text: str) -> str:
    """Return text without any tag as HTML paragraphs, HTML as it is."""
    if _TAG.search(text):
        return text
    paragraphs = re.split(r"\n\s*\n", text)
    return "".join(
        f"<p>{escape(each.strip(), quote=False).replace(chr(10), '<br>')}</p>" for each in paragraphs
    )


def as_typed(html: str) -> str:
    """Return HTML that is nothing but paragraphs as the text that makes them, other HTML as it is."""
    if not _PARAGRAPHS.fullmatch(html):
        return html
    typed = unescape(html[len("<p>") : -len("</p>")].replace("</p><p>", "\n\n").replace("<br>", "\n"))
    return typed if sanitised(with_paragraphs(typed.strip())) == html else html


def plain_of(html: str) -> str:
    """Return the words of HTML, a line for each block."""
    lines = unescape(_ANY_TAG.sub("", _BREAKS.sub("\n", html))).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())
