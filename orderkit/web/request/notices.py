"""A short word about what has just been done, carried over a redirect to the next page.

It travels in a signed cookie, because the answer that did the work is not the one that is looked at.
"""

import json
from dataclasses import dataclass

from orderkit.web.server.secret_keys import SecretKeys

_PURPOSE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A text in the reader's language. `is_good` false is a refusal.

    `saved` names what the browser has kept of a form that is saved by now, so that it may forget it.
    """

    text: str
    is_good: bool = True
    saved: str = ""


def packed(notice: Notice, keys: SecretKeys) -> str:
    """Return the notice as a cookie value."""
    body = json.dumps([notice.text[:300], notice.is_good, notice.saved]).encode().hex()
    return keys.sign(body, purpose=_PURPOSE)


def unpacked(cookie: str | None, keys: SecretKeys) -> Notice | None:
    """Return the notice of a cookie that this server has signed."""
    body = keys.verified(cookie, purpose=_PURPOSE) if cookie else None
    if body is None:
        return None
    text, is_good, *more = json.loads(bytes.fromhex(body))
    return Notice(text=text, is_good=is_good, saved=more[0] if more else "")
