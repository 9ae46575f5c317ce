"""Timing two ways by turns, and what came of it."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One comparison. Seconds are medians of one call; `ratio` is ours over the baseline's.

    `wanted` is the highest ratio that was asked for, where one was.
    """

    name: str
    ours: str
    baseline: str
    our_seconds: float
    baseline_seconds: float
    rounds: int
    note: str = ""
    wanted: float | None = None

    @property
    def ratio(self) -> float:
        """How many times the baseline's time ours takes."""
        return self.our_seconds / self.baseline_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure that has no baseline, such as memory at rest."""

    name: str
    value: float
    unit: str
    note: str = ""


Measured = Result | Figure


def by_turns(
    ours: Callable[[], object], baseline: Callable[[], object], *, seconds: float = 5.0, least: int = 7
) -> tuple[float, float, int]:
    """Call both alternately for about `seconds`, at least `least` times each; return both medians.

    Taking turns lets a noisy neighbour hit both; the first call of each only warms up.
    """
    ours()
    baseline()
    our_times: list[float] = []
    baseline_times: list[float] = []
    end = time.perf_counter() + seconds
    gc.collect()
    gc.disable()
    try:
        while len(our_times) < least or time.perf_counter() < end:
            our_times.append(_timed(ours))
            baseline_times.append(_timed(baseline))
    finally:
        gc.enable()
    return statistics.median(our_times), statistics.median(baseline_times), len(our_times)


def compared(
    name: str,
    ours: tuple[str, Callable[[], object]],
    baseline: tuple[str, Callable[[], object]],
    *,
    per: int = 1,
    seconds: float = 5.0,
    note: str = "",
    wanted: float | None = None,
) -> Result:
    """Measure two ways; with `per` one call does that many pieces, and times are given for one."""
    our_seconds, baseline_seconds, rounds = by_turns(ours[1], baseline[1], seconds=seconds)
    return Result(
        name=name,
        ours=ours[0],
        baseline=baseline[0],
        our_seconds=our_seconds / per,
        baseline_seconds=baseline_seconds / per,
        rounds=rounds,
        note=note,
        wanted=wanted,
    )


def _timed(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
