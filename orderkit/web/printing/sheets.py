"""The document around what a template writes: one HTML file that loads nothing, with the rules of its sheet."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from markupsafe import Markup

from orderkit.model.exchange.papers import Print
from orderkit.model.labels import Label, label, text_of

_FONTS = (
    '"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",'
    '"WenQuanYi Micro Hei","WenQuanYi Zen Hei",sans-serif'
)
_OWN_FONT = "of this document"
# In millimetres: a label has hardly any margin, continuous paper its holes at both sides.
_LABEL = (120, "2mm", False)
_CONTINUOUS = 241
_LOW = 150
_ONLY_PREVIEW = label(
    zh="这是预览。请用页面上的“打印”按钮打印。",
    en="This is a preview. Use the page's “Print” button to print it.",
)
_PAGE = label(
    zh='"第 " counter(page) " 页，共 " counter(pages) " 页"', en='"Page " counter(page) " of " counter(pages)'
)

_BASIC = """
*{box-sizing:border-box}
html{font:10pt/1.45 %(fonts)s;color:#111;-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{margin:0}
.sheet{break-after:page;position:relative}
.sheet:last-child{break-after:auto}
h1{font-size:17pt;line-height:1.25;margin:0 0 3mm;text-align:center;letter-spacing:.08em}
h2{font-size:12pt;line-height:1.3;margin:5mm 0 2mm}
p{margin:0 0 2mm}
table{width:100%%;border-collapse:collapse}
thead{display:table-header-group}
tfoot{display:table-row-group;break-before:avoid}
tr,img,svg,.keep{break-inside:avoid}
th,td{padding:1.2mm 1.6mm;text-align:left;vertical-align:top}
h1,h2,h3{break-after:avoid}
.grid th,.grid td{border:.25mm solid #444}
.grid th{background:#f1f2f4;font-weight:600}
.rows th{border-top:.4mm solid #222;border-bottom:.25mm solid #222;font-weight:600}
.rows td{border-bottom:.15mm solid #ccc}
.rows tfoot td{border-top:.3mm solid #222;border-bottom:0}
.number,.rows .number,.grid .number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.center{text-align:center}
.right{text-align:right}
.nowrap{white-space:nowrap}
.quiet{color:#555}
.small{font-size:8.5pt}
.strong{font-weight:700}
.columns{display:flex;gap:6mm}
.columns>*{flex:1;min-width:0}
.facts td,.facts th{padding:.8mm 1.6mm .8mm 0;vertical-align:top}
.facts th{font-weight:400;color:#555;white-space:nowrap;width:1%%}
.sign{display:flex;gap:10mm;margin-top:8mm;break-inside:avoid}
.sign>*{flex:1;position:relative;min-height:18mm}
.stamp{position:absolute;left:18mm;top:-8mm;opacity:.85}
.cell{position:absolute;padding:2mm;overflow:hidden}
.code{display:inline-block;text-align:center}
.code-bars,.code-qr{display:block}
.code-text{display:block;font-size:8pt;letter-spacing:.1em}
.code-none{border:.2mm dashed #999;padding:0 1mm}
"""
_ON_SCREEN = """
@media screen{
html{background:#e8eaed}
.sheet{background:#fff;width:%(width)smm;min-height:%(height)smm;margin:6mm auto;padding:%(margin)s;box-shadow:0 .3mm 2mm rgba(0,0,0,.22);overflow:hidden}
}
"""
_NO_PRINTING = """
.only-preview{display:none}
@media print{.sheet{display:none}.only-preview{display:block}}
"""


def document(
    printed: Print,
    parts: Iterable[str],
    *,
    title: str,
    locale: str,
    font: str = "",
    is_preview: bool = False,
) -> str:
    """Return the whole HTML. Each of the parts begins on a sheet of its own; a preview refuses to be printed.

    `font` is the address of the document's own font, if it has one.
    """
    margin, has_pages = margin_of(printed)
    fonts = f'"{_OWN_FONT}",{_FONTS}' if font else _FONTS
    own = f'@font-face{{font-family:"{_OWN_FONT}";src:url("{font}")}}' if font else ""
    facts = {
        "fonts": fonts,
        "width": _plain(printed.width_mm),
        "height": _plain(printed.height_mm),
        "margin": margin,
    }
    numbers = f"@bottom-center{{content:{text_of(_PAGE, locale)};font:8pt {fonts};color:#666}}"
    page = (
        f"@page{{size:{facts['width']}mm {facts['height']}mm;margin:{margin};{numbers if has_pages else ''}}}"
    )
    style = own + page + _BASIC % facts + _ON_SCREEN % facts + (_NO_PRINTING if is_preview else "")
    sheets = "\n".join(f'<section class="sheet">{each}</section>' for each in _on_sheets(printed, parts))
    note = _said(_ONLY_PREVIEW, locale) if is_preview else ""
    return (
        f'<!doctype html>\n<html lang="{Markup.escape(locale)}"><head><meta charset="utf-8">'
        f"<title>{Markup.escape(title)}</title><style>{style}</style></head>"
        f"<body>{sheets}{note}</body></html>\n"
    )


def documents(
    printed: Print, parts: Sequence[str], *, title: str, locale: str, font: str = ""
) -> Sequence[str]:
    """Return the HTML of each part, so that each counts its own pages; one for all where they share sheets."""
    alone = [list(parts)] if printed.columns * printed.rows > 1 else [[each] for each in parts]
    return [document(printed, some, title=title, locale=locale, font=font) for some in alone]


def _on_sheets(printed: Print, parts: Iterable[str]) -> Iterable[str]:
    """Return what stands on each sheet: one part, or as many as it has cells, filled row by row."""
    if printed.columns * printed.rows == 1:
        return parts
    width, height = printed.width_mm / printed.columns, printed.height_mm / printed.rows

    def cell(number: int, part: str) -> str:
        row, column = divmod(number, printed.columns)
        place = f"left:{width * column:.2f}mm;top:{height * row:.2f}mm"
        return f'<div class="cell" style="{place};width:{width:.2f}mm;height:{height:.2f}mm">{part}</div>'

    waiting, most = list(parts), printed.columns * printed.rows
    return [
        "".join(cell(*each) for each in enumerate(waiting[start : start + most]))
        for start in range(0, len(waiting), most)
    ]


def margin_of(printed: Print) -> tuple[str, bool]:
    """Return the margin of the sheets, and whether they are numbered."""
    largest, margin, has_pages = _LABEL
    if printed.columns * printed.rows > 1:
        return "0", False
    if printed.width_mm <= largest and printed.height_mm <= largest:
        return margin, has_pages
    if printed.width_mm == _CONTINUOUS:
        return "5mm 16mm 7mm", True
    if printed.height_mm <= _LOW:
        return "8mm 10mm 10mm", True
    return "14mm 15mm 16mm", True


def paper_of(printed: Print) -> str:
    """Return what a sheet measures, as people read it."""
    return f"{_plain(printed.width_mm)} × {_plain(printed.height_mm)} mm"


def _plain(length: Decimal) -> str:
    text = f"{length:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _said(text: Label, locale: str) -> str:
    return f'<p class="only-preview">{Markup.escape(text_of(text, locale))}</p>'
