"""Whatever stands in a template, checking it ends with findings or without, and runs nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.language.findings import Finding
from tests.language.examples import compiled

FILES = {
    "note.yaml": "print: note\nfor: order\ntemplate: note.html\n",
    "order.yaml": "form: order\nfields: {name: {type: text}, lines: {type: lines, fields: {qty: {type: integer}}}}\n",
}
PIECES = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "for",
    "in",
    "if",
    "else",
    "endif",
    "endfor",
    "set",
    "macro",
    "endmacro",
    "call",
    "block",
    "name",
    "lines",
    "line",
    "line.qty\n",
    "this.lines[0]",
    "|",
    "first",
    "|length",
    "(",
    ")",
    "[",
    "]",
    "'",
    '"',
    "=",
    "==",
    "1",
    "~",
    ".",
    ",",
    "include",
    "extends",
    "import",
    "\\n",
    "客户",
    "<p>",
    "-",
    "_x",
    "with",
    "raw",
    "endraw",
]


def findings(template: str) -> tuple[Finding, ...]:
    return compiled({**FILES, "note.html": template}).found


@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_template_is_checked_to_an_end(template: str) -> None:
    for finding in findings(template):
        assert finding.path == "note.html"
        assert finding.span.line <= template.count("\n") + 1


@pytest.mark.parametrize(
    "template",
    [
        "{{ " + "(" * 3000 + "name" + ")" * 3000 + " }}",
        "{{ name" + ".x" * 5000 + " }}",
        "{% if name %}" * 3000,
    ],
    ids=["brackets", "parts", "blocks"],
)
def test_a_template_that_is_nested_without_end_is_a_finding(template: str) -> None:
    assert [finding.code.id for finding in findings(template)] == ["OK8601"]


def test_checking_a_template_runs_nothing_of_it() -> None:
    endless = "{% for a in range(10**12) %}{% for b in range(10**12) %}{{ 9**9**9 }}{% endfor %}{% endfor %}"
    assert findings(endless) == ()
