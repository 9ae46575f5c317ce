"""The comment of a pull request: what a project writes is text in it, and it fits whatever changes."""

import pytest

from orderkit.database.changes.judging import Severity
from orderkit.model.errors import Problem
from orderkit.model.labels import label
from orderkit.plan.formats.markdown import render
from orderkit.plan.values import Area, Consequence, Entry, Manner, Plan

LARGEST_COMMENT = 65_536


def entry(words: str, *, severity: Severity = Severity.SAFE, consequence: str = "") -> Entry:
    return Entry(
        severity=severity,
        area=Area.FORMS,
        subject="order.total",
        manner=Manner.CHANGED,
        words=label(zh=words, en=words),
        consequences=(Consequence(words=label(zh=consequence, en=consequence)),) if consequence else (),
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a | b", "a \\| b"),
        ("`a | b`", "`a \\| b`"),
        ("<script>", "&lt;script&gt;"),
        ("@team look", "&#64;team look"),
        ("`price < 3`", "`price < 3`"),
        ("**bold** [link](x)", "\\*\\*bold\\*\\* \\[link\\](x)"),
        ("one ` alone", "one &#96; alone"),
        ("two\nlines", "two lines"),
        ("</details>", "&lt;/details&gt;"),
    ],
)
def test_what_a_project_writes_is_no_markup(text: str, written: str) -> None:
    told = render(Plan(project="shop", entries=(entry(text),)), "en")
    assert f"| `~` | {written} |" in told


def test_a_comment_of_a_great_change_still_fits_and_says_what_is_left_out() -> None:
    refusals = (Problem(path="order", code="dropped", message=label(zh="不可以", en="no")),)
    many = tuple(
        entry(f"field {number} changes", severity=severity, consequence="affects " + "x" * 60)
        for severity in sorted(Severity, reverse=True)
        for number in range(1000)
    )
    sql = {"postgresql": tuple(f"ALTER TABLE t ADD COLUMN c{number} TEXT;" for number in range(1000))}
    told = render(Plan(project="shop", entries=many, refusals=refusals, sql=sql), "en")
    assert len(told) < LARGEST_COMMENT
    assert told.count("<details") == told.count("</details>") == 5
    assert "(1000)" in told
    assert "1000 more; `--format json` shows all" in told
    assert told.rstrip().endswith("- no")
    # The heaviest have the room.
    assert told.index("field 0 changes") < told.index("Safe (1000)")
