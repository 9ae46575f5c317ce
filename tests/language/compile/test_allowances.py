"""`# orderkit: allow CODE reason`: what it allows, and what is found where it does not."""

import pytest

from orderkit.language.findings.edits import edited, safe_fixes
from tests.language.examples import compiled

FORM = "form: customer\n{above}label: Customer #1{beside}\nfields: {{name: {{type: text}}}}\n"
ABOVE = "# orderkit: allow OK1102 a remark\n"


def found_in(text: str) -> list[tuple[str, int]]:
    return [(each.code.id, each.span.line) for each in compiled({"a.yaml": text}).found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (FORM.format(above="", beside=""), [("OK1102", 2)]),
        (FORM.format(above=ABOVE, beside=""), []),
        (FORM.format(above="#orderkit:allow OK1102 a remark\n", beside=""), []),
        (FORM.format(above="# orderkit: allow OK1102\n", beside=""), [("OK9901", 2)]),
        (FORM.format(above="# orderkit: allow OK1004 a remark\n" + ABOVE, beside=""), [("OK9900", 2)]),
        (FORM.format(above=ABOVE + "# orderkit: allow OK1004 a remark\n", beside=""), [("OK9900", 3)]),
        (FORM.format(above=ABOVE * 2, beside=""), [("OK9900", 3)]),
        (FORM.format(above=ABOVE + "\n", beside=""), [("OK1102", 4), ("OK9900", 2)]),
        (FORM.format(above=ABOVE + "# a comment\n", beside=""), [("OK1102", 4), ("OK9900", 2)]),
        (FORM.format(above="# orderkit: allow OK9876 why\n", beside=""), [("OK1102", 3), ("OK9902", 2)]),
        (FORM.format(above="# orderkit: allow\n", beside=""), [("OK1102", 3), ("OK9902", 2)]),
        (FORM.format(above="# orderkit: allow OK9900 why\n", beside=""), [("OK1102", 3), ("OK9903", 2)]),
        ("form: a\nfields: {n: {type: text}}\nhelp: '# orderkit: allow OK1102 x'\n", [("OK1201", 3)]),
        (
            "form: a\nfields: {n: {type: text, hlp: x}} # orderkit: allow OK1201 why\n",
            [("OK1201", 2), ("OK9903", 2)],
        ),
        (
            "form: a\n# orderkit: allow OK1102 hidden by the error\nfields: {n: {type: text, hlp: x}}\n",
            [("OK1201", 3)],
        ),
    ],
)
def test_what_a_comment_allows(text: str, found: list[tuple[str, int]]) -> None:
    assert sorted(found_in(text)) == found


def test_behind_a_value_it_allows_what_is_found_on_its_line() -> None:
    text = "\ufeffform: a{beside}\nfields: {{n: {{type: text}}}}\n"
    assert found_in(text.format(beside="")) == [("OK1004", 1)]
    assert found_in(text.format(beside=" # orderkit: allow OK1004 an old tool reads it")) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"form: a\n{ABOVE}fields: {{n: {{type: text}}}}\n", "form: a\nfields: {n: {type: text}}\n"),
        (
            "form: a\r\nfields: {n: {type: text}}   # orderkit: allow OK1102 x\r\n",
            "form: a\r\nfields: {n: {type: text}}\r\n",
        ),
        (FORM.format(above=ABOVE * 2, beside=""), FORM.format(above=ABOVE, beside="")),
        (
            FORM.format(above="# orderkit: allow hash-in-text a remark\n", beside=""),
            FORM.format(above=ABOVE, beside=""),
        ),
    ],
)
def test_a_comment_that_allows_nothing_goes_with_a_safe_fix(before: str, after: str) -> None:
    found = compiled({"a.yaml": before}).found
    edits = [
        edit
        for fix in safe_fixes(each for each in found if each.code.id.startswith("OK99"))
        for edit in fix.edits
    ]
    assert edited(before, edits) == after
    assert compiled({"a.yaml": after}).found == ()
