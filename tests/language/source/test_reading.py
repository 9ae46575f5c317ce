"""Reading YAML: what is refused, where it is said to stand, and what nodes know of their places."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.language.findings import Severity
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode, load_file
from orderkit.language.source.decoding import MAX_BYTES


def found(data: bytes | str) -> list[tuple[str, int, int]]:
    """Return code, line and column of each finding."""
    outcome = load_file("f.yaml", data.encode() if isinstance(data, str) else data)
    return [(finding.code.name, finding.span.line, finding.span.column) for finding in outcome.found]


def document(text: str) -> Node:
    """Return the only document of a text without faults."""
    outcome = load_file("f.yaml", text.encode())
    assert not outcome.found
    assert outcome.value is not None
    return outcome.value.documents[0]


def values(node: Node) -> object:
    """Return a node as plain texts, lists and dicts."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return [values(item) for item in node.items]
    return {key.text: values(value) for key, value in node.entries}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param("", [("empty-file", 1, 1)], id="an empty file"),
        pytest.param("# nothing\n\n", [("empty-file", 1, 1)], id="a file of comments"),
        pytest.param("---\n", [("empty-file", 1, 1)], id="an empty document"),
        pytest.param(
            b"\xef\xbb\xbfa: b", [("byte-order-mark", 1, 1)], id="a byte-order mark is only a warning"
        ),
        pytest.param("a: b".encode("utf-16"), [("not-utf8", 1, 1)], id="UTF-16"),
        pytest.param("标签: 客户".encode("gbk"), [("not-utf8", 1, 1)], id="GBK"),
        pytest.param(
            "a: b\nc: 中".encode() + b"\xff", [("not-utf8", 2, 5)], id="a stray byte, placed by characters"
        ),
        pytest.param(b"a: \x00", [("control-character", 1, 4)], id="NUL"),
        pytest.param(
            "a: b\nc: \u2028d", [("control-character", 2, 4)], id="a line break that YAML 1.2 does not know"
        ),
        pytest.param("a: b\n\tc: d", [("tab", 2, 1)], id="a tab that indents"),
        pytest.param("a:\tb", [("tab", 1, 3)], id="a tab behind a colon"),
        pytest.param("a: b # c\td", [], id="a tab in a comment"),
        pytest.param('a: "b\tc"', [], id="a tab in quotes"),
        pytest.param("a: |\n  b\tc\n", [], id="a tab in a block text"),
        pytest.param("a: 1\nb: 2\na: 3", [("duplicate-key", 3, 1)], id="a key twice"),
        pytest.param("{a: {b: 1, b: 2}}", [("duplicate-key", 1, 12)], id="a key twice in a flow map"),
        pytest.param("[a, b]: c", [("key-not-text", 1, 1)], id="a list as key"),
        pytest.param("{? {a: b} : c}", [("key-not-text", 1, 4)], id="a map as key"),
        pytest.param("~: c", [("key-not-text", 1, 1)], id="an empty key"),
        pytest.param("a: {<<: {b: c}}", [("merge-key", 1, 5)], id="a merge key"),
        pytest.param('a: {"<<": b}', [], id="a quoted key that looks like one"),
        pytest.param("a: *b", [("unknown-alias", 1, 4)], id="an alias of nothing"),
        pytest.param("a: &a {b: *a}", [("unknown-alias", 1, 11)], id="an alias of what it stands in"),
        pytest.param("a: &b c\nd: *b", [], id="an alias"),
        pytest.param("a: !!str b", [("tag", 1, 4)], id="a tag"),
        pytest.param("a: b\n---\nc: d", [("several-documents", 3, 1)], id="two objects in a file"),
        pytest.param("a: {b: c", [("yaml-syntax", 1, 4)], id="an open bracket, placed where it opens"),
        pytest.param("a: 'b", [("yaml-syntax", 1, 4)], id="an open quote, placed where it opens"),
        pytest.param("a：b\nc: d", [("yaml-syntax", 1, 2)], id="a full-width colon, placed where it stands"),
        pytest.param("a: b: c", [("yaml-syntax", 1, 5)], id="two colons"),
        pytest.param(
            "x: {by: manager_of(owner, 2)}", [("comma-in-brackets", 1, 9)], id="a comma in a call in a map"
        ),
        pytest.param(
            "x: [manager_of(owner, 2), b]", [("comma-in-brackets", 1, 5)], id="a comma in a call in a list"
        ),
        pytest.param("t: {number} {name}", [("begins-with-indicator", 1, 4)], id="a template without quotes"),
        pytest.param("w: > 5", [("begins-with-indicator", 1, 4)], id="a condition that begins with >"),
        pytest.param("l: @a", [("begins-with-indicator", 1, 4)], id="a text that begins with @"),
        pytest.param("l: `a`", [("begins-with-indicator", 1, 4)], id="a text that begins with a backtick"),
        pytest.param("l: %a", [("begins-with-indicator", 1, 4)], id="a text that begins with %"),
        pytest.param("l: 订单 #1", [("hash-in-text", 1, 7)], id="a hash in a text"),
        pytest.param("l: 订单 # 1", [], id="a comment"),
        pytest.param("l: '订单 #1'", [], id="a hash in quotes"),
    ],
)
def test_what_misleads_is_found_where_it_stands(
    data: bytes | str, expected: list[tuple[str, int, int]]
) -> None:
    assert found(data) == expected


def test_a_file_that_is_too_large_is_not_read() -> None:
    assert found(b"a: " + b"x" * MAX_BYTES) == [("file-too-large", 1, 1)]


def test_deep_nesting_is_cut_off() -> None:
    assert found("[" * 5000) == [("too-deep", 1, 41)]
    assert found("a: " * 5000)[0][0] == "yaml-syntax"


def test_an_alias_bomb_is_found_and_costs_nothing() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    codes = {name for name, _, _ in found("\n".join(lines))}
    assert codes == {"alias-bomb"}


def test_scalars_stay_what_was_written() -> None:
    text = "on: yes\nno: 0012\nx: 1.10\ny: 2026-01-01\nz: 'it''s'\nw: \"a\\tb\"\nv: ~\n"
    assert values(document(text)) == {
        "on": "yes",
        "no": "0012",
        "x": "1.10",
        "y": "2026-01-01",
        "z": "it's",
        "w": "a\tb",
        "v": "~",
    }


def test_a_cut_call_is_read_as_what_was_meant() -> None:
    outcome = load_file("f.yaml", b"{by: manager_of(owner, 2), to: done}")
    assert outcome.value is not None
    assert values(outcome.value.documents[0]) == {"by": "manager_of(owner, 2)", "to": "done"}


def test_a_block_map_ends_with_its_last_value() -> None:
    node = document("a:\n  b: c\n\n# a comment\n\nd: e\n")
    assert isinstance(node, MappingNode)
    inner = node.entries[0][1]
    assert (inner.span.line, inner.span.end_line, inner.span.end_column) == (2, 2, 7)


@pytest.mark.parametrize(
    ("text", "word", "line", "column"),
    [
        ("a: one two", "two", 1, 8),
        ("a: 'one two'", "two", 1, 9),
        ('a: "one two"', "two", 1, 9),
        ("a: 'it''s two'", "two", 1, 11),
        ('a: "\\u4e2d\\n two"', "two", 1, 14),
        ("a: 中文 two", "two", 1, 7),
        ("a: |\n  one\n  two\n", "two", 3, 3),
        ("a: >\n  one\n  two\n", "two", 3, 3),
        ("a: |2\n    one\n  two\n", "two", 3, 3),
        ("a: one\n  two", "two", 2, 3),
        ("a: 'one\n\n  two'", "two", 3, 3),
        ('a: "one \\\n  two"', "two", 2, 3),
        ("a: |\r\n  one\r\n  two\r\n", "two", 3, 3),
    ],
)
def test_characters_of_a_value_are_found_in_the_file(text: str, word: str, line: int, column: int) -> None:
    outcome = load_file("f.yaml", text.encode())
    assert outcome.value is not None
    node = outcome.value.documents[0]
    assert isinstance(node, MappingNode)
    value = node.entries[0][1]
    assert isinstance(value, ScalarNode)
    start = value.text.index(word)
    span = value.part(start, start + len(word))
    assert (span.line, span.column) == (line, column)
    assert span.end_column - span.column == len(word)


def test_findings_before_a_syntax_error_are_kept() -> None:
    names = [name for name, _, _ in found("a: 1\na: 2\nb: [\n")]
    assert sorted(names) == ["duplicate-key", "yaml-syntax"]


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_bytes_never_raise(data: bytes) -> None:
    load_file("f.yaml", data)


_SNIPPETS = st.sampled_from(
    [
        "a",
        ": ",
        ":",
        "\n",
        "- ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "'",
        '"',
        "#",
        " #x",
        "*a",
        "&a ",
        "!",
        "|",
        ">",
        "  ",
        "\t",
        "中",
        "%",
        "\\",
    ]
)


@given(st.lists(_SNIPPETS, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_near_yaml_never_raises_and_places_lie_in_the_file(text: str) -> None:
    outcome = load_file("f.yaml", text.encode())
    lines = text.split("\n")
    for finding in outcome.found:
        span = finding.span
        assert 1 <= span.line <= len(lines)
        assert (span.end_line, span.end_column) > (span.line, span.column)
        assert span.column <= len(lines[span.line - 1]) + 1
    if outcome.value is not None:
        for node in outcome.value.documents:
            _check_places(node)


def _check_places(node: Node) -> None:
    if isinstance(node, ScalarNode):
        for index in range(len(node.text) + 1):
            span = node.part(index, index + 1)
            assert span.line >= 1
            assert span.column >= 1
        return
    children = (
        node.items if isinstance(node, SequenceNode) else [each for pair in node.entries for each in pair]
    )
    for child in children:
        _check_places(child)


def test_only_the_mark_is_a_warning() -> None:
    outcome = load_file("f.yaml", b"\xef\xbb\xbfa: b")
    assert [finding.code.severity for finding in outcome.found] == [Severity.WARNING]
    assert outcome.value is not None
