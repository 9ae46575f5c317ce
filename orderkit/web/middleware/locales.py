"""Chooses the language of an answer: the session's, the visitor's cookie, the browser's, the project's."""

from collections.abc import Sequence

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from orderkit.web.request.cookies import LOCALE
from orderkit.web.request.passage import passage_of


class Locales:
    """Puts one of the project's locales into the passage."""

    def __init__(self, app: ASGIApp, *, locales: Sequence[str], main: str) -> None:
        self.app = app
        self.locales = tuple(locales)
        self.main = main

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            passage = passage_of(scope)
            connection = HTTPConnection(scope)
            chosen = passage.session.locale if passage.session else connection.cookies.get(LOCALE)
            if chosen not in self.locales:
                chosen = nearest_locale(
                    connection.headers.get("accept-language", ""), self.locales, self.main
                )
            passage.locale = chosen
        await self.app(scope, receive, send)


def nearest_locale(accepted: str, locales: Sequence[str], main: str) -> str:
    """Return the locale that fits an `Accept-Language` header best; the project's main one if none does."""
    wishes: list[tuple[float, str]] = []
    for part in accepted.split(","):
        tag, _, parameters = part.partition(";")
        weight = parameters.strip().removeprefix("q=")
        try:
            wishes.append((float(weight) if weight else 1.0, tag.strip().lower()))
        except ValueError:
            continue
    for _, tag in sorted(wishes, key=lambda wish: -wish[0]):
        for locale in locales:
            if tag and tag.split("-")[0] == locale.lower().split("-")[0]:
                return locale
    return main
