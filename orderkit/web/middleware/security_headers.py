"""Tells browsers what a page may do: load nothing from elsewhere, run nothing that stands in it."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orderkit.web.request.passage import passage_of

# The CSS carries small drawings as data: addresses; previews of pictures are blob: ones.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    # Nothing here is for a search engine: not what people see, and not the page where they sign in.
    "x-robots-tag": "noindex, nofollow",
    # Codes are read and places found by these pages alone, after the browser has asked the person.
    "permissions-policy": "camera=(self), geolocation=(self), microphone=(), payment=()",
}
TWO_YEARS_SECONDS = 2 * 365 * 24 * 3600


class SecurityHeaders:
    """Adds the headers to every answer; one that a page has set itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                # What people see depends on who they are: no cache keeps it, not even the browser's.
                headers.setdefault("cache-control", "no-store")
                if passage_of(scope).is_https:
                    headers.setdefault("strict-transport-security", f"max-age={TWO_YEARS_SECONDS}")
            await send(message)

        await self.app(scope, receive, send_with_headers)
