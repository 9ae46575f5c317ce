"""Turns whatever was refused, or went wrong, into an answer: never a traceback, never a bare status."""

from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orderkit.web.errors import BUG, fault_of
from orderkit.web.request.passage import passage_of

log = structlog.get_logger(__name__)

Answering = Callable[[Request, Exception], Awaitable[Response]]


class Faults:
    """Catches every exception and lets `answer` say it; a bug of ours is logged with its request id."""

    def __init__(self, app: ASGIApp, *, answer: Answering) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def send_watching(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_watching)
        except ClientDisconnect:
            # Nobody is there any more to be answered; a page asks anew as one types and lets go.
            return
        except Exception as error:
            passage = passage_of(scope)
            if fault_of(error) is BUG:
                log.exception(
                    "a request failed", action="web.bug", request_id=passage.request_id, path=scope["path"]
                )
            if has_begun:
                raise
            response = await self.answer(Request(scope, receive), error)
            await response(scope, receive, send)
