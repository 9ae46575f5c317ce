"""Any one node of the example, spoilt in any of seven ways: it still compiles, or the node is blamed.

A fixed sample runs here; `make soak` takes every slip and prints the shares and what survived.
"""

import random
from collections import Counter
from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.findings import render_concise
from orderkit.language.source import read_directory
from orderkit.model.stored import model_hash
from tests.language.mutations.judging import Judged, Verdict, judge
from tests.language.mutations.mutating import CHANGES, mutants, written_anew
from tests.support.progress import Progress

EXAMPLE = dict(read_directory(Path(__file__).parents[3] / "examples" / "order-management"))
SAMPLE = 300


def test_written_anew_the_example_is_the_same_model() -> None:
    anew = compile_project(written_anew(EXAMPLE), built_in())
    assert render_concise(anew.found) == ""
    plain = compile_project(EXAMPLE, built_in())
    assert anew.value is not None
    assert plain.value is not None
    assert model_hash(anew.value) == model_hash(plain.value)


@pytest.mark.parametrize("kind", CHANGES)
def test_a_slip_compiles_or_is_blamed_on_its_node(kind: str) -> None:
    slips = [slip for slip in mutants(EXAMPLE) if slip.kind == kind]
    chosen = random.Random(f"1 {kind}").sample(slips, min(len(slips), SAMPLE // len(CHANGES)))
    base = written_anew(EXAMPLE)
    judged = [judge(slip.made(base)) for slip in chosen]
    astray = [each for each in judged if each.verdict is Verdict.ELSEWHERE]
    assert not astray, "\n".join(map(_told, astray))
    assert Verdict.AT_NODE in {each.verdict for each in judged}
    assert max(each.seconds for each in judged) < 2


@pytest.mark.soak
def test_every_slip(progress: Progress, capsys: pytest.CaptureFixture[str]) -> None:
    base = written_anew(EXAMPLE)
    slips = tuple(mutants(EXAMPLE))
    judged = []
    for slip in slips:
        judged.append(judge(slip.made(base)))
        progress.step(of=len(slips))
    with capsys.disabled():
        print(report(judged))  # noqa: T201 - the shares are what the proof is for
    astray = [each for each in judged if each.verdict is Verdict.ELSEWHERE]
    assert not astray, "\n".join(map(_told, astray))


def report(judged: list[Judged]) -> str:
    """Return the shares of each verdict, then what still compiles, by kind of slip and key."""
    shares = Counter(each.verdict for each in judged)
    survivors = Counter(
        (each.mutant.kind, each.mutant.key) for each in judged if each.verdict is Verdict.CLEAN
    )
    lines = [f"{len(judged)} slips, the slowest compiled in {max(each.seconds for each in judged):.2f} s"]
    lines += [f"  {shares[verdict] / len(judged):7.2%}  {verdict.value}" for verdict in Verdict]
    for kind in CHANGES:
        keys = Counter({key: count for (each, key), count in survivors.items() if each == kind})
        listed = ", ".join(f"{key} {count}" for key, count in keys.most_common(40))
        lines.append(f"  {kind}: {keys.total()} still compile: {listed}")
    return "\n".join(lines)


def _told(each: Judged) -> str:
    mutant = each.mutant
    return f"{mutant.kind} of {mutant.key} in {mutant.path}:{mutant.lines}\n{render_concise(each.found)}"
