"""Sessions of people in a browser: kept on the server, found by the digest of a token in a cookie.

A session ends after a time without use and, at the latest, after a day's work; signing in always makes
a fresh one. How the cookie is set is the business of `web`.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from orderkit.database.schema.system_tables import account_setting
from orderkit.database.schema.system_tables import session as session_table
from orderkit.engine.access.administrators import require_administrator
from orderkit.engine.access.people import person_of
from orderkit.engine.accounts.noting import AccountEvent, note
from orderkit.engine.accounts.passwords import is_right
from orderkit.engine.accounts.preferences import LANGUAGE, ZONE, known_zones, preferences_of
from orderkit.engine.accounts.secrets import digest_of, new_token
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime, Unit
from orderkit.model.errors import Denied, NotFound
from orderkit.model.labels import label

# The time of last use is written at most this often, so that reading a page writes nothing.
TOUCH_EVERY = timedelta(minutes=5)
# ... and often enough that a short time without use is measured well.
TOUCHES_WHILE_IDLE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in person. `token` goes into the cookie, `csrf` into every form and htmx request."""

    token: str
    csrf: str
    person: Person
    locale: str | None
    created_at: datetime
    expires_at: datetime

    def has_csrf(self, given: str | None) -> bool:
        """Return whether a request carries this session's CSRF token."""
        return given is not None and hmac.compare_digest(given.encode(), self.csrf.encode())


def prove_password(runtime: Runtime, login: str, password: str, *, address: str = "") -> int:
    """Return the id of the user whose login name and password these are.

    Raises: Denied, with the same words for a wrong password, an unknown name and a pause.
    """
    user_id = _user_of(runtime, login)
    if not is_right(runtime, user_id, password, address=address) or user_id is None:
        raise Denied(
            label(
                zh="登录名或密码不对；连续多次失败后须等一会儿再试",
                en="Login name or password is wrong; after several failures wait a while before trying again",
            )
        )
    return user_id


def start_session(unit: Unit, user_id: int, *, previous: str | None = None) -> Session:
    """Return a fresh session of a person who has proved who they are by a password or a one-time link.

    Raises: Denied when they have been let go.
    """
    person = person_of(unit, user_id)
    if person is None:
        raise Denied(
            label(zh="这个用户已停用，不能登录", en="This user has been let go and can no longer sign in")
        )
    if previous is not None:
        _end(unit, digest=digest_of(previous))
    token, csrf = new_token(), new_token()
    locale = preferences_of(unit, user_id).get(LANGUAGE) or person.locale
    expires = unit.now + timedelta(seconds=unit.project.sign_in.longest_seconds)
    unit.connection.execute(
        session_table.insert().values(
            digest=digest_of(token),
            user_id=user_id,
            csrf=csrf,
            locale=locale,
            created_at=unit.now,
            seen_at=unit.now,
            expires_at=expires,
        )
    )
    return Session(
        token=token, csrf=csrf, person=person, locale=locale, created_at=unit.now, expires_at=expires
    )


_zones = account_setting
# Put together once: every request asks it.
_WITH_ZONE = (
    select(session_table, _zones.c.value.label("timezone"))
    .outerjoin(_zones, (_zones.c.user_id == session_table.c.user_id) & (_zones.c.name == ZONE))
    .where(session_table.c.digest == bindparam("digest"))
)


def find_session(runtime: Runtime, token: str, *, is_used: bool = True) -> Session | None:
    """Return the session of a cookie, if it still holds and its person may still sign in.

    With `is_used` it counts as used by its person; a page that only stays open does not use it.
    """
    with runtime.read(SYSTEM, Channel.PAGE) as unit:
        row = unit.connection.execute(_WITH_ZONE, {"digest": digest_of(token)}).one_or_none()
        if row is None or row.expires_at <= unit.now or row.seen_at + _idle(unit) <= unit.now:
            return None
        person = person_of(unit, row.user_id)
        now, touch_every = unit.now, min(TOUCH_EVERY, _idle(unit) / TOUCHES_WHILE_IDLE)
    if person is None:
        return None
    if row.timezone in known_zones():
        person = replace(person, timezone=row.timezone)
    if is_used and row.seen_at + touch_every <= now:
        with runtime.write(SYSTEM, Channel.PAGE) as unit:
            seen = session_table.update().where(session_table.c.digest == row.digest).values(seen_at=unit.now)
            unit.connection.execute(seen)
    return Session(
        token=token,
        csrf=row.csrf,
        person=person,
        locale=row.locale or person.locale,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def set_session_locale(runtime: Runtime, token: str, locale: str) -> None:
    """Keep the language that the person switched to for the rest of the session."""
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        mine = session_table.c.digest == digest_of(token)
        unit.connection.execute(session_table.update().where(mine).values(locale=locale))


def sign_out(runtime: Runtime, token: str) -> None:
    """End one session."""
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        _end(unit, digest=digest_of(token))


def sign_out_everywhere(unit: Unit, user_id: int) -> None:
    """End every session of a person: after a change of password, or when they leave."""
    note(unit, AccountEvent.SIGNED_OUT_EVERYWHERE, user_id)
    unit.connection.execute(session_table.delete().where(session_table.c.user_id == user_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session as administrators see it. `digest` names it; nobody can sign in with that."""

    digest: str
    user_id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    def is_of(self, token: str) -> bool:
        """Return whether this is the session of a cookie."""
        return hmac.compare_digest(self.digest, digest_of(token))


def open_sessions(unit: Unit, *, limit: int) -> tuple[OpenSession, ...]:
    """Return the sessions that still hold, those used last first. Raises Denied."""
    require_administrator(unit)
    holds = (session_table.c.expires_at > unit.now) & (session_table.c.seen_at > unit.now - _idle(unit))
    columns = [session_table.c[name] for name in OpenSession.__dataclass_fields__]
    found = select(*columns).where(holds).order_by(session_table.c.seen_at.desc()).limit(limit)
    return tuple(OpenSession(**row) for row in unit.connection.execute(found).mappings())


def sessions_of(unit: Unit, user_id: int) -> tuple[OpenSession, ...]:
    """Return the sessions of one person that still hold, those used last first."""
    holds = (session_table.c.expires_at > unit.now) & (session_table.c.seen_at > unit.now - _idle(unit))
    columns = [session_table.c[name] for name in OpenSession.__dataclass_fields__]
    mine = select(*columns).where(holds, session_table.c.user_id == user_id)
    found = mine.order_by(session_table.c.seen_at.desc(), session_table.c.digest)
    return tuple(OpenSession(**row) for row in unit.connection.execute(found).mappings())


def sign_out_elsewhere(unit: Unit, user_id: int, token: str) -> None:
    """End every session of a person but the one of this token."""
    others = (session_table.c.user_id == user_id) & (session_table.c.digest != digest_of(token))
    unit.connection.execute(session_table.delete().where(others))
    note(unit, AccountEvent.SIGNED_OUT_EVERYWHERE, user_id)


def count_sessions(unit: Unit) -> int:
    """Return how many sessions hold."""
    holds = (session_table.c.expires_at > unit.now) & (session_table.c.seen_at > unit.now - _idle(unit))
    return unit.connection.scalar(select(func.count()).select_from(session_table).where(holds)) or 0


def end_session(unit: Unit, digest: str) -> None:
    """End a session of anybody. Raises Denied; NotFound for one that has ended by itself."""
    require_administrator(unit)
    if not _end(unit, digest=digest):
        raise NotFound(label(zh="这次登录已经结束", en="This session has ended already"))


def remove_ended_sessions(unit: Unit) -> int:
    """Remove the sessions that hold no more, and return how many there were."""
    ended = (session_table.c.expires_at <= unit.now) | (session_table.c.seen_at <= unit.now - _idle(unit))
    return unit.connection.execute(session_table.delete().where(ended)).rowcount


def _end(unit: Unit, *, digest: str) -> bool:
    ended = session_table.delete().where(session_table.c.digest == digest)
    return bool(unit.connection.execute(ended).rowcount)


def _idle(unit: Unit) -> timedelta:
    return timedelta(seconds=unit.project.sign_in.idle_seconds)


def _user_of(runtime: Runtime, login: str) -> int | None:
    user = runtime.database.tables["user"]
    with runtime.database.read() as connection:
        return connection.execute(
            select(user.c.id).where(user.c.login == login.strip(), user.c.active)
        ).scalar_one_or_none()
