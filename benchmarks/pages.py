"""Somebody who opens pages in this process, without a browser's own work."""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from starlette.testclient import TestClient

from benchmarks.calling import Caller
from benchmarks.shops import Shop
from orderkit.engine.accounts.sessions import start_session
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.web.request.cookies import SESSION


@dataclass(frozen=True, slots=True)
class Browser:
    """Somebody who has signed in.

    Pages are asked for by a plain function: what a client does around it is nothing that the page costs.
    """

    client: TestClient
    caller: Caller
    csrf: str

    @property
    def cookie(self) -> str:
        """The cookie of the session."""
        return f"{SESSION}={self.client.cookies[SESSION]}"

    def get(self, path: str) -> str:
        """Return a page."""
        return self.caller.get_page(path, cookie=self.cookie)


@contextmanager
def signed_in(opened: Shop, user: int) -> Iterator[Browser]:
    """Yield the browser of a user who has just signed in."""
    with opened.runtime.write(SYSTEM, Channel.PAGE) as unit:
        session = start_session(unit, user)
    with TestClient(opened.app, base_url="http://bench.test", follow_redirects=False) as client:
        client.cookies.set(SESSION, session.token, domain="bench.test")
        yield Browser(client, opened.caller, session.csrf)


def cursor_beyond(browser: Browser, path: str, last: tuple[date, int]) -> str:
    """Return the cursor beyond a row of a list by days: that of the second page, with the row's values in it."""
    found = re.search(r"cursor=([A-Za-z0-9_-]+)", browser.get(path))
    assert found is not None
    text = found[1]
    document = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    document["v"] = [last[0].isoformat(), last[1]]
    packed = json.dumps(document, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")
