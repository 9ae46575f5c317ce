"""API tokens: what programs sign in with. A token acts as its user, with the user's roles of the moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from orderkit.database.schema.system_tables import token as token_table
from orderkit.engine.access.people import person_of
from orderkit.engine.accounts.secrets import API_PREFIX, digest_of, new_token
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime, Unit
from orderkit.model.errors import NotFound

TOUCH_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it may be listed; the token itself is shown once, when it is made."""

    id: int
    user_id: int
    label: str
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


def make_token(unit: Unit, user_id: int, label: str) -> str:
    """Return a new token of this user. Only its digest is kept, so it cannot be shown again."""
    token = new_token(API_PREFIX)
    unit.connection.execute(
        token_table.insert().values(
            digest=digest_of(token), user_id=user_id, label=label, created_at=unit.now
        )
    )
    return token


def person_of_token(runtime: Runtime, token: str) -> Person | None:
    """Return the person for whom a token acts; None when it is unknown, revoked, or they have left."""
    if not token.startswith(API_PREFIX):
        return None
    with runtime.read(SYSTEM, Channel.API) as unit:
        row = unit.connection.execute(
            select(token_table).where(
                token_table.c.digest == digest_of(token), token_table.c.revoked_at.is_(None)
            )
        ).one_or_none()
        person = None if row is None else person_of(unit, row.user_id)
        now = unit.now
    if row is None or person is None:
        return None
    if row.used_at is None or row.used_at + TOUCH_EVERY <= now:
        with runtime.write(SYSTEM, Channel.API) as unit:
            used = token_table.update().where(token_table.c.id == row.id).values(used_at=unit.now)
            unit.connection.execute(used)
    return person


def tokens_of(unit: Unit, user_id: int) -> tuple[Token, ...]:
    """Return a user's tokens, newest first, revoked ones among them."""
    rows = unit.connection.execute(
        select(token_table).where(token_table.c.user_id == user_id).order_by(token_table.c.id.desc())
    )
    return tuple(
        Token(
            id=row.id,
            user_id=row.user_id,
            label=row.label,
            created_at=row.created_at,
            used_at=row.used_at,
            revoked_at=row.revoked_at,
        )
        for row in rows
    )


def revoke_token(unit: Unit, token_id: int, *, user_id: int) -> None:
    """End a token of this user at once. Raises NotFound when the user has no such token in force."""
    mine = (token_table.c.id == token_id) & (token_table.c.user_id == user_id)
    in_force = mine & token_table.c.revoked_at.is_(None)
    revoked = unit.connection.execute(token_table.update().where(in_force).values(revoked_at=unit.now))
    if revoked.rowcount == 0:
        raise NotFound
