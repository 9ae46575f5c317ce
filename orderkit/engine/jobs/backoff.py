"""How long to wait after a failed attempt: from the first delay to the last in equal ratios, with jitter."""

import math
import random

JITTER = 0.15


def delay_seconds(attempt: int, *, times: int, first: float, last: float) -> float:
    """Return the wait after `attempt` (from 1) when there are `times` retries: `first` … `last`."""
    if times <= 1 or attempt <= 1:
        return first
    return min(last, first * math.pow(last / first, (attempt - 1) / (times - 1)))


def with_jitter(seconds: float) -> float:
    """Return a wait a little shorter or longer, so that jobs that failed together come back apart."""
    return seconds * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - nothing secret
