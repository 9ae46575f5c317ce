"""`/live`: the stream of a signed-in person as server-sent events.

Each event carries what may be told, and as its id how far that reaches, for any process to go on from.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable

import anyio
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from orderkit.engine.accounts import find_session
from orderkit.engine.live import Looked, Told, read_marks
from orderkit.model.errors import OrderkitError
from orderkit.web.errors import SignInNeeded
from orderkit.web.live.hub import Hub, Stream
from orderkit.web.request.passage import passage_of
from orderkit.web.server.threads import Threads

BEAT_SECONDS = 15.0
# Each is asked for whenever anything happens; one page shows one.
MOST_LOOKED_AT = 10
_LOOKED_AT = re.compile(r"([a-z][a-z0-9_]{0,99})/([0-9]{1,18})", re.ASCII)
_HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    # Proxies would keep events back until they have enough of them.
    "x-accel-buffering": "no",
}
_BUSY = "too many open streams\n"


def live_endpoint(hub: Hub, threads: Threads) -> Callable[[Request], Awaitable[Response]]:
    """Return the ASGI endpoint of the stream. Raises SignInNeeded."""

    async def answer(request: Request) -> Response:
        session = passage_of(request.scope).session
        if session is None:
            raise SignInNeeded
        if hub.is_full_for(session.person.id):
            return PlainTextResponse(_BUSY, 429, headers={"retry-after": "60"})
        since = request.headers.get("last-event-id") or request.query_params.get("after", "")
        stream = Stream(
            token=session.token,
            person_id=session.person.id,
            loop=asyncio.get_running_loop(),
            looked_at=read_looked_at(request.query_params.get("showing", "")),
        )
        return EventStream(hub, threads, stream, since)

    return answer


def read_looked_at(text: str) -> frozenset[Looked]:
    """Return the records that pages say they show: `order/12,customer/7`. What is none is passed over."""
    matches = map(_LOOKED_AT.fullmatch, text.split(",", MOST_LOOKED_AT)[:MOST_LOOKED_AT])
    return frozenset((match[1], int(match[2])) for match in matches if match)


class EventStream(Response):
    """The answer that goes on until the reader leaves, signs out, or the server stops."""

    def __init__(self, hub: Hub, threads: Threads, stream: Stream, since: str) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self.hub = hub
        self.threads = threads
        self.stream = stream
        self.since = since

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - an ASGI app
        """Send events until it is over. Leaving is noticed at once, not at the next event."""
        self.hub.open(self.stream)
        try:
            # Before anything is sent: what goes wrong here can still be answered as on any page.
            begun = await self.threads.run(self.hub.catch_up, self.stream, read_marks(self.since))
            if begun is None:
                raise SignInNeeded
            async with anyio.create_task_group() as group:

                async def until_left() -> None:
                    while (await receive())["type"] != "http.disconnect":
                        pass
                    group.cancel_scope.cancel()

                group.start_soon(until_left)
                await self._send_all(send, begun)
                group.cancel_scope.cancel()
        finally:
            self.hub.leave(self.stream)

    async def _send_all(self, send: Send, begun: Told) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await _send(send, event_of(begun, "news" if begun else "hello"))
        while not self.stream.is_over:
            await self._send_next(send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_next(self, send: Send) -> None:
        with anyio.move_on_after(BEAT_SECONDS):
            await self.stream.awake.wait()
        news = self.stream.take()
        if news is not None:
            await _send(send, event_of(news, "news"))
        elif not self.stream.is_over:
            await self._beat(send)

    async def _beat(self, send: Send) -> None:
        """Keep the connection open, unless its person has signed out; the database may be away for a while."""
        try:
            session = await self.threads.run(find_session, self.hub.runtime, self.stream.token, is_used=False)
        except OrderkitError:
            session = None
        if session is None:
            self.stream.is_over = True
        else:
            await _send(send, ": still here\n\n")


async def _send(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def event_of(told: Told, name: str) -> str:
    """Return an event as it goes over the wire."""
    data = {
        "records": [
            {"form": each.form, "id": each.id, "by": each.by, "mine": each.is_mine} for each in told.records
        ],
        "forms": sorted(told.forms),
        "tasks": told.tasks,
        "messages": told.messages,
        "lost": [{"form": form, "id": each} for form, each in sorted(told.lost)],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\nid: {'.'.join(map(str, told.marks))}\ndata: {text}\n\n"
