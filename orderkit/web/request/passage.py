"""What is known about one request while it passes through: each middleware adds its part.

It lives in the ASGI scope under one key, typed, so that no page looks up strings.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from orderkit.engine.accounts import Session

KEY = "orderkit.passage"


@dataclass(slots=True, kw_only=True)
class Passage:
    """One request. `csrf` is the token that the page's forms must carry."""

    request_id: str
    is_https: bool = False
    client: str = ""
    session: Session | None = None
    locale: str = ""
    csrf: str = ""
    form: FormData | None = None


def passage_of(scope: MutableMapping[str, Any]) -> Passage:
    """Return the passage of a request. Every request has one: the outermost middleware makes it."""
    passage: Passage = scope[KEY]
    return passage
