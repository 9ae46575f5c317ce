"""How much memory this process takes while something runs."""

import gc
import os
import threading
from pathlib import Path
from typing import Self


class Memory:
    """The resident memory of this process, looked at while the block runs. Only Linux tells it."""

    def __init__(self) -> None:
        self.before_megabytes = self.peak_megabytes = 0.0
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        gc.collect()
        self.before_megabytes = self.peak_megabytes = _resident_megabytes()
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._ended.wait(0.05):
            self.peak_megabytes = max(self.peak_megabytes, _resident_megabytes())


def _resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
