"""Calling an ASGI app in this process, without a network: only what the app does is measured."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self

from starlette.types import ASGIApp, Message


class Caller(AbstractContextManager["Caller"]):
    """Sends requests to one app, one after another, over one event loop."""

    def __init__(self, app: ASGIApp, token: str = "") -> None:
        self.app = app
        self.token = token
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Return the JSON document that the app answers with; anything but success is an error."""
        sent = b"" if body is None else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        status, content = self._loop.run_until_complete(self._call(method, path, sent, headers))
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {content.decode()[:500]}")
        return json.loads(content)

    def post_form(self, path: str, sent: bytes, *, cookie: str) -> int:
        """Send an encoded form as a browser does; return the status of the answer."""
        headers = {"cookie": cookie, "content-type": "application/x-www-form-urlencoded"}
        status, _ = self._loop.run_until_complete(self._call("POST", path, sent, headers))
        return status

    def get_page(self, path: str, *, cookie: str) -> str:
        """Return a page as a browser is sent it; anything but success is an error."""
        status, content = self._loop.run_until_complete(self._call("GET", path, b"", {"cookie": cookie}))
        if status != 200:
            raise RuntimeError(f"GET {path}: {status}")
        return content.decode()

    async def _call(
        self, method: str, path: str, sent: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (b"host", b"localhost"),
                *((name.encode(), value.encode()) for name, value in headers.items()),
                (b"content-length", str(len(sent)).encode()),
            ],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        status, content = 0, b""

        async def receive() -> Message:
            return {"type": "http.request", "body": sent, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status, content
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                content += message.get("body", b"")

        await self.app(scope, receive, send)
        return status, content
