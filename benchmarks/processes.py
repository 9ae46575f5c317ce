"""Measuring whole commands: what a process and its children cost, from its start to its end.

Processor time is taken, user and system together: a busy neighbour makes a process wait, but does not
make it work more. The commands do one thing at a time, so on a quiet machine it is the time one waits.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ORDERKIT = (sys.executable, "-c", "from orderkit.cli import main; main()")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command took, at the median of its runs; memory at its peak, the highest of them."""

    seconds: float
    peak_megabytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command, and what is done before each of its runs."""

    words: Sequence[str]
    before: Callable[[], object] = lambda: None


def costs(commands: Mapping[str, Command], *, rounds: int) -> dict[str, Cost]:
    """Run all commands by turns, `rounds` times each after one round that only warms up."""
    runs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            command.before()
            cost = _cost(command.words)
            if number:
                runs[name].append(cost)
    return {
        name: Cost(
            statistics.median(each.seconds for each in found), max(each.peak_megabytes for each in found)
        )
        for name, found in runs.items()
    }


def _cost(words: Sequence[str]) -> Cost:
    # As installed: byte code is kept, and no setting of this shell's changes what is done.
    kept = {"PATH", "HOME", "LANG", "ORDERKIT_CACHE", "SYSTEMROOT"}
    environment = {name: value for name, value in os.environ.items() if name in kept}
    process = subprocess.Popen(
        words,
        env=environment,
        cwd=Path(__file__).parents[1],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)}: {said.decode()[:500]}")
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Cost(usage.ru_utime + usage.ru_stime, kilobytes / 1024)
