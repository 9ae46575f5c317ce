"""Protects against forged requests: what changes something must carry the token of its session.

The token stands in a header of htmx and fetch, or in a hidden field of a form. Before sign-in it
belongs to a random cookie that the server has signed.
"""

import hmac
import secrets

from starlette.datastructures import FormData, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orderkit.web.errors import BadForm, Forged
from orderkit.web.request.cookies import VISITOR, set_cookie
from orderkit.web.request.passage import passage_of
from orderkit.web.server.secret_keys import SecretKeys

HEADER = "x-csrf-token"
FIELD = "csrf_token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_FIELDS = 20_000
MOST_FILES = 20
LARGEST_FIELD = 4 * 1024 * 1024

_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class CrossSiteProtection:
    """Refuses unsafe requests without the right token. Programs' calls carry a token of another kind."""

    def __init__(self, app: ASGIApp, *, keys: SecretKeys) -> None:
        self.app = app
        self.keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["path"].startswith(
            ("/api/", "/hooks/", "/static/", "/healthz", "/readyz")
        ):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        passage = passage_of(scope)
        fresh_visitor: str | None = None
        if passage.session is not None:
            passage.csrf = passage.session.csrf
        else:
            visitor = self.keys.verified(request.cookies.get(VISITOR, ""), purpose="visitor")
            if visitor is None:
                visitor = secrets.token_urlsafe(18)
                fresh_visitor = self.keys.sign(visitor, purpose="visitor")
            passage.csrf = self.keys.sign(visitor, purpose="csrf")
        if scope["method"] not in SAFE_METHODS:
            await self._check(request)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and fresh_visitor is not None:
                cookie = set_cookie(VISITOR, fresh_visitor, is_https=passage.is_https)
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        try:
            await self.app(scope, receive, send_with_cookie)
        finally:
            if passage.form is not None:
                await passage.form.close()

    async def _check(self, request: Request) -> None:
        passage = passage_of(request.scope)
        # A sister site (`same-site`) could set our visitor's cookie; `none` is a person's own doing.
        if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            raise Forged
        given = request.headers.get(HEADER)
        # With the header at hand a forged request is refused before its body is read.
        if given is not None and not _same(given, passage.csrf):
            raise Forged
        content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if content_type in _FORM_TYPES:
            passage.form = await request.form(
                max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD
            )
        elif content_type or int(request.headers.get("content-length") or 0):
            raise BadForm
        else:
            passage.form = FormData()
        if given is None:
            field = passage.form.get(FIELD)
            if not isinstance(field, str) or not _same(field, passage.csrf):
                raise Forged


def _same(given: str, expected: str) -> bool:
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())
