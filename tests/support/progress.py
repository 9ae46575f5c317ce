"""What a long proof says while it runs, so that whoever waits sees that it lives and how far it is."""

import time
from collections.abc import Callable

SECONDS_BETWEEN = 10


class Progress:
    """Counts what a proof has been through; says so every ten seconds, and once more at the end."""

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._begin = self._said = clock()
        self._count = 0

    def step(self, *, of: int | None = None) -> None:
        """Count one more, of so many in all where that is known."""
        self.reach(self._count + 1, of=of)

    def reach(self, count: int, *, of: int | None = None) -> None:
        """Note that so many are done by now."""
        self._count = count
        now = self._clock()
        if now - self._said >= SECONDS_BETWEEN:
            self._said = now
            self._say(f"{self._so_far(now)}, {of:,} wanted" if of else self._so_far(now))

    def end(self) -> None:
        """Say how many there were, and how long they took; nothing where nothing was counted."""
        if self._count:
            self._say(f"{self._so_far(self._clock())}, done")

    def _so_far(self, now: float) -> str:
        return f"    {self._count:,} in {now - self._begin:,.0f} s"
