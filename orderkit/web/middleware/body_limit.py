"""Stops reading a body that is larger than this server accepts, or that comes too slowly, before anything is made of it."""

from collections.abc import Callable

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orderkit.web.errors import TooLarge, TooSlow

# The slowest line that anybody works over; a body may always take as long as `patience_seconds`.
SLOWEST_BYTES_PER_SECOND = 1024


class BodyLimit:
    """Counts the bytes of a body and the time it takes; `limit_of` says how many a path may take.

    Who sends one byte a minute would otherwise hold a connection for good, and a server has only so many.
    """

    def __init__(self, app: ASGIApp, *, limit_of: Callable[[str], int], patience_seconds: float) -> None:
        self.app = app
        self.limit_of = limit_of
        self.patience_seconds = patience_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.limit_of(scope["path"])
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            raise TooLarge
        received = 0
        is_whole = False
        begun = anyio.current_time()

        async def receive_counting() -> Message:
            nonlocal received, is_whole
            if is_whole:
                # What comes behind the body is that the reader has left, however late.
                return await receive()
            allowed = self.patience_seconds + received / SLOWEST_BYTES_PER_SECOND
            with anyio.move_on_at(begun + allowed) as waiting:
                message = await receive()
            if waiting.cancelled_caught:
                raise TooSlow
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                is_whole = not message.get("more_body", False)
                if received > limit:
                    raise TooLarge
            return message

        await self.app(scope, receive_counting, send)
