"""From starting a server to its first answer, and its memory at rest, against a bare Starlette server."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2

from benchmarks.measuring import Figure, Measured, Result
from benchmarks.shops import EXAMPLE

ROUNDS = 5
SETTLED_SECONDS = 3.0
BARE = """
import sqlalchemy, uvicorn, socket
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
app = Starlette(routes=[Route("/readyz", lambda request: PlainTextResponse("ok"))])
uvicorn.run(app, port=int(__import__("sys").argv[1]), log_level="warning")
"""


# Compiled modules are kept, as on a server; the first start of each makes them and is not counted.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "ORDERKIT_SECRET_KEY": "benchmark-benchmark-benchmark-benchmark",
}


def measure() -> Iterator[Measured]:
    """Yield the time to the first answer and the memory of both, on SQLite."""
    with tempfile.TemporaryDirectory(prefix="orderkit-bench-") as name:
        folder = Path(name) / "example"
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("build", "var"))
        for command in ("build", "migrate"):
            subprocess.run([*_orderkit(), command, str(folder)], check=True, capture_output=True)
        serve, bare_server = (
            [*_orderkit(), "serve", str(folder), "--port", "{port}"],
            [sys.executable, "-c", BARE, "{port}"],
        )
        # By turns, so that a noisy neighbour hits both; the first start of each is not counted.
        pairs = [(_started(serve), _started(bare_server)) for _ in range(ROUNDS + 1)][1:]
    ours, bare = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    seconds, baseline = _median([each[0] for each in ours]), _median([each[0] for each in bare])
    yield Result(
        name="serve: start to first answer",
        ours="orderkit serve",
        baseline="bare Starlette, uvicorn and SQLAlchemy",
        our_seconds=seconds,
        baseline_seconds=baseline,
        rounds=ROUNDS,
    )
    memory, baseline_memory = _median([each[1] for each in ours]), _median([each[1] for each in bare])
    note = f"bare: {baseline_memory:,.0f} MB, {memory / baseline_memory:.1f} times"
    yield Figure(name="serve: memory at rest", value=memory, unit="MB", note=note)


def _orderkit() -> list[str]:
    return [sys.executable, "-c", "from orderkit.cli import main; main()"]


def _started(command: list[str]) -> tuple[float, float]:
    """Return the seconds to the first answer of /readyz, and the resident memory in MB a while later."""
    port = str(20_000 + os.getpid() % 20_000)
    start = time.perf_counter()
    process = subprocess.Popen(
        [part.format(port=port) if part == "{port}" else part for part in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
    )
    try:
        while True:
            try:
                if httpx2.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                    break
            except httpx2.TransportError:
                if process.poll() is not None or time.perf_counter() - start > 60:
                    raise
            time.sleep(0.01)
        seconds = time.perf_counter() - start
        time.sleep(SETTLED_SECONDS)
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return seconds, int(found[1]) / 1024 if found else 0.0
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
