"""Bar codes and QR codes as drawings that stand in the document itself."""

import re

import segno
from markupsafe import Markup

_HEIGHT = re.compile(r"\d{1,3}(\.\d{1,2})?mm")
_CODE39 = re.compile(r"[0-9A-Z .$/+%-]+")
KINDS = ("code128", "code39", "ean13", "ean8", "upc_a")
"""Manners of bar codes."""

_QUIET = 10
"""Modules of white that scanners want on either side."""


class NotCodable(Exception):
    """A text that such a code cannot hold."""


def barcode(text: str, kind: str = "code128", height: str = "12mm", *, caption: bool = True) -> Markup:
    """Return a bar code as SVG. Raises NotCodable for a text, a kind or a height that it cannot be drawn with."""
    if kind == "qr":
        return qr(text, height)
    if kind not in KINDS or not _HEIGHT.fullmatch(height):
        raise NotCodable
    modules = _modules(text, kind)
    bars = Markup("").join(
        Markup('<rect x="{}" width="{}" height="100"/>').format(match.start() + _QUIET, len(match[0]))
        for match in re.finditer("1+", modules)
    )
    width = len(modules) + 2 * _QUIET
    drawn = Markup(
        '<svg class="code-bars" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} 100" '
        'preserveAspectRatio="none" role="img" aria-label="{1}" style="width:{2}mm;height:{3}">{4}</svg>'
    ).format(width, text, round(width * 0.33, 2), height, bars)
    below = Markup('<span class="code-text">{}</span>').format(text) if caption else ""
    return Markup('<span class="code">{}{}</span>').format(drawn, below)


def qr(text: str, size: str = "20mm") -> Markup:
    """Return a QR code as SVG. Raises NotCodable for more text than it holds."""
    if not _HEIGHT.fullmatch(size):
        raise NotCodable
    try:
        code = segno.make(text, micro=False, error="m")
    except (segno.DataOverflowError, ValueError) as error:
        raise NotCodable from error
    width, _ = code.symbol_size()
    rects = Markup("").join(
        Markup('<rect x="{}" y="{}" width="{}" height="1"/>').format(match.start(), row, len(match[0]))
        for row, modules in enumerate(code.matrix_iter(border=4))
        for match in re.finditer("1+", "".join(str(int(each)) for each in modules))
    )
    return Markup(
        '<svg class="code-qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" shape-rendering="crispEdges" '
        'role="img" aria-label="{1}" style="width:{2};height:{2}">{3}</svg>'
    ).format(width, text, size, rects)


def _modules(text: str, kind: str) -> str:
    """Return the bars as a row of 1 and 0."""
    from barcode import codex, ean, upc  # noqa: PLC0415 - only where something is drawn
    from barcode.errors import BarcodeError  # noqa: PLC0415

    try:
        match kind:
            case "code39":
                # The library would write small letters large.
                if not _CODE39.fullmatch(text):
                    raise NotCodable
                made = codex.Code39(text, add_checksum=False)
            case "ean13":
                made = ean.EuropeanArticleNumber13(_digits(text, 13))
            case "ean8":
                made = ean.EuropeanArticleNumber8(_digits(text, 8))
            case "upc_a":
                made = upc.UniversalProductCodeA(_digits(text, 12))
            case _:
                made = codex.Code128(text)
        return str(made.build()[0]).replace("G", "1")
    except (BarcodeError, KeyError, ValueError, IndexError) as error:
        raise NotCodable from error


def _digits(text: str, length: int) -> str:
    """Return a number with its check digit, as it is written. Raises NotCodable for a wrong one."""
    if not re.fullmatch(r"\d+", text, re.ASCII) or len(text) != length:
        raise NotCodable
    total = sum(int(each) * (1 if place % 2 == 0 else 3) for place, each in enumerate(reversed(text)))
    if total % 10:
        raise NotCodable
    return text
