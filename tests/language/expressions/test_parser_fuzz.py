"""Whatever is written, reading it ends soon, never raises, and says where it went wrong.

`soak` does the same a hundred times longer.
"""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderkit.language.expressions import Problem, check_expression, check_template, parse, printed
from tests.database.expressions.strategies import expressions
from tests.language.expressions.atheris_parser import SEEDS
from tests.support.fuzzer import run_fuzzer
from tests.support.progress import Progress
from tests.support.world import scope

MOST_SECONDS = 2
FUZZ = settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
LONG = settings(FUZZ, max_examples=30_000)

WORDS = [
    "and",
    "or",
    "not",
    "in",
    "if",
    "else",
    "is",
    "true",
    "false",
    "null",
    "None",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "=",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "&&",
    "||",
    "!",
    "?",
    ":",
    ";",
    "'",
    '"',
    "\\",
    "`",
    "#",
    "@",
    "$",
    "sum(",
    "count(",
    "find(",
    "coalesce(",
    "round(",
    "date(",
    "convert(",
    "qty",
    "total",
    "lines",
    "lines.qty",
    "customer",
    ".name",
    "where=",
    "by=-",
    "'kg'",
    "'甲'",
    '"a"',
    "0",
    "1",
    "-1",
    ".5",
    "1.",
    "1e5",
    "0x1F",
    "1_000",
    "999999999999999999",
    "1000000000000000000",
    "１",
    "٣",
    "甲",
    "😀",
    "é",
    "﷽",
    "，",
    "（",
    "“",
    "\t",
    "\n",
    "\r",
    "\x00",
    "\u2028",
    "\ufeff",
]
SOUP = st.lists(st.sampled_from(WORDS), max_size=60).flatmap(
    lambda words: st.sampled_from([" ", ""]).map(lambda between: between.join(words))
)
TEXTS = st.text(st.characters(), max_size=200)
# One thing many times over: nesting, chains and lengths beyond every limit.
REPEATED = st.builds(
    lambda word, times, tail: word * times + tail,
    st.sampled_from(
        ["(", "[", "-", "not ", "a.", "a+", "a and ", "f(", "a if b else ", "1,", "'", "0", "a==", "x["]
    ),
    st.integers(1, 5000),
    st.sampled_from(["", "a", ")", "]"]),
)

RIGHT = expressions(2)
EXCHANGED = st.sampled_from(WORDS)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return a right expression with a few characters dropped, doubled, swapped or exchanged."""
    text = draw(RIGHT)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 5))
        piece = text[place : place + length]
        text = (
            text[:place]
            + draw(st.sampled_from(["", piece * 2, piece[::-1]]) | EXCHANGED)
            + text[place + length :]
        )
    return text


ANYTHING = st.one_of(TEXTS, SOUP, REPEATED, mutated())


def assert_settled(text: str) -> None:
    # The processor's time: a busy machine is no fault of the reader.
    started = time.process_time()
    parsed = parse(text)
    checked = check_expression(text, scope())
    template = check_template(text, scope())
    assert time.process_time() - started < MOST_SECONDS, text
    assert (parsed.syntax is None) == bool(parsed.problems)
    # What cannot be read is one problem; what is read but wrong has one at least.
    if parsed.problems:
        assert len(checked.problems) == 1
    assert (checked.expression is None) <= bool(checked.problems), text
    for problem in (*parsed.problems, *checked.problems, *template.problems):
        assert_placed(problem, text)
    if parsed.syntax is not None:
        assert parse(printed(parsed.syntax)).syntax is not None or len(printed(parsed.syntax)) > len(text)


def assert_placed(problem: Problem, text: str) -> None:
    assert 0 <= problem.start <= problem.end <= len(text), (text, problem)
    assert problem.code.id.startswith("OK3")
    assert problem.headline["zh"]
    assert problem.headline["en"]


@given(text=ANYTHING)
@FUZZ
def test_whatever_is_written_is_settled(text: str) -> None:
    assert_settled(text)


@pytest.mark.soak
@given(text=ANYTHING)
@LONG
def test_whatever_is_written_is_settled_for_long(text: str, progress: Progress) -> None:
    assert_settled(text)
    progress.step(of=LONG.max_examples)


@pytest.mark.soak
def test_a_fuzzer_that_watches_the_lines_finds_nothing(tmp_path: Path, progress: Progress) -> None:
    seeds = [seed.encode() for seed in SEEDS]
    run_fuzzer(
        "tests.language.expressions.atheris_parser", seeds, tmp_path, progress, ["-max_total_time=120"]
    )


@pytest.mark.parametrize("word", ["(", "[", "-", "not ", "a.", "a + ", "f(", "a if b else ", "a == "])
@pytest.mark.parametrize("times", [49, 50, 60, 61, 500, 501, 4000, 100_000])
def test_nothing_nests_or_goes_on_without_end(word: str, times: int) -> None:
    assert_settled(word * times + "a")
