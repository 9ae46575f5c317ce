"""Finds out who asks: the cookie's token leads to a session that is kept on the server."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from orderkit.engine.accounts import find_session
from orderkit.engine.runtime import Runtime
from orderkit.web.request.cookies import SESSION
from orderkit.web.request.passage import passage_of
from orderkit.web.server.threads import Threads


class Sessions:
    """Puts the session, if there is one, into the passage. Files and programs' calls need none."""

    def __init__(self, app: ASGIApp, *, runtime: Runtime, threads: Threads) -> None:
        self.app = app
        self.runtime = runtime
        self.threads = threads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and not scope["path"].startswith(
            ("/static/", "/api/", "/hooks/", "/healthz", "/readyz")
        ):
            token = HTTPConnection(scope).cookies.get(SESSION)
            if token:
                session = await self.threads.run(find_session, self.runtime, token)
                passage_of(scope).session = session
        await self.app(scope, receive, send)
