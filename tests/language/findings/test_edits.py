"""Edits of text: applied together, from the end; what lies outside of them never changes."""

from hypothesis import given
from hypothesis import strategies as st

from orderkit.language.findings import ERROR, Code, Finding, Fix, Span, TextEdit
from orderkit.language.findings.edits import edited, safe_fixes
from orderkit.language.source import SourceText
from orderkit.model.labels import label

CODE = Code("OK9999", "any", ERROR, since="0.1", explain="Prose.", zh="说明。")
TEXTS = st.text(st.sampled_from("ab客 \n\r#:"), max_size=40)


@st.composite
def text_and_edits(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, str]]]:
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), unique=True, max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return text, [(start, end, draw(TEXTS)) for start, end in pairs]


@given(text_and_edits(), st.sampled_from(["", "\ufeff"]))
def test_what_lies_outside_of_the_edits_stays(
    case: tuple[str, list[tuple[int, int, str]]], mark: str
) -> None:
    text, parts = case
    source = SourceText("a.yaml", text)
    wanted, at = mark, 0
    for start, end, new in parts:
        wanted += text[at:start] + new
        at = end
    assert edited(mark + text, [source.edit(*part) for part in parts]) == wanted + text[at:]


def test_of_fixes_that_touch_each_other_the_first_is_taken() -> None:
    def finding(start: int, end: int) -> Finding:
        edit = TextEdit(Span("a.yaml", 1, start, 1, end), "x")
        return Finding(
            code=CODE,
            span=edit.span,
            headline=label(zh="", en=""),
            fix=Fix(title=label(zh="", en=""), edits=(edit,)),
        )

    first, second, third = finding(1, 4), finding(3, 6), finding(8, 9)
    assert safe_fixes([first, second, third]) == (first.fix, third.fix)
