"""A fuzzer that watches which lines run, in a process of its own: atheris, which is libFuzzer underneath."""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.support.progress import Progress

# What libFuzzer prints: the number of runs so far, and what that run brought.
_RUNS = re.compile(r"^#(\d+)\s")
_LINES_TOLD = 60


def run_fuzzer(
    module: str, seeds: Iterable[bytes], folder: Path, progress: Progress, limits: Iterable[str]
) -> None:
    """Run a fuzzer until its time is over; what it stumbles over fails the test, with the input that did it."""
    corpus, faults = folder / "corpus", folder / "faults"
    corpus.mkdir()
    faults.mkdir()
    for number, seed in enumerate(seeds):
        (corpus / f"seed{number}").write_bytes(seed)
    fuzzer = [sys.executable, "-m", module, str(corpus), f"-artifact_prefix={faults}/", *limits]
    # Linux hands the peak memory of a process on to what it turns into. A shell between us and the fuzzer is
    # small, so the fuzzer's limit is about its own memory.
    command = ["sh", "-c", '"$@"; exit $?', "sh", *fuzzer]
    told: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8") as run:
        assert run.stdout is not None
        for line in run.stdout:
            told.append(line)
            if found := _RUNS.match(line):
                progress.reach(int(found[1]))
    inputs = {path.name: path.read_bytes() for path in faults.iterdir()}
    assert run.returncode == 0, f"{inputs}\n{''.join(told[-_LINES_TOLD:])}"
