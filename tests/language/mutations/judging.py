"""What the compiler made of a slip: whether it was found, and whether it was found where it is."""

import re
import time
from dataclasses import dataclass
from enum import StrEnum

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.findings import Finding, has_errors
from tests.language.mutations.mutating import Mutant

_WORD = re.compile(r"[\w./=-]+")


class Verdict(StrEnum):
    """AT_NODE: a finding lies in the changed lines. NAMED: one elsewhere names what was changed."""

    CLEAN = "compiles"
    WARNED = "compiles with a warning"
    AT_NODE = "reported at the node"
    NAMED = "reported at a place that names it"
    ELSEWHERE = "reported elsewhere"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A verdict, what was found, and how much of the processor's time that took."""

    mutant: Mutant
    verdict: Verdict
    found: tuple[Finding, ...]
    seconds: float


def judge(mutant: Mutant) -> Judged:
    """Compile a mutant and say what came of it."""
    begin = time.process_time()
    outcome = compile_project(mutant.files, built_in())
    seconds = time.process_time() - begin
    return Judged(
        mutant=mutant, verdict=_verdict(mutant, outcome.found), found=outcome.found, seconds=seconds
    )


def _verdict(mutant: Mutant, found: tuple[Finding, ...]) -> Verdict:
    if not found:
        return Verdict.CLEAN
    if any(_is_at(mutant, each) for each in found):
        return Verdict.AT_NODE if has_errors(found) else Verdict.WARNED
    if any(_names(mutant, each) for each in found):
        return Verdict.NAMED if has_errors(found) else Verdict.WARNED
    return Verdict.ELSEWHERE


def _is_at(mutant: Mutant, finding: Finding) -> bool:
    """Whether the finding, or a further place of it, lies in the changed lines."""
    spans = [finding.span, *(note.span for note in finding.notes if note.span is not None)]
    first, last = mutant.lines
    # What a map lacks is reported at its key, one line above, or at its first entry.
    return any(
        span.path == mutant.path and first - 1 <= span.line <= last and span.end_line >= first - 1
        for span in spans
    )


def _names(mutant: Mutant, finding: Finding) -> bool:
    """Whether the finding's words, or the text that it underlines, hold a word of the changed node."""
    lines = mutant.files[finding.path].decode().split("\n")
    told = [*finding.headline.values(), *(finding.help or {}).values(), lines[finding.span.line - 1]]
    told += [text for note in finding.notes for text in note.text.values()]
    said = {word for text in told for word in _WORD.findall(text)}
    meant = {word for name in mutant.names for word in (name, *_WORD.findall(name))}
    return not said.isdisjoint(meant)
