"""`fmt`: every file has one look; no comment is lost, the model stays, and once is enough."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.findings import Severity
from orderkit.language.findings.ledger import all_codes
from orderkit.language.format import format_file
from orderkit.language.format.formatting import _is_plain_yaml, _is_same, _laid_out
from orderkit.language.source import SourceText, load_file, read_directory
from orderkit.language.source.comments import comments_of
from orderkit.language.source.directory import is_asset
from orderkit.model.stored import model_hash
from tests.language.examples import compiled, files_of
from tests.language.literate import cases_of

ROOT = Path(__file__).parents[3]
EXAMPLES = {
    f"{folder.name}/{path}": data.decode()
    for folder in sorted((ROOT / "examples").iterdir())
    if folder.is_dir()
    for path, data in read_directory(folder).items()
    if not is_asset(path)
}
PROJECTS = [
    *(files_of(code.good) for code in all_codes().values() if code.good),
    *(case.files for page in sorted((ROOT / "tests" / "language").rglob("*.md")) for case in cases_of(page)),
]


def formatted(text: str) -> str:
    return format_file("a.yaml", text.encode()).data.decode()


def comments(text: str) -> Counter[str]:
    return Counter(comment.text for comment in comments_of(SourceText("a.yaml", text.removeprefix("\ufeff"))))


def hold_the_laws(text: str) -> str:
    after = formatted(text)
    assert not _had_to_be_taken_back(text), "the proof at the end is for what nobody thought of"
    assert formatted(after) == after, "once is enough"
    assert comments(after) == comments(text)
    return after


def _had_to_be_taken_back(text: str) -> bool:
    outcome = load_file("a.yaml", text.encode())
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if "\r" in plain or any(each.code.severity is Severity.ERROR for each in outcome.found):
        return False
    laid_out = _laid_out("a.yaml", plain) if _is_plain_yaml(plain) else None
    return laid_out is not None and not _is_same("a.yaml", plain, laid_out)


FULL = """\
# yaml-language-server: $schema=x
label:   {zh: 订单, en: Order}   # the label

# about the form
form: order


fields:
    # about b
    b: {label: B, type: choice, options: {a: 1, b: 2},   # why
        required: true}

    a:
      label: 'x y'
      type: text
      help: |
         some
           text

         here # not a comment
      # foot of a
    # foot of fields
checks:
- that: "a != b"
  # about the error
  error: foo
- {error: 'it''s', that: c}
list: {columns: [a, b], filters: [a, b, ccccccccccccccccccccccccccccccc, ddddddddddddddddddddddddddddddd, eeeeeeee]}
# the end
"""
FULL_FORMATTED = """\
# yaml-language-server: $schema=x

# about the form
form: order
label: {zh: 订单, en: Order}  # the label

fields:
  # about b
  b:
    type: choice
    options: {a: 1, b: 2}  # why
    label: B
    required: true

  a:
    type: text
    label: "x y"
    help: |
      some
        text

      here # not a comment
    # foot of a
  # foot of fields
checks:
  - that: "a != b"
    # about the error
    error: foo
  - {that: c, error: 'it''s'}
list:
  columns: [a, b]
  filters: [a, b, ccccccccccccccccccccccccccccccc, ddddddddddddddddddddddddddddddd, eeeeeeee]
# the end
"""


def test_everything_gets_its_place() -> None:
    assert hold_the_laws(FULL) == FULL_FORMATTED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "form: a\nfields: {n: {required: true, type: text}}",
            "form: a\nfields: {n: {type: text, required: true}}\n",
        ),
        ("fields:\n    n:   {type: text}\nform: a\n", "form: a\nfields:\n  n: {type: text}\n"),
        ("# ours\n\nfields: {}\nform: a\n", "# ours\n\nform: a\nfields: {}\n"),
        ("# ours\nfields: {}\nform: a\n", "form: a\n# ours\nfields: {}\n"),
        ("form: a\nlabel: >-\n     b\n       c\n\n     d\n", "form: a\nlabel: >-\n  b\n    c\n\n  d\n"),
        ("form: a\nlabel: b\n      c\n", "form: a\nlabel: b\n  c\n"),
        ("form: a\nhelp: 'b'   #c\n", 'form: a\nhelp: "b"  #c\n'),
        ("form: a\nx: {y: 1, # c\n  z: [2,\n 3]}\n", "form: a\nx:\n  y: 1  # c\n  z: [2, 3]\n"),
        ("form: a\nx: { # c\n  y: 1}\n", "form: a\nx: {y: 1}  # c\n"),
        (
            "form: a\nx:\n- - 1\n  - 2\n-   y:   3\n    z:\n",
            "form: a\nx:\n  - - 1\n    - 2\n  - y: 3\n    z:\n",
        ),
        ("form: a\nx: {y, z: , w: 1}\n", "form: a\nx: {y, z, w: 1}\n"),
        ("form: a\r\nx:\r\n    y: 1 # c\r\n", "form: a\r\nx:\r\n  y: 1  # c\r\n"),
        ("\ufefffields: {}\nform: a\n", "\ufeffform: a\nfields: {}\n"),
        (
            f"form: a\nx: {{y: 1, z: {'w' * 120}}} # orderkit: allow OK9002 why\n",
            f"form: a\nx: {{y: 1, z: {'w' * 120}}}  # orderkit: allow OK9002 why\n",
        ),
    ],
)
def test_one_look(before: str, after: str) -> None:
    assert hold_the_laws(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "x:   &a 1\nform: b\ny:  *a\n",
        "---\nfields:   {}\nform: a\n",
        "label: |2\n     b\nform: a\n",
        "? fields\n: {}\nform: a\n",
        "label:   !t b\nform: a\n",
        "{form:   a}\n",
        "- a:   1\n",
        "x:\n-   # c\n  a: 1\nform: b\n",
    ],
)
def test_what_is_better_left_alone_is(text: str) -> None:
    assert format_file("a.yaml", text.encode()).data.decode() == text


def test_a_file_that_cannot_be_read_stays_and_says_why() -> None:
    text = b"fields:   {a: [}\nform: a\n"
    result = format_file("a.yaml", text)
    assert result.data == text
    assert [each.code.id for each in result.found] == ["OK1010"]


@pytest.mark.parametrize("path", EXAMPLES)
def test_every_file_of_the_examples_keeps_its_comments_and_needs_it_once(path: str) -> None:
    hold_the_laws(EXAMPLES[path])


@pytest.mark.parametrize("name", sorted({path.partition("/")[0] for path in EXAMPLES}))
def test_the_model_of_an_example_stays(name: str) -> None:
    files = {path.partition("/")[2]: text for path, text in EXAMPLES.items() if path.startswith(f"{name}/")}
    assets = {path: data for path, data in read_directory(ROOT / "examples" / name).items() if is_asset(path)}
    written = {path: text.encode() for path, text in files.items()}
    laid_out = {path: formatted(text).encode() for path, text in files.items()}
    before = compile_project({**written, **assets}, built_in()).value
    after = compile_project({**laid_out, **assets}, built_in()).value
    assert before is not None
    assert after is not None
    assert model_hash(after) == model_hash(before)


def test_the_model_of_every_small_project_stays() -> None:
    for files in PROJECTS:
        before = compiled(files)
        laid_out = {
            path: hold_the_laws(text) if path.endswith(".yaml") else text for path, text in files.items()
        }
        after = compiled(laid_out)
        assert Counter(each.code.id for each in after.found) == Counter(
            each.code.id for each in before.found
        ), files
        if before.value is not None:
            assert after.value is not None
            assert model_hash(after.value) == model_hash(before.value)


@st.composite
def untidy(draw: st.DrawFn) -> str:
    """Return a file of the example as hurried people leave it: comments, blank lines and spaces anywhere."""
    lines = EXAMPLES[draw(st.sampled_from(sorted(EXAMPLES)))].split("\n")
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(lines)))
        match draw(st.integers(0, 4)):
            case 0:
                lines.insert(at, draw(st.sampled_from(["", "  ", "\r"])))
            case 1:
                lines.insert(
                    at, " " * draw(st.integers(0, 8)) + f"# {draw(st.sampled_from(['注释', '{', 'a: b']))}"
                )
            case 2 if at < len(lines) and lines[at].strip():
                lines[at] += draw(st.sampled_from(["  # 尾注", "   ", " #"]))
            case 3 if at < len(lines) and ", " in lines[at]:
                lines[at] = lines[at].replace(
                    ", ", draw(st.sampled_from([",   ", ",\n      ", ", # c\n        "])), 1
                )
            case _ if at < len(lines) and ": " in lines[at]:
                lines[at] = lines[at].replace(": ", ":    ", 1)
    return "\n".join(lines)


@given(untidy())
@settings(max_examples=150, deadline=None)
def test_whatever_people_leave_is_laid_out_once_and_keeps_its_comments(text: str) -> None:
    hold_the_laws(text)


_PIECES = [
    "a: ",
    "b:\n",
    "- ",
    "  ",
    "    ",
    "\n",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "c",
    "'d'",
    '"e"',
    "# f\n",
    "|\n",
    ">-\n",
    "x",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
@settings(max_examples=400, deadline=None)
def test_no_text_makes_it_stumble_or_change_its_mind(text: str) -> None:
    after = formatted(text)
    assert formatted(after) == after
    assert comments(after) == comments(text)
