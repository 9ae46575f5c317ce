"""Running the synchronous engine beside the event loop: no more threads than database connections.

A request that finds no free thread waits its turn here, cheaply, instead of waiting for a connection
in a thread.
"""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

import anyio
from anyio import to_thread

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """A bounded number of threads for engine calls."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._limiter: anyio.CapacityLimiter | None = None

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `function` in a thread and return what it returns."""
        if self._limiter is None:
            # A limiter belongs to the event loop that runs it, which exists only by now.
            self._limiter = anyio.CapacityLimiter(self.size)
        return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=self._limiter)
