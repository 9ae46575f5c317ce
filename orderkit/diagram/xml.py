"""Texts in XML: what would be read as markup is escaped, what XML cannot hold is left out."""

import re

_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(written: str) -> str:
    """Return a text as it stands between two tags."""
    return _IMPOSSIBLE.sub("", written).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(written: str) -> str:
    """Return a text as it stands between double quotes; line ends in it stay."""
    escaped = text(written).replace('"', "&quot;")
    return escaped.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;")
