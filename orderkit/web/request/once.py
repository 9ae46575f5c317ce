"""Saving a form once, however often it is sent: by a double click, a lost answer or a queue that tries again.

Each form carries a mark of its own, made by the server or by the script that keeps what is typed. Under
it the browser forgets what it kept, and the address to go to is kept in the transaction that saves.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from orderkit.engine.once import FirstAnswer, claimed, digest_of, keep
from orderkit.engine.runtime import Unit
from orderkit.web.middleware.cross_site import FIELD as CSRF_FIELD
from orderkit.web.request.visit import Visit

FIELD = "kept"
LONGEST_MARK = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Where to go after saving. `is_repeated`: it was saved when the form came the first time."""

    address: str
    is_repeated: bool = False


def mark_of(visit: Visit) -> str:
    """Return the mark that was sent with the form; empty where there was none."""
    text = visit.field(FIELD)
    return text if text.isascii() and text.isdecimal() and len(text) <= LONGEST_MARK else ""


def fresh_mark() -> str:
    """Return a mark for a form that has not been sent yet."""
    return str(secrets.randbits(120))


def once(visit: Visit, work: Callable[[Unit], str]) -> Done:
    """Run `work` in one transaction and return the address it returns, or the first one for a mark seen before.

    Raises: KeyReused where the form was saved before with something else in it.
    """
    mark = mark_of(visit)
    with visit.writing() as unit:
        if not mark:
            return Done(address=work(unit))
        key = f"page:{mark}"
        first = claimed(unit, key, _digest(visit))
        if first is not None:
            return Done(address=first.body, is_repeated=True)
        address = work(unit)
        keep(unit, key, FirstAnswer(status=303, headers={}, body=address))
    return Done(address=address)


def _digest(visit: Visit) -> str:
    sent = [
        part.encode()
        for name, value in visit.form.multi_items()
        # The token changes with the session; what was typed stays the same.
        if name != CSRF_FIELD and isinstance(value, str)
        for part in (name, value)
    ]
    return digest_of((visit.request.url.path.encode(), *sent))
