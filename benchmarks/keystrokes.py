"""From a key pressed in a record's table of 500 rows to the next frame, in a Chromium slowed down four times.

There is no baseline: the figure is what a person waits. Where no Chromium is found nothing is measured.
"""

import os
import shutil
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import uvicorn
from playwright.sync_api import Page, sync_playwright

from benchmarks.measuring import Figure, Measured
from benchmarks.shops import Shop, shop
from orderkit.engine import records
from orderkit.engine.accounts import set_password
from orderkit.engine.records import Create, LineChange
from orderkit.engine.runtime import SYSTEM, Channel

ROWS = 500
SLOWED = 4
KEYS = 30
PASSWORD = "benchmark-benchmark"
NAMES = ("chromium", "chromium-browser", "google-chrome")

# From the moment the browser heard of the key to the first moment after the frame that shows it.
LISTEN = """
() => {
  window.waited = [];
  document.addEventListener("keydown", (event) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.waited.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(null);
    });
  }, { capture: true });
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
  }).observe({ type: "longtask" });
}
"""


def measure() -> Iterator[Measured]:
    """Yield the wait per key while typing, with the server's answers between the keys, and the longest task."""
    found = chromium()
    if found is None:
        return
    with shop("sqlite") as example, served(example) as url, sync_playwright() as started:
        order = order_of_many(example)
        browser = started.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(base_url=url, viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page.goto("/sign-in")
        page.locator("#login").fill("seller")
        page.locator("#password").fill(PASSWORD)
        page.locator(".entrance-form button.btn-primary").click()
        page.wait_for_url("**/")
        page.goto(f"/forms/order/{order}/edit")
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        waits = _typed(page)
        longest = page.evaluate("window.longest")
        browser.close()
    note = f"wanted: under 50 ms; 95 % of {len(waits)} keys within {statistics.quantiles(waits, n=20)[-1]:.0f} ms"
    name = f"type: a digit in one of {ROWS} rows, Chromium slowed {SLOWED} times"
    yield Figure(name=name, value=statistics.median(waits), unit="ms", note=note)
    yield Figure(
        name="type: the longest that the page was busy meanwhile",
        value=longest,
        unit="ms",
        note="the server's answers about all rows included",
    )


def chromium() -> str | None:
    """Return the path of a Chromium: the one that is named, or that of the machine."""
    return os.environ.get("ORDERKIT_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def _typed(page: Page) -> list[float]:
    """Return the wait for each key: typed with a pause like a person's, so that answers come in between."""
    box = page.locator('tr[data-row] input[name$=".qty"]').nth(ROWS // 2)
    box.click()
    box.press("1")
    page.wait_for_timeout(1000)
    page.evaluate(LISTEN)
    for number in range(KEYS):
        page.keyboard.press("Backspace" if number % 3 == 2 else str(1 + number % 9))
        page.wait_for_timeout(150 if number % 5 else 900)
    return list(page.evaluate("window.waited"))


def order_of_many(example: Shop, rows: int = ROWS) -> int:
    """Create an order with many rows, and give the seller a password."""
    products = example.ids("product")
    lines = [
        LineChange(
            values={"product": products[number % len(products)], "qty": number + 1, "price": Decimal("12.5")}
        )
        for number in range(rows)
    ]
    values = {
        "customer": example.ids("customer")[0],
        "salesperson": example.seller,
        "need_by": date(2099, 12, 31),
    }
    with example.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        set_password(unit, example.seller, PASSWORD)
        (applied,) = records.apply(unit, [Create(form="order", values=values, lines={"lines": lines})])
    return applied.id


@contextmanager
def served(example: Shop) -> Iterator[str]:
    """Yield the address at which the shop is served."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(example.app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
