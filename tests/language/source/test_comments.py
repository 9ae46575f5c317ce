"""Which characters of a file are a comment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.language.source import SourceText
from orderkit.language.source.comments import comments_of


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("# a\nb: c  # d\n", ["# a", "# d"]),
        ("a: b#c\n", []),
        ("a: 'b # c'  # d\n", ["# d"]),
        ('a: "b # c\n  # d"  # e\n', ["# e"]),
        ("a: | # b\n  # c\n\n  # d\n# e\n", ["# b", "# e"]),
        ("a: {b: c, # d\n  e: f} # g\n", ["# d", "# g"]),
        ("a: >-\n  b\n   # c\nd: e # f", ["# f"]),
        ("a: b # 客户\r\n# c\r\n", ["# 客户", "# c"]),
        ("\ufeff# a\n", ["# a"]),
        ("a: [ # b\n# c\nd: }\n# e\n", ["# b", "# c"]),
        ("#\n#a # b\n", ["#", "#a # b"]),
    ],
)
def test_a_comment_is_what_yaml_takes_for_one(text: str, comments: list[str]) -> None:
    assert [comment.text for comment in comments_of(SourceText("a.yaml", text))] == comments


@given(st.text(st.sampled_from("ab #'\"\n:|-{}[],\t客"), max_size=60))
def test_no_text_makes_it_stumble(text: str) -> None:
    source = SourceText("a.yaml", text)
    for comment in comments_of(source):
        assert comment.text.startswith("#")
        assert "\n" not in comment.text
        before = text[: comment.start].rpartition("\n")[2]
        assert comment.is_alone is (not before.strip())
