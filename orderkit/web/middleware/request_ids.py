"""Gives every request an id: it stands in the log, in the audit and on the page of a fault."""

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orderkit.web.request.passage import KEY, Passage

HEADER = "x-request-id"
_ACCEPTED = re.compile(r"[A-Za-z0-9_.-]{8,64}")


class RequestIds:
    """Makes the passage of a request. An id that a proxy sends along is kept, if it looks like one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(HEADER.encode(), b"").decode("latin-1")
        request_id = given if _ACCEPTED.fullmatch(given) else secrets.token_hex(8)
        scope[KEY] = Passage(request_id=request_id)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        await self.app(scope, receive, send_with_id)
