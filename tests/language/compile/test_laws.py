"""What holds for every project: the same files give the same model, in any order, and nothing ever raises."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.findings import render_human, render_json
from orderkit.language.source import read_directory
from orderkit.language.source.directory import is_asset
from orderkit.model.project import Project
from orderkit.model.stored import canonical, model_hash, to_json

EXAMPLE = dict(read_directory(Path(__file__).parents[3] / "examples" / "order-management"))
PATHS = sorted(path for path in EXAMPLE if path.endswith(".yaml"))


@pytest.fixture(scope="module")
def example() -> Project:
    outcome = compile_project(EXAMPLE, built_in())
    assert render_human(outcome.found, {}) == ""
    assert outcome.value is not None
    return outcome.value


def test_the_same_files_give_the_same_bytes(example: Project) -> None:
    again = compile_project(EXAMPLE, built_in()).value
    assert again is not None
    assert canonical(to_json(again)) == canonical(to_json(example))


def test_the_order_of_files_does_not_matter(example: Project) -> None:
    shuffled = list(EXAMPLE.items())
    random.Random(7).shuffle(shuffled)
    other = compile_project(dict(shuffled), built_in()).value
    assert other is not None
    assert canonical(to_json(other)) == canonical(to_json(example))


def test_the_order_of_top_level_keys_does_not_matter(example: Project) -> None:
    turned = EXAMPLE | {path: _turned(EXAMPLE[path].decode()).encode() for path in PATHS}
    assert turned != EXAMPLE
    other = compile_project(turned, built_in())
    assert render_human(other.found, {}) == ""
    assert other.value is not None
    assert model_hash(other.value) == model_hash(example)


def _turned(text: str) -> str:
    """Return the text with its top-level keys in reverse order."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if not line.startswith((" ", "#", "-")) or not blocks:
            blocks.append([])
        blocks[-1].append(line)
    return "\n".join("\n".join(block) for block in reversed(blocks)) + "\n"


def test_a_comment_does_not_change_the_hash(example: Project) -> None:
    commented = EXAMPLE | {path: b"# a comment\n" + EXAMPLE[path] for path in PATHS}
    other = compile_project(commented, built_in()).value
    assert other is not None
    assert model_hash(other) == model_hash(example)
    assert canonical(to_json(other)) != canonical(to_json(example)), "origins have moved"


_PIECES = st.sampled_from(
    [
        *"{}[]:'\"=|>(),%@.",
        *(
            "*a",
            "&a",
            "-",
            "null",
            "true",
            "me",
            "this",
            "sum(",
            "0.1",
            "-1",
            "fields",
            "type",
            "{{",
            "中",
            "..",
            "[[]]",
        ),
        *("=find(", "99999999999999999999", "role(x)", "{a: {b: c}}", "type: lines"),
        *("\n", "\t", ": ", " #x", "<<: ", "- ", "\n  ", "\x00"),
    ]
)


@st.composite
def spoilt_example(draw: st.DrawFn) -> dict[str, bytes]:
    """Return the example with one file spoilt as people spoil files: cut, pasted, mistyped, lines gone."""
    path = draw(st.sampled_from(PATHS))
    text = EXAMPLE[path].decode()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 5, 40])))
        text = text[:start] + draw(_PIECES | st.just("") | st.just(text[start : start + 20])) + text[end:]
    return {**EXAMPLE, path: text.encode()}


@given(spoilt_example())
@settings(max_examples=60, deadline=None)
def test_a_spoilt_file_never_raises_and_its_findings_lie_in_the_files(files: dict[str, bytes]) -> None:
    outcome = compile_project(files, built_in())
    sources = {path: data.decode() for path, data in files.items() if not is_asset(path)}
    assert render_human(outcome.found, sources, "zh") is not None
    render_json(outcome.found)
    for finding in outcome.found:
        lines = sources[finding.path].split("\n")
        assert 1 <= finding.span.line <= len(lines)
        assert finding.span.column <= len(lines[finding.span.line - 1]) + 1
        assert finding.span[3:] > finding.span[1:3]
    assert list(outcome.found) == sorted(
        outcome.found, key=lambda f: (f.span, f.code.id, str(dict(f.headline)))
    )


@given(
    st.dictionaries(
        st.sampled_from(["a.yaml", "b/c.yml", "orderkit.yaml"]), st.binary(max_size=80), max_size=3
    )
)
@settings(max_examples=100, deadline=None)
def test_bytes_never_raise(files: dict[str, bytes]) -> None:
    compile_project(files, built_in())


@given(st.sampled_from(PATHS))
@settings(max_examples=len(PATHS), deadline=None)
def test_a_file_that_cannot_be_read_gives_one_finding(path: str) -> None:
    broken = {**EXAMPLE, path: EXAMPLE[path] + b"\nx: [\n"}
    assert [finding.code.id for finding in compile_project(broken, built_in()).found] == ["OK1010"]
