"""Lighthouse over pages, in a Chromium of its own: a phone, with the session of a cookie."""

import json
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Playwright

SCRIPT = Path(__file__).parents[2] / "frontend" / "lighthouse.mjs"
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Seen:
    """What Lighthouse says of one page."""

    url: str
    scores: dict[str, int]
    failed: tuple[str, ...]


@contextmanager
def debugged_chromium(playwright: Playwright, executable: str | None) -> Iterator[int]:
    """Yield the port at which a fresh Chromium is spoken to."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = int(listening.getsockname()[1])
    started = playwright.chromium.launch(
        executable_path=executable,
        args=["--no-sandbox", "--disable-gpu", "--lang=zh-CN", f"--remote-debugging-port={port}"],
    )
    try:
        yield port
    finally:
        started.close()


def looked_at(
    port: int, urls: Sequence[str], categories: Sequence[str], *, cookie: str = "", is_throttled: bool = False
) -> list[Seen]:
    """Return what is found on each page. A page that cannot be looked at raises."""
    asked = {
        "port": port,
        "urls": list(urls),
        "categories": list(categories),
        "cookie": cookie,
        "throttled": is_throttled,
    }
    done = subprocess.run(
        ["node", str(SCRIPT)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or len(found) != len(urls) or any(each["error"] for each in found):
        raise RuntimeError(f"{[each['error'] for each in found]} {done.stderr[-2000:]}")
    return [Seen(each["url"], each["scores"], tuple(each["failed"])) for each in found]
