"""Passwords: argon2id, few hashes at a time, and a growing pause after repeated failures.

Whether the login name exists must not be told by answer or by time, so an unknown name costs a hash
and a write as well. Signing in as a whole is `sessions`.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select

from orderkit.database.schema import system_tables as tables
from orderkit.engine.runtime import Runtime, Unit
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
    }
    credential = tables.credential
    known = unit.connection.execute(credential.update().where(credential.c.user_id == user_id).values(values))
    if known.rowcount == 0:
        unit.connection.execute(credential.insert().values(user_id=user_id, **values))


def is_right(runtime: Runtime, user_id: int | None, password: str) -> bool:
    """Return whether this is the user's password, counting a failure if not.

    `user_id` None is a login name that does not exist: as slow, and never right. During a pause
    nothing is right.
    """
    with _taking_turns():
        # Read and counted in our turn: of many guesses at once, those after a pause began count for nothing.
        stored, locked = _stored(runtime, user_id)
        matches = _verify(stored or _nobodys_hash(), password[:LONGEST_PASSWORD])
        if user_id is None or stored is None or locked:
            _write_nothing(runtime)
            return False
        if not matches:
            _count_failure(runtime, user_id)
            return False
    _forget_failures(runtime, user_id, stored, password)
    return True


@cache
def _nobodys_hash() -> str:
    """Return a hash of what nobody knows, for login names that do not exist."""
    return _hasher.hash(secrets.token_urlsafe(32))


def _stored(runtime: Runtime, user_id: int | None) -> tuple[str | None, bool]:
    if user_id is None:
        return None, False
    credential = tables.credential
    with runtime.database.read() as connection:
        row = connection.execute(select(credential).where(credential.c.user_id == user_id)).one_or_none()
    if row is None:
        return None, False
    locked = row.locked_until is not None and row.locked_until > runtime.clock.now()
    return row.password_hash, locked


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _forget_failures(runtime: Runtime, user_id: int, stored: str, password: str) -> None:
    credential = tables.credential
    values: dict[str, object] = {"failures": 0, "locked_until": None}
    if _hasher.check_needs_rehash(stored):
        values["password_hash"] = hash_password(password)
    with runtime.database.write() as connection:
        connection.execute(credential.update().where(credential.c.user_id == user_id).values(values))


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
        counted = credential.update().where(mine).values(failures=credential.c.failures + 1)
        failures = connection.execute(counted.returning(credential.c.failures)).scalar_one()
        if failures >= FREE_FAILURES:
            pause = min(FIRST_PAUSE * 2 ** min(failures - FREE_FAILURES, 10), LONGEST_PAUSE)
            until = runtime.clock.now() + pause
            connection.execute(credential.update().where(mine).values(locked_until=until))
