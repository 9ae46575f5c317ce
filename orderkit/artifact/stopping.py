"""Hearing that the server is to stop before it waits for its open answers.

An ASGI server first lets every answer finish and only then tells the app. A stream of news has no end of
its own, so the app listens to the same signals, does its part, and passes them on.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def told_to_stop(end: Callable[[], None]) -> Iterator[None]:
    """Call `end` at a signal to stop, before whoever hears it otherwise. Only the main thread hears signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.getsignal(each) for each in _SIGNALS}

    def stop(number: int, frame: FrameType | None) -> None:
        end()
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    mine = [each for each, handler in before.items() if callable(handler)]
    for each in mine:
        signal.signal(each, stop)
    try:
        yield
    finally:
        for each in mine:
            signal.signal(each, before[each])
