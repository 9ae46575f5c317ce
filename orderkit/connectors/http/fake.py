"""A strict system to speak HTTP with: keeps what arrived, knows repeated keys, fails on demand.

It is an ASGI application; `serving` runs it on a free port of this machine. Tests of projects use it
as well as ours, so it refuses what a careful system would refuse.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it arrived."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    """An answer that is given instead of the normal one, once. `does_work` stores the request first."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"error": "scripted"}'
    does_work: bool = False


class FakeEndpoint:
    """Takes JSON, answers `{"number": "V0001"}` once per key, the same again for the same key."""

    def __init__(self, *, authorization: str | None = None) -> None:
        self.authorization = authorization
        self.requests: list[Received] = []
        self.accepted: dict[str, Received] = {}
        self.script: deque[Scripted] = deque()
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        assert scope["type"] == "http"
        raw = bytearray()
        while True:
            message = await receive()
            raw += message.get("body", b"")
            if not message.get("more_body", False):
                break
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        status, more, body = self._answer(scope, headers, bytes(raw))
        content = [(b"content-type", b"application/json")] if "content-type" not in more else []
        encoded = [(name.encode(), value.encode()) for name, value in more.items()]
        await send({"type": "http.response.start", "status": status, "headers": [*content, *encoded]})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, scope: Scope, headers: dict[str, str], raw: bytes) -> tuple[int, dict[str, str], bytes]:
        if self.authorization is not None and headers.get("authorization") != self.authorization:
            return _error(401, "wrong authorization")
        if raw and headers.get("content-type") != "application/json":
            return _error(415, "the body must be application/json")
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            return _error(400, "the body is not JSON")
        received = Received(
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("ascii"),
            headers=headers,
            body=body,
        )
        with self._lock:
            self.requests.append(received)
            scripted = self.script.popleft() if self.script else None
            if scripted is not None and not scripted.does_work:
                return scripted.status, dict(scripted.headers), scripted.body
            answer = self._work(received)
            return answer if scripted is None else (scripted.status, dict(scripted.headers), scripted.body)

    def _work(self, received: Received) -> tuple[int, dict[str, str], bytes]:
        if received.method == "GET":
            return 200, {}, json.dumps({"path": received.path, "query": received.query}).encode()
        key = received.headers.get("idempotency-key")
        if not key:
            return _error(400, "a write needs an Idempotency-Key")
        first = self.accepted.setdefault(key, received)
        if (first.method, first.path, first.body) != (received.method, received.path, received.body):
            return _error(422, "this key was used for another request")
        number = f"V{list(self.accepted).index(key) + 1:04}"
        return (201 if first is received else 200), {}, json.dumps({"number": number}).encode()


def _error(status: int, text: str) -> tuple[int, dict[str, str], bytes]:
    return status, {}, json.dumps({"error": text}).encode()


@contextmanager
def serving(application: Callable[[Scope, Receive, Send], Awaitable[None]]) -> Iterator[str]:
    """Serve an ASGI application on a free port of this machine and give its URL."""
    config = uvicorn.Config(
        application, host="127.0.0.1", port=0, log_level="critical", lifespan="off", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
