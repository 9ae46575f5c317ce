"""Lighthouse's figure for speed on the pages of every day, as a phone on a slow line: the median of five looks.

There is no baseline: 100 is the best there is. Where no Chromium is found nothing is measured.
"""

import os
import statistics
from collections.abc import Iterator

from playwright.sync_api import sync_playwright

from benchmarks.keystrokes import chromium, order_of_many, served
from benchmarks.measuring import Figure, Measured
from benchmarks.shops import shop
from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.runtime import SYSTEM, Channel
from tests.support.lighthouse import debugged_chromium, looked_at

ROUNDS = int(os.environ.get("ORDERKIT_BENCH_ROUNDS", "5"))
WANTED = 95


def measure() -> Iterator[Measured]:
    """Yield the figure of each page."""
    found = chromium()
    if found is None:
        return
    with shop("sqlite") as example, served(example) as url, sync_playwright() as started:
        order = order_of_many(example, rows=20)
        with example.runtime.write(SYSTEM, Channel.PAGE) as unit:
            session = start_session(unit, example.seller)
        pages = ("/sign-in", "/", "/forms/order", f"/forms/order/{order}", "/dashboards/team")
        for path in pages:
            token = "" if path == "/sign-in" else session.token
            with debugged_chromium(started, found, url=url, session=token) as port:
                looks = looked_at(port, [url + path] * ROUNDS, ["performance"], is_throttled=True)
                scores = [each.scores["performance"] for each in looks]
                yield Figure(
                    name=f"phone: Lighthouse, speed of {path.replace(str(order), '…')}",
                    value=statistics.median(scores),
                    unit="of 100",
                    note=f"wanted: at least {WANTED}; of {ROUNDS} looks: {', '.join(map(str, scores))}",
                )
