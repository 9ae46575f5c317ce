"""The lines of a finding: underlined character by character, however wide and however long they are."""

import pytest

from orderkit.language.findings import Span
from orderkit.language.findings.formats.frames import frame, visible, where, width


@pytest.mark.parametrize(
    ("lines", "span", "drawn"),
    [
        (["a: b"], (1, 4, 1, 5), [" 1 | a: b", "   |    ^"]),
        (["客户: 名"], (1, 5, 1, 6), [" 1 | 客户: 名", "   |       ^^"]),
        (["\tx"], (1, 2, 1, 3), [" 1 |  x", "   |  ^"]),
        (["e\u0301: x"], (1, 5, 1, 6), [" 1 | e\u0301: x", "   |    ^"]),
        (["a"], (1, 2, 1, 3), [" 1 | a", "   |  ^"]),
        (
            ["a: |", "  b", "  c"],
            (1, 4, 3, 4),
            [" 1 | a: |", "   |    ^", " 2 |   b", "   |   ^", " 3 |   c", "   |   ^"],
        ),
        (
            ["a:", "  b", "", "  d", "  e", "  f"],
            (1, 1, 6, 4),
            [" 1 | a:", "   | ^^", "   …", " 6 |   f", "   |   ^"],
        ),
        (["a", "", "c"], (1, 1, 3, 2), [" 1 | a", "   | ^", " 2 |", " 3 | c", "   | ^"]),
    ],
)
def test_the_very_characters_are_underlined(
    lines: list[str], span: tuple[int, int, int, int], drawn: list[str]
) -> None:
    assert frame(lines, Span("a.yaml", *span)) == drawn


def test_numbers_of_lines_stand_below_each_other() -> None:
    lines = [""] * 8 + ["a: {", "  b: 1}"]
    assert frame(lines, Span("a.yaml", 9, 4, 10, 8), "here") == [
        "  9 | a: {",
        "    |    ^",
        " 10 |   b: 1}",
        "    |   ^^^^^ here",
    ]


def test_a_terminal_gives_a_chinese_character_two_cells_and_an_accent_none() -> None:
    assert [width(text) for text in ("ab", "客户", "e\u0301", "\u200b")] == [2, 4, 1, 0]


def test_a_very_long_line_is_cut_to_what_lies_around_the_place() -> None:
    for column in (1, 200, 5000, 9990):
        line = "-" * (column - 1) + "XY" + "-" * (10_000 - column)
        shown, mark = frame([line], Span("a.yaml", 1, column, 1, column + 2))
        assert len(shown) < 420
        assert shown[mark.index("^")] == "X"
        assert mark.endswith("^^")


def test_nothing_of_a_file_or_its_name_reaches_the_terminal_as_an_order() -> None:
    assert visible("a\x1b[31m\x07\x9b\n") == "a␛[31m␇\ufffd␊"
    (shown, _) = frame(["a: \x1b]0;x"], Span("a.yaml", 1, 1, 1, 2))
    assert "\x1b" not in shown
    assert where(Span("a\n\x1b.yaml", 1, 1, 1, 2)) == "a␊␛.yaml:1:1"
