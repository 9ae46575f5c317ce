"""Any bytes, any YAML, any map of the language's own words: settled soon, with findings or a clean model.

`soak` does the same a hundred times longer, and lets a fuzzer look for faults that nobody thought of.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderkit.language.source import read_directory
from orderkit.language.spec import KINDS
from tests.language.fuzzing.settling import MOST_MEGABYTES, assert_settled, megabytes_of
from tests.support.fuzzer import run_fuzzer
from tests.support.progress import Progress

EXAMPLE = dict(read_directory(Path(__file__).parents[3] / "examples" / "order-management"))
FUZZ = settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
LONG = settings(FUZZ, max_examples=30_000)

PIECES = st.sampled_from(
    [
        *"{}[]:,-?|>&*!%@`'\"#\\\n\t ",
        "\r\n",
        "\x00",
        "\ufeff",
        "\u2028",
        "中",
        "😀",
        "<<: *a",
        "&a ",
        "*a",
        "!!int ",
        "---\n",
        "...\n",
        "? ",
        "- - ",
        ": ",
        " #",
        "|2\n ",
        ">-\n",
        "form: a\n",
        "fields:\n",
        "  b: {type: text}\n",
        "{type: lines, fields: ",
        "compute: sum(",
        "'{a:",
        "yes",
        "1e9",
        "0o17",
        "~",
        "null",
        "2026-02-30",
    ]
)
SOUP = st.lists(PIECES, max_size=80).map("".join)

WORDS = sorted({key.name for words in KINDS.values() for key in words.keys} | set(KINDS))
SCALARS = st.sampled_from(
    [
        "order",
        "a",
        "b",
        "text",
        "lines",
        "ref",
        "true",
        "1",
        "",
        "~",
        "=today()",
        "a + b",
        "role(sales)",
        "{a}",
        "[",
        "中",
        "sum(lines.qty)",
        "admin",
        "draft",
        "1d",
        "8wh",
        "0 9 * * 1",
        "> 50",
        "a.b.c",
        "me",
        "find(a, b)",
    ]
).map(lambda text: "'" + text.replace("'", "''") + "'")
KEYS = st.sampled_from(
    [*WORDS, "a", "b", "lines", "draft", "zh", "en", "type", "to", "options", "steps", "approvers"]
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.dictionaries(KEYS, inner, max_size=6).map(
            lambda each: "{" + ", ".join(f"{key}: {value}" for key, value in each.items()) + "}"
        ),
        st.lists(inner, max_size=4).map(lambda each: "[" + ", ".join(each) + "]"),
    ),
    max_leaves=25,
)
OBJECTS = st.builds(
    lambda kind, name, entries: (
        f"{kind}: {name}\n" + "".join(f"{key}: {value}\n" for key, value in entries.items())
    ),
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(["a", "b", "order"]),
    st.dictionaries(KEYS, TREES, max_size=6),
)
PROJECTS = st.lists(OBJECTS, min_size=1, max_size=5).map(
    lambda texts: {f"{index}.yaml": text.encode() for index, text in enumerate(texts)}
)
BYTES = st.binary(max_size=400)
ENCODED = st.builds(
    lambda text, encoding: text.encode(encoding, errors="replace"),
    SOUP,
    st.sampled_from(["utf-8", "utf-16", "utf-32", "gb18030", "latin-1"]),
)


@given(BYTES | ENCODED)
@FUZZ
def test_any_bytes_settle(data: bytes) -> None:
    assert_settled({"a.yaml": data})


@given(PROJECTS)
@FUZZ
def test_any_map_of_the_words_settles(files: dict[str, bytes]) -> None:
    assert_settled(files)


@given(PROJECTS, st.sampled_from(sorted(EXAMPLE)))
@settings(FUZZ, max_examples=100)
def test_strange_objects_beside_the_example_settle(files: dict[str, bytes], gone: str) -> None:
    assert_settled({**{path: data for path, data in EXAMPLE.items() if path != gone}, **files})


WORST = {
    "deep flow": b"a: " + b"[" * 100_000,
    "deep block": b"".join(b" " * depth + b"a:\n" for depth in range(2_000)),
    "many keys": b"".join(b"k%d: 1\n" % number for number in range(30_000)),
    "one long line": b"form: " + b"x" * 2_000_000,
    "many documents": b"---\na: 1\n" * 10_000,
    "aliases of aliases": b"a: &a [x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (n, n, b", ".join([b"*%c" % (n - 1)] * 9)) for n in range(98, 120)),
    "many fields": b"form: a\nfields:\n"
    + b"".join(b"  f%d: {type: text}\n" % number for number in range(6_000)),
    "many wrong fields": b"form: a\nfields:\n"
    + b"".join(b"  f%d: {typ: text, compute: nope}\n" % number for number in range(1_000)),
    "one long expression": b"form: a\nfields: {b: {type: integer, compute: '" + b"1 + " * 50_000 + b"1'}}\n",
    "a chain of computed fields": b"form: a\nfields:\n  f0: {type: integer}\n"
    + b"".join(b"  f%d: {type: integer, compute: f%d + 1}\n" % (n, n - 1) for n in range(1, 2_000)),
    "many near names": b"form: a\nfields:\n"
    + b"".join(b"  field%d: {type: integer, compute: feild%d + 1}\n" % (n, n) for n in range(400)),
}


@pytest.mark.parametrize("name", WORST)
def test_the_worst_we_know_ends_soon_in_little_memory(name: str) -> None:
    files = {"a.yaml": WORST[name]}
    assert_settled(files)
    assert megabytes_of(files) < MOST_MEGABYTES


@pytest.mark.soak
@given(BYTES | ENCODED)
@LONG
def test_any_bytes_settle_for_long(progress: Progress, data: bytes) -> None:
    assert_settled({"a.yaml": data})
    progress.step(of=LONG.max_examples)


@pytest.mark.soak
@given(PROJECTS)
@LONG
def test_any_map_of_the_words_settles_for_long(progress: Progress, files: dict[str, bytes]) -> None:
    assert_settled(files)
    progress.step(of=LONG.max_examples)


@pytest.mark.soak
def test_a_fuzzer_that_watches_the_lines_finds_nothing(tmp_path: Path, progress: Progress) -> None:
    limits = ["-max_total_time=120", "-timeout=4", "-rss_limit_mb=300", "-max_len=4000"]
    run_fuzzer("tests.language.fuzzing.atheris_loader", EXAMPLE.values(), tmp_path, progress, limits)
