"""Stamps and fonts of documents: looked at by what they are, and known to the model by their bytes."""

import io

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from orderkit.language.compile.papers.assets import MOST_STAMP_BYTES, by_digest
from orderkit.language.source.directory import MOST_ASSET_BYTES, is_asset, is_source, read_directory
from orderkit.model.exchange.papers import assets_of
from tests.language.examples import compiled

PNG = b"\x89PNG\r\n\x1a\n rest"
ORDER = "form: order\nfields: {name: {type: text}, total: {type: money}}\n"
DIGITS = "".join(map(chr, range(32, 127)))
CHINESE = "年月日元角分整零壹贰叁肆伍陆柒捌玖拾佰仟万亿公司有限的送货单"


def font(characters: str) -> bytes:
    """Return a font that draws each of these characters as a square."""
    builder = FontBuilder(1000, isTTF=True)
    names = {ord(each): f"u{ord(each):X}" for each in characters}
    pen = TTGlyphPen(None)
    for point, draw in (
        ((0, 0), pen.moveTo),
        ((0, 800), pen.lineTo),
        ((800, 800), pen.lineTo),
        ((800, 0), pen.lineTo),
    ):
        draw(point)
    pen.closePath()
    square = pen.glyph()
    glyphs = [".notdef", *names.values()]
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap(names)
    builder.setupGlyf(dict.fromkeys(glyphs, square))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    made = io.BytesIO()
    builder.save(made)
    return made.getvalue()


def found(print_: str, template: str = "{{ name }}{{ document.stamp }}", **assets: bytes):
    files = {f"assets/{name.replace('_', '.')}": data for name, data in assets.items()}
    outcome = compiled(
        {
            "note.yaml": f"print: note\nfor: order\ntemplate: note.html\n{print_}\n",
            "note.html": template,
            "order.yaml": ORDER,
            **files,
        }
    )
    return [(each.code.id, each.headline["en"]) for each in outcome.found], outcome.value


@pytest.mark.parametrize(
    ("print_", "data", "told"),
    [
        ("stamp: assets/stamp.pn", PNG, ("OK8607", "no file `assets/stamp.pn`")),
        ("stamp: ../stamp.png", PNG, ("OK8607", "no file `../stamp.png`")),
        ("stamp: assets/stamp.png", b"<svg onload='x()'/>", ("OK8607", "is no PNG or JPEG picture")),
        ("stamp: assets/stamp.png", PNG + bytes(MOST_STAMP_BYTES), ("OK8607", "has more than 256 KB")),
        ("stamp: {image: assets/stamp.png, when: totl > 0}", PNG, ("OK3003", "totl")),
        ("stamp: {image: assets/stamp.png, width: 4cm}", PNG, ("OK1206", "`4cm` is not a width")),
    ],
)
def test_a_stamp_that_cannot_be_printed_is_found(print_: str, data: bytes, told: tuple[str, str]) -> None:
    ((code, headline),), _ = found(print_, stamp_png=data)
    assert (code, told[1] in headline) == (told[0], True), headline


def test_a_stamp_is_known_by_its_bytes_and_has_to_stand_somewhere() -> None:
    findings, project = found("stamp: {image: assets/stamp.png, when: total > 0}", stamp_png=PNG)
    assert findings == []
    (asset,) = assets_of(project.prints)
    assert by_digest({"assets/stamp.png": PNG, "note.html": b""}) == {asset.digest: PNG}
    assert asset.media_type == "image/png"
    other = found("stamp: assets/stamp.png", stamp_png=PNG + b"!")[1]
    assert assets_of(other.prints)[0].digest != asset.digest
    assert found("stamp: assets/stamp.png", "{{ name }}", stamp_png=PNG)[0][0][0] == "OK8608"


@pytest.mark.parametrize(
    ("characters", "template", "told"),
    [
        (DIGITS + CHINESE, "送货单 {{ name }}", None),
        (DIGITS, "Note {{ name }}", "公 壹 年"),
        (DIGITS + CHINESE, "<h1>龘</h1> {{ name }}", "for 龘"),
        (DIGITS + CHINESE + "\U00020bb7", "\U00020bb7\U00020bb8", "for \U00020bb8"),
        (DIGITS + CHINESE, "<style>/* 龘 */</style>{# 龘 #}{{ name }}", None),
    ],
)
def test_a_font_without_the_characters_of_its_document_is_found(
    characters: str, template: str, told: str | None
) -> None:
    findings, _ = found("font: assets/own.ttf", template, own_ttf=font(characters))
    assert [code for code, _ in findings] == (["OK8609"] if told else [])
    assert not told or any(set(told.removeprefix("for ").split()) & set(each) for _, each in findings)


@pytest.mark.parametrize(
    "data", [b"", b"OTTO", b"wOF2" + bytes(100), font("a")[:200], b"\0\1\0\0" + b"\xff" * 99]
)
def test_what_is_no_font_is_found(data: bytes) -> None:
    assert [code for code, _ in found("font: assets/own.ttf", "{{ name }}", own_ttf=data)[0]] == ["OK8607"]


def test_only_assets_of_their_folder_are_read_and_never_without_end(tmp_path) -> None:
    for name in ("assets/a.png", "photo.png", "assets/a.svg", "docs/b.ttf"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(PNG)
    with (tmp_path / "assets" / "large.ttf").open("wb") as file:
        file.truncate(MOST_ASSET_BYTES + 1000)
    read = read_directory(tmp_path)
    assert set(read) == {"assets/a.png", "assets/large.ttf"}
    assert len(read["assets/large.ttf"]) == MOST_ASSET_BYTES + 1
    assert is_source("assets/a.png")
    assert not is_asset("photo.png")
