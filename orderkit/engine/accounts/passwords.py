"""Passwords: argon2id, few hashes at a time, and a growing pause after repeated failures.

Whether the login name exists must not be told by answer or by time, so an unknown name costs a hash
and a write as well. Signing in as a whole is `sessions`.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select

from orderkit.database.schema import system_tables as tables
from orderkit.engine.accounts import addresses
from orderkit.engine.accounts.noting import AccountEvent, note
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit
from orderkit.model.errors import Conflict, Problem, Refused
from orderkit.model.labels import label

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
FREE_FAILURES = 5
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)

# Each hash takes 19 MiB and a core for a moment: more at once would starve everything else.
HASHES_AT_ONCE = max(2, os.cpu_count() or 2)
LONGEST_WAIT_SECONDS = 20.0

# The parameters that OWASP recommends for argon2id on small servers.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_gate = BoundedSemaphore(HASHES_AT_ONCE)


@contextmanager
def _taking_turns() -> Iterator[None]:
    if not _gate.acquire(timeout=LONGEST_WAIT_SECONDS):
        raise Conflict(
            label(
                zh="现在登录的人太多，请稍后再试",
                en="Too many people sign in right now; try again in a moment",
            )
        )
    try:
        yield
    finally:
        _gate.release()


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password. Raises Refused when it is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        message = label(
            zh=f"密码须为 {SHORTEST_PASSWORD} 到 {LONGEST_PASSWORD} 个字符",
            en=f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters",
        )
        raise Refused([Problem(path="password", code="password_length", message=message)])
    with _taking_turns():
        return _hasher.hash(password)


def set_password(unit: Unit, user_id: int, password: str) -> None:
    """Set a user's password and lift a pause. The caller has checked who may; sessions end in `sessions`."""
    set_password_hash(unit, user_id, hash_password(password))


def set_password_hash(unit: Unit, user_id: int, password_hash: str) -> None:
    """Set a password that was hashed before the transaction began, so that no writer waited for it."""
    values = {
        "password_hash": password_hash,
        "failures": 0,
        "locked_until": None,
        "changed_at": unit.now,
        "must_change": False,
    }
    note(unit, AccountEvent.PASSWORD_SET, user_id)
    credential = tables.credential
    known = unit.connection.execute(credential.update().where(credential.c.user_id == user_id).values(values))
    if known.rowcount == 0:
        unit.connection.execute(credential.insert().values(user_id=user_id, **values))


def is_right(runtime: Runtime, user_id: int | None, password: str, *, address: str = "") -> bool:
    """Return whether this is the user's password, counting a failure of theirs and of the address if not.

    `user_id` None is a login name that does not exist: as slow, and never right. During a pause
    nothing is right. Failures are forgotten once somebody is in: until then a code may be asked.
    """

    def verify() -> bool:
        stored = None if user_id is None else _stored(runtime, user_id)
        matches = _verify(stored or _nobodys_hash(), password[:LONGEST_PASSWORD])
        return matches and stored is not None

    return counted(runtime, user_id, verify, address=address, same_work=True)


def counted(
    runtime: Runtime,
    user_id: int | None,
    verify: Callable[[], bool],
    *,
    address: str = "",
    same_work: bool = False,
) -> bool:
    """Return whether a proof holds, in our turn and unless there is a pause; count a failure if it does not.

    With `same_work` it is looked at during a pause too, so that the time tells of none; a code that can be
    used up is not.
    """
    with _taking_turns():
        # Read and counted in our turn: of many guesses at once, those after a pause began count for nothing.
        is_locked = _is_locked(runtime, user_id)
        is_paused = bool(address) and addresses.is_paused(runtime, address)
        holds = (same_work or not (is_locked or is_paused)) and verify()
        if holds and not is_locked and not is_paused:
            return True
        if address:
            addresses.count_failure_of(runtime, address)
        if user_id is None or is_locked or is_paused:
            _write_nothing(runtime)
        else:
            _count_failure(runtime, user_id)
        with runtime.write(SYSTEM, Channel.PAGE) as unit:
            note(unit, AccountEvent.REFUSED, user_id)
        return False


def forget_failures(unit: Unit, user_id: int) -> None:
    """Forget the failures of somebody who is in now."""
    values: dict[str, object] = {"failures": 0, "locked_until": None}
    mine = tables.credential.c.user_id == user_id
    unit.connection.execute(tables.credential.update().where(mine).values(values))


def matches_hash(stored: str, password: str) -> bool:
    """Return whether a password is the one of a hash, in its turn."""
    with _taking_turns():
        return _verify(stored, password)


@cache
def _nobodys_hash() -> str:
    """Return a hash of what nobody knows, for login names that do not exist."""
    return _hasher.hash(secrets.token_urlsafe(32))


def _stored(runtime: Runtime, user_id: int) -> str | None:
    found = select(tables.credential.c.password_hash).where(tables.credential.c.user_id == user_id)
    with runtime.database.read() as connection:
        return connection.execute(found).scalar_one_or_none()


def _is_locked(runtime: Runtime, user_id: int | None) -> bool:
    if user_id is None:
        return False
    found = select(tables.credential.c.locked_until).where(tables.credential.c.user_id == user_id)
    with runtime.database.read() as connection:
        until = connection.execute(found).scalar_one_or_none()
    return until is not None and until > runtime.clock.now()


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _write_nothing(runtime: Runtime) -> None:
    """Take as long as counting a failure does, where there is none to count."""
    credential = tables.credential
    someone = credential.c.user_id == select(func.min(credential.c.user_id)).scalar_subquery()
    with runtime.database.write() as connection:
        connection.execute(credential.update().where(someone).values(failures=credential.c.failures))


def _count_failure(runtime: Runtime, user_id: int) -> None:
    credential = tables.credential
    mine = credential.c.user_id == user_id
    with runtime.database.write() as connection:
        adding = credential.update().where(mine).values(failures=credential.c.failures + 1)
        failures = connection.execute(adding.returning(credential.c.failures)).scalar_one_or_none()
        if failures is not None and failures >= FREE_FAILURES:
            pause = min(FIRST_PAUSE * 2 ** min(failures - FREE_FAILURES, 10), LONGEST_PAUSE)
            until = runtime.clock.now() + pause
            connection.execute(credential.update().where(mine).values(locked_until=until))
