"""Changes after which a check still holds: the findings of a warm check are those of a cold one, always."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.catalog import built_in
from orderkit.language.cache.entry import Entry, read, written
from orderkit.language.cache.sameness import Sameness, compared, still_holds
from orderkit.language.compile import compile_project
from orderkit.language.compile.rules import are_right
from orderkit.language.findings import Finding
from orderkit.language.source.directory import is_asset, read_directory
from tests.support.projects import EXAMPLE

FORM = """\
form: order
label: {zh: 订单, en: Order}
fields:
  name:  {type: text, label: 名称, help: 客户的全名, required: true}
  kind:  {type: choice, options: {a: 甲, b: 乙}}
  total: {type: money, check: "value > 0", error: 必须大于零}
layout: []
"""


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("form: order\n", "# a remark\nform: order\n", Sameness.WORDS),
        ("fields:\n", "\n\nfields:   # all of them\n", Sameness.WORDS),
        ("type: text,", "type:   text,", Sameness.WORDS),
        ("zh: 订单", "zh: 单据", Sameness.MEANING),
        ("label: 名称", "label: 称呼", Sameness.MEANING),
        ("label: 名称", "label: '称呼'", Sameness.MEANING),
        ("help: 客户的全名", "help: 全名", Sameness.MEANING),
        ("error: 必须大于零", "error: 太小", Sameness.MEANING),
        ("label: 名称", "label: ''", Sameness.NOTHING),
        ("label: 名称", "label: null", Sameness.NOTHING),
        ("label: 名称", "label: {zh: 名称}", Sameness.NOTHING),
        ("zh: 订单", "de: 订单", Sameness.NOTHING),
        ("label: 名称", "label: 名称 #1", Sameness.NOTHING),
        ("a: 甲", "a: 丙", Sameness.NOTHING),
        ("value > 0", "value > 1", Sameness.RULES),
        ('"value > 0"', "null", Sameness.NOTHING),
        ('"value > 0"', "[value > 0]", Sameness.NOTHING),
        ("required: true", "required: false", Sameness.NOTHING),
        ("required: true", "required: 'true'", Sameness.NOTHING),
        ("form: order", "form: orders", Sameness.NOTHING),
        ("type: text,", "type: text, index: true,", Sameness.NOTHING),
        ("form: order\n", "# orderkit: allow OK9001 later\nform: order\n", Sameness.NOTHING),
        ("fields:\n", "fields:\n\tx: 1\n", Sameness.NOTHING),
        ("fields:\n", "fields: [\n", Sameness.NOTHING),
        ("layout: []", "layout: {}", Sameness.NOTHING),
    ],
)
def test_what_a_change_leaves_the_same(old: str, new: str, same: Sameness) -> None:
    assert old in FORM
    changed = FORM.replace(old, new, 1)
    assert compared("order.yaml", FORM.encode(), changed.encode()) is same
    assert compared("order.yaml", changed.encode(), FORM.encode()) is same


def test_what_is_a_comment_in_yaml_is_text_in_a_template() -> None:
    was, now = b"note: 1 # {{ name }}", b"note: 1 # {{ nmae }}"
    assert compared("note.html", was, now) is Sameness.NOTHING


def entry_of(files: Mapping[str, bytes], found: tuple[Finding, ...]) -> Entry:
    entry = read(b"".join(written("tool", files, found)), "tool")
    assert entry is not None
    return entry


def checks_rules(path: str, was: bytes, files: Mapping[str, bytes]) -> bool:
    return are_right(path, was, files, built_in())


def checked(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    return compile_project(files, built_in()).found


CLEAN = dict(read_directory(EXAMPLE))
# The same project with warnings and errors in it, about other files too.
FAULTY = {
    **CLEAN,
    "forms/product.yaml": CLEAN["forms/product.yaml"].replace(b"fields:", b"label_: x\nfields:", 1),
    "messages/never.yaml": b"message: never_sent\nfor: order\ntext: hello\n",
    "forms/note.yaml": "form: note\nfields: {about: {type: ref, to: 客户}, name: {type: text}}\n".encode(),
}
ENTRIES = {name: entry_of(files, checked(files)) for name, files in (("clean", CLEAN), ("faulty", FAULTY))}
PROJECTS = {"clean": CLEAN, "faulty": FAULTY}
_WORD = re.compile(r"[\w\u4e00-\u9fff]+")


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, dict[str, bytes]]:
    """Return a project's name and its files after one or two edits, most of them slight."""
    name = draw(st.sampled_from(sorted(PROJECTS)))
    files = dict(PROJECTS[name])
    for _ in range(draw(st.integers(1, 2))):
        path = draw(st.sampled_from(sorted(each for each in files if not is_asset(each))))
        lines = files[path].decode().split("\n")
        index = draw(st.integers(0, len(lines) - 1))
        lines[index : index + 1] = draw(st.sampled_from(_EDITS))(lines[index], draw)
        files[path] = "\n".join(lines).encode()
    return name, files


def _another_word(line: str, draw: st.DrawFn) -> list[str]:
    """Put a word from elsewhere in the project, or a new one, in place of a word."""
    found = list(_WORD.finditer(line))
    if not found:
        return [line]
    match = draw(st.sampled_from(found))
    new = draw(
        st.sampled_from(["客户", "订单", "新的", "new", "name", "order", "total", "1", "true", "null"])
    )
    return [line[: match.start()] + new + line[match.end() :]]


def _another_label(line: str, draw: st.DrawFn) -> list[str]:
    """Put another text in place of a Chinese one."""
    found = list(re.finditer(r"[\u4e00-\u9fff]+", line))
    if not found:
        return [line]
    match = draw(st.sampled_from(found))
    return [line[: match.start()] + draw(st.sampled_from(["客户", "文字", "订单"])) + line[match.end() :]]


_EDITS = [
    _another_word,
    _another_label,
    lambda line, _: [line, "# a remark"],
    lambda line, _: [line + "   # a remark"],
    lambda line, _: ["", line],
    lambda line, _: [line, line],
    lambda _line, _: [],
    lambda line, _: ["# orderkit: allow OK9001 it comes later", line],
]


@settings(max_examples=120, deadline=None)
@given(edits())
def test_a_check_that_still_holds_says_what_a_new_one_would(edit: tuple[str, dict[str, bytes]]) -> None:
    name, files = edit
    entry = ENTRIES[name]
    changed = entry.changed(files)
    assert changed is not None
    if still_holds(entry, files, changed, checks_rules):
        assert checked(files) == entry.found


def test_the_check_of_a_label_changed_holds_only_where_nothing_was_found() -> None:
    path = "forms/customer.yaml"
    for name, files in PROJECTS.items():
        new = {**files, path: files[path].replace("客户".encode(), "买家".encode(), 1)}
        assert new[path] != files[path]
        # `to: 客户` in the faulty project is told by the label which form is meant.
        assert still_holds(ENTRIES[name], new, [path], checks_rules) is (name == "clean")
        assert (checked(new) == ENTRIES[name].found) is (name == "clean")


def test_a_place_that_has_moved_is_found_anew() -> None:
    path = "forms/note.yaml"
    assert not still_holds(
        ENTRIES["faulty"], {**FAULTY, path: b"# new\n" + FAULTY[path]}, [path], checks_rules
    )
    other = "forms/receipt.yaml"
    assert still_holds(
        ENTRIES["faulty"], {**FAULTY, other: b"# new\n" + FAULTY[other]}, [other], checks_rules
    )
