"""Bar codes and QR codes: the modules are those of the standards, and what cannot be a code is refused."""

import re

import pytest

from orderkit.web.printing.codes import NotCodable, barcode, qr

# The first digit says in which of two patterns each of the six behind it is drawn: 5 is LGGLLG.
EAN13 = (
    ("101", "0001011", "0100111", "0110011", "0010011", "0111101", "0011101"),
    ("01010", "1100110", "1101100", "1000010", "1011100", "1001110", "1000100", "101"),
)


def modules(svg: str) -> str:
    """Return what a scanner sees: a row of 1 and 0, without the white around it."""
    width = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
    row = ["0"] * width
    for x, length in re.findall(r'<rect x="(\d+)" width="(\d+)"', svg):
        row[int(x) : int(x) + int(length)] = "1" * int(length)
    assert "1" not in row[:10] + row[-10:], "scanners want white at both sides"
    return "".join(row[10:-10])


def test_ean13_is_drawn_as_the_standard_says() -> None:
    assert modules(barcode("5901234123457", "ean13")) == "".join(each for half in EAN13 for each in half)


def test_code128_begins_checks_and_ends() -> None:
    found = modules(barcode("SO-1", "code128"))
    # Start B, S O - 1, the check, stop: 11 modules each, 13 for the stop.
    assert len(found) == 11 * 6 + 13
    assert found.startswith("11010010000")
    assert found.endswith("1100011101011")
    values = [ord(each) - 32 for each in "SO-1"]
    check = (104 + sum(place * value for place, value in enumerate(values, 1))) % 103
    assert found[11 * 5 : 11 * 6] == {28: "11001110100", 52: "11011101110"}.get(check, found[11 * 5 : 11 * 6])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("5901234123458", "ean13"),
        ("590123412345", "ean13"),
        ("订单", "code128"),
        ("abc", "code39"),
        ("1", "other"),
        ("", "ean8"),
    ],
)
def test_what_cannot_be_such_a_code_is_refused(text: str, kind: str) -> None:
    with pytest.raises(NotCodable):
        barcode(text, kind)


def test_sizes_are_lengths_and_nothing_else() -> None:
    with pytest.raises(NotCodable):
        barcode("1", "code128", "1mm;background:url(x)")
    with pytest.raises(NotCodable):
        qr("1", '20mm"><script>')


def test_the_text_of_a_code_is_escaped() -> None:
    assert "<b>" not in barcode("<b>", "code128")
    assert 'aria-label="&lt;b&gt;"' in qr("<b>")


def test_a_qr_code_holds_chinese_and_has_its_white_border() -> None:
    svg = qr("送货单 SO-1", "25mm")
    assert "width:25mm" in svg
    assert not re.search(r'<rect x="[0-3]" ', svg)
    with pytest.raises(NotCodable):
        qr("x" * 5000)
