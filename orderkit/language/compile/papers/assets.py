"""The stamp and the font of a document: files of the project that are no text, looked at as far as it takes."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from hashlib import sha256

from orderkit.language.compile.papers.fonts import NotAFont, characters_of
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.expressions import Scope
from orderkit.language.findings import ERROR, WARNING, Code, did_you_mean
from orderkit.language.source import Node
from orderkit.language.source.directory import ASSETS, MOST_ASSET_BYTES
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import papers as words
from orderkit.model.exchange.papers import Asset, Stamp
from orderkit.model.labels import Label, label

WRONG_ASSET = Code(
    "OK8607",
    "print-asset",
    ERROR,
    since="0.1",
    explain="""
    A print names a stamp or a font that the project does not have, that is something else than its name says, or
    that is too large: stamps are PNG or JPEG of at most 256 KB, fonts TrueType or OpenType of at most 24 MB, both
    below `assets/`.
    ~~~yaml bad
    print: note
    for: order
    template: note.html
    stamp: assets/stamp.png
    # note.html
    {{ name }}{{ document.stamp }}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    print: note
    for: order
    template: note.html
    # note.html
    {{ name }}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="打印引用的印章或字体项目里没有，或内容与文件名不符，或太大：印章为不超过 256 KB 的 PNG 或 JPEG，字体为不超过 24 MB 的 TrueType 或 OpenType，都放在 `assets/` 下。",
)
STAMP_NOWHERE = Code(
    "OK8608",
    "stamp-nowhere",
    WARNING,
    since="0.1",
    explain="""
    A print has a stamp, and its template says nowhere where it stands: write `{{ document.stamp }}` where people
    sign.
    """,
    zh="打印有印章，而模板没有说盖在哪里：请在签名处写 `{{ document.stamp }}`。",
)
FONT_LACKS = Code(
    "OK8609",
    "font-lacks-characters",
    WARNING,
    since="0.1",
    explain="""
    The font of a print has no glyphs for characters that stand in its template, or for Chinese that its values are
    made of. They are drawn in another font where the machine has one, and look unlike the rest.
    """,
    zh="打印所用的字体里没有模板中的某些字，或没有数据里会出现的中文。这些字会用机器上的别的字体画出，与其余的不一样。",
)

_PICTURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
MOST_STAMP_BYTES = 256 * 1024
_FONT_TYPE = "font/sfnt"
# Of amounts, days and names: a font without these draws no Chinese document.
_CHINESE = "年月日元角分整零壹贰叁肆伍陆柒捌玖拾佰仟万亿公司有限的"
_SHOWN = 8
_MARKUP = re.compile(r"<style.*?</style>|<[^>]*>|\{[{%#].*?[}%#]\}", re.DOTALL | re.IGNORECASE)


def lower_stamp(lowering: Lowering, written: Written, scope: Scope, texts: Iterable[str]) -> Stamp | None:
    """Return the stamp of a print whose templates these texts are."""
    stamp = written[words.STAMP]
    if stamp is None or words.STAMP_IMAGE not in stamp:
        return None
    node = stamp.value_of(words.STAMP_IMAGE)
    when = lowering.checking.condition(stamp[words.STAMP_WHEN], scope)
    found = _bytes(lowering, stamp[words.STAMP_IMAGE], node, MOST_STAMP_BYTES)
    if found is None:
        return None
    path, data = found
    media_type = next((kind for mark, kind in _PICTURES if data.startswith(mark)), None)
    if media_type is None:
        _wrong(lowering, node, path, zh="不是 PNG 或 JPEG 图片", en="is no PNG or JPEG picture")
        return None
    if not any("document.stamp" in each for each in texts):
        lowering.reading.report(
            STAMP_NOWHERE,
            written.key_of(words.STAMP),
            label(zh="模板没有说印章盖在哪里", en="the template says nowhere where the stamp stands"),
            label(
                zh="在签名处写 `{{ document.stamp }}`", en="write `{{ document.stamp }}` where people sign"
            ),
        )
    width = stamp[words.STAMP_WIDTH] or words.STAMP_WIDTH.default
    return Stamp(image=_asset(path, data, media_type), width_mm=Decimal(width.removesuffix("mm")), when=when)


def lower_font(lowering: Lowering, written: Written, texts: Iterable[str]) -> Asset | None:
    """Return the font of a print whose templates these texts are."""
    if words.FONT not in written:
        return None
    node = written.value_of(words.FONT)
    found = _bytes(lowering, written[words.FONT], node, MOST_ASSET_BYTES)
    if found is None:
        return None
    path, data = found
    try:
        has = characters_of(data)
    except NotAFont:
        _wrong(
            lowering, node, path, zh="不是 TrueType 或 OpenType 字体", en="is no TrueType or OpenType font"
        )
        return None
    is_chinese = any(each.startswith("zh") for each in lowering.compilation.settings.locales)
    wanted = {each for text in texts for each in _MARKUP.sub(" ", text)} | set(_CHINESE if is_chinese else "")
    missing = sorted(each for each in wanted if each.isprintable() and not each.isspace() and not has(each))
    if missing:
        shown = " ".join(missing[:_SHOWN]) + (" …" if len(missing) > _SHOWN else "")
        lowering.reading.report(
            FONT_LACKS,
            node,
            label(zh=f"`{path}` 里没有这些字：{shown}", en=f"`{path}` has no glyphs for {shown}"),
            label(
                zh="换一个字全的字体，例如思源黑体", en="take a font that has them, such as Source Han Sans"
            ),
        )
    return _asset(path, data, _FONT_TYPE)


def by_digest(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the assets among the files of a project, by the SHA-256 that the model knows them by."""
    return {sha256(data).hexdigest(): data for path, data in files.items() if path.startswith(ASSETS)}


def _bytes(lowering: Lowering, path: str | None, node: Node, most: int) -> tuple[str, bytes] | None:
    if path is None:
        return None
    assets = lowering.compilation.named.assets
    if path not in assets:
        near = did_you_mean(path, assets)
        lowering.reading.report(
            WRONG_ASSET,
            node,
            label(zh=f"项目里没有文件 `{path}`", en=f"the project has no file `{path}`"),
            near or label(zh=f"把它放进 `{ASSETS}`", en=f"put it into `{ASSETS}`"),
        )
        return None
    if len(assets[path]) > most:
        _wrong(lowering, node, path, zh=f"超过 {most // 1024} KB", en=f"has more than {most // 1024} KB")
        return None
    return path, assets[path]


def _wrong(lowering: Lowering, node: Node, path: str, *, zh: str, en: str) -> None:
    headline: Label = label(zh=f"`{path}` {zh}", en=f"`{path}` {en}")
    lowering.reading.report(WRONG_ASSET, node, headline, label(zh="换一个文件", en="take another file"))


def _asset(path: str, data: bytes, media_type: str) -> Asset:
    return Asset(path=path, digest=sha256(data).hexdigest(), media_type=media_type)
