"""What is kept of a check comes back as it was, or not at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.language.cache.entry import Entry, read, written
from orderkit.language.cache.packing import packed, unpacked
from orderkit.language.findings import Code
from orderkit.language.findings.ledger import all_codes
from tests.language.examples import compiled, files_of

FILES = {"a.yaml": b"form: a\n", "b/c.yaml": "form: 客户\n".encode()}
FOUND = compiled({"customer.yaml": "form: customer\nfields: {name: {type: text, requird: true}}\n"}).found
TEXT = b"".join(written("tool", FILES, FOUND))


@pytest.mark.parametrize(
    "code", [code for code in all_codes().values() if code.bad], ids=lambda code: f"{code.id} {code.name}"
)
def test_every_finding_comes_back_as_it_was(code: Code) -> None:
    found = compiled(files_of(code.bad)).found
    assert unpacked(json.loads(json.dumps(packed(found)))) == found


def test_an_entry_comes_back_as_it_was() -> None:
    entry = read(TEXT, "tool")
    assert entry is not None
    assert entry.found == FOUND
    assert entry.found
    assert {path: entry.file(path) for path in FILES} == FILES
    assert entry.changed(FILES) == ()


def test_another_tool_does_not_believe_it() -> None:
    assert read(TEXT, "tool, a day later") is None


def test_what_changed_is_told_and_a_file_more_or_less_says_that_nothing_is_known() -> None:
    entry = read(TEXT, "tool")
    assert entry is not None
    assert entry.changed({**FILES, "a.yaml": b"form: b\n"}) == ("a.yaml",)
    assert entry.changed({**FILES, "d.yaml": b""}) is None
    assert entry.changed({"a.yaml": FILES["a.yaml"]}) is None


def believed(entry: Entry | None) -> bool:
    """Whether anything of the entry is believed that was not written."""
    if entry is None:
        return False
    return entry.found != FOUND or any(entry.file(path) not in (None, data) for path, data in FILES.items())


@given(st.integers(0, len(TEXT) - 1), st.integers(0, 255))
def test_no_damaged_byte_is_believed(index: int, byte: int) -> None:
    assert not believed(read(TEXT[:index] + bytes([byte]) + TEXT[index + 1 :], "tool"))


@given(st.integers(0, len(TEXT) - 1))
def test_no_half_entry_is_believed(length: int) -> None:
    assert not believed(read(TEXT[:length], "tool"))


@given(st.binary(max_size=60))
def test_nothing_that_is_no_entry_raises(text: bytes) -> None:
    assert read(text, "tool") is None
