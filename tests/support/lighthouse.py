"""Lighthouse over pages, in a Chromium of its own: a phone, with the session of a cookie."""

import json
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Playwright

from orderkit.web.request.cookies import SESSION

SCRIPT = Path(__file__).parents[2] / "frontend" / "lighthouse.mjs"
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Seen:
    """What Lighthouse says of one page."""

    url: str
    scores: dict[str, int]
    failed: tuple[str, ...]


@contextmanager
def debugged_chromium(
    playwright: Playwright, executable: str | None, *, url: str = "", session: str = ""
) -> Iterator[int]:
    """Yield the port at which a fresh Chromium is spoken to; with a session it is signed in at `url`.

    A cookie of its own, since headers given to the pages alone would miss what their worker asks for.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = int(listening.getsockname()[1])
    started = playwright.chromium.launch(
        executable_path=executable,
        args=["--no-sandbox", "--disable-gpu", "--lang=zh-CN", f"--remote-debugging-port={port}"],
    )
    if session:
        spoken_to = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        # A profile lasts as long as a page of it is open, and its cookies with it.
        spoken_to.contexts[0].new_page()
        spoken_to.contexts[0].add_cookies([{"name": SESSION, "value": session, "url": url}])
    try:
        yield port
    finally:
        started.close()


def looked_at(
    port: int, urls: Sequence[str], categories: Sequence[str], *, is_throttled: bool = False
) -> list[Seen]:
    """Return what is found on each page. A page that cannot be looked at raises."""
    asked = {
        "port": port,
        "urls": list(urls),
        "categories": list(categories),
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
