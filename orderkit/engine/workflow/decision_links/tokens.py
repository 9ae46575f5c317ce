"""The token of a link: it follows from a salt and a key that is not in the database, and is stored nowhere.

A mail waits in the queue, where whoever reads the database would find the token in it. So the queue holds a mark,
and the token takes its place when the mail leaves: at each attempt the same one, since of a mail that arrives twice
people keep either.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping

from sqlalchemy import select

from orderkit.database.schema.system_tables import decision_link as links
from orderkit.engine.runtime import SYSTEM, Channel, Runtime

PURPOSE = "decision link"
# What stands in an address whose token cannot be made any more, because the key is gone: a link that does not hold.
GONE = "gone"


def new_salt() -> str:
    """Return 256 random bits."""
    return secrets.token_hex(32)


def new_mark() -> str:
    """Return what stands for a token until a mail leaves. Nobody can guess it and write it into a record."""
    return secrets.token_hex(16)


def token_of(key: bytes, salt: str) -> str:
    """Return the token that follows from a salt."""
    made = hmac.new(key, f"{PURPOSE}\0{salt}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def digest_of(token: str) -> str:
    """Return what is stored of a token. It has too many random bits to need a slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def with_token(runtime: Runtime, text: str, held_back: object) -> str:
    """Return the text of a mail that leaves now, the token in place of its mark."""
    if not isinstance(held_back, Mapping):
        return text
    found = select(links.c.salt, links.c.digest).where(links.c.id == held_back["link"])
    with runtime.read(SYSTEM, Channel.AUTOMATION) as unit:
        row = unit.connection.execute(found).one_or_none()
    token = GONE
    if row is not None:
        made = [token_of(key, row.salt) for key in runtime.keys_for(PURPOSE)]
        token = next((each for each in made if digest_of(each) == row.digest), GONE)
    return text.replace(str(held_back["mark"]), token)
