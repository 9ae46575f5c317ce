"""Runs work on a database in processes that are killed at a chosen moment, each forked from one that has imported everything.

`Killer` is for tests; the module run by itself, with the function that does the work, is the process that forks.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import sqlalchemy as sa

NEVER = 10**9


class Killer:
    """Starts work and tells what became of it: `work` is a function of the URL and a folder, as `module:name`."""

    def __init__(self, work: str = "tests.database.migrating.story:bring") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.killing", work],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def migrate(self, url: str, folder: Path, *, at: int = NEVER, after_seconds: float | None = None) -> str:
        """Return `done`, or `killed`: before the statement or commit number `at`, or after some time."""
        order = {"url": url, "folder": str(folder), "at": at, "after": after_seconds}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: str = json.loads(self._process.stdout.readline())
        return answer

    def count(self, url: str, folder: Path) -> int:
        """Migrate to the end, and return how many statements and commits it took."""
        answer = self.migrate(url, folder, at=-1)
        assert answer.startswith("done"), answer
        return int(answer.split()[1])

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def _serve() -> None:
    module, _, name = sys.argv[1].partition(":")
    work = getattr(importlib.import_module(module), name)
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _run(work, order, writing)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            said = pipe.read()
        _, status = os.waitpid(child, 0)
        is_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        sys.stdout.write(json.dumps("killed" if is_killed else said) + "\n")
        sys.stdout.flush()


def _run(work: Any, order: dict[str, Any], answer: int) -> None:
    count = 0

    def one(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == order["at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "before_cursor_execute", one)
    sa.event.listen(sa.Engine, "commit", one)
    if order["after"] is not None:
        threading.Timer(order["after"], lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
    try:
        work(order["url"], Path(order["folder"]))
        said = f"done {count}"
    except BaseException as error:  # noqa: BLE001 - told to whoever waits, whatever it is
        said = f"failed {type(error).__name__}: {error}"
    os.write(answer, said.encode())
    os._exit(0)


if __name__ == "__main__":
    _serve()
