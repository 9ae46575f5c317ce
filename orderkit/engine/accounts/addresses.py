"""Pauses of addresses: whoever guesses at many accounts from one place has to wait, whoever exists there.

Many people of one office share an address, so it may fail more often than an account; what was long
ago is forgotten. A success forgives nothing, or a guesser would sign in to an own account in between.
"""

from datetime import timedelta

from sqlalchemy import case, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import address_failure as failures
from orderkit.engine.accounts.secrets import digest_of
from orderkit.engine.runtime import Runtime

FREE_FAILURES = 20
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


def is_paused(runtime: Runtime, address: str) -> bool:
    """Return whether nobody may sign in from this address at the moment."""
    found = select(failures.c.locked_until).where(failures.c.digest == digest_of(address))
    with runtime.database.read() as connection:
        until = connection.execute(found).scalar_one_or_none()
    return until is not None and until > runtime.clock.now()


def count_failure_of(runtime: Runtime, address: str) -> None:
    """Count a failure, and begin a pause once there are too many."""
    now = runtime.clock.now()
    mine = failures.c.digest == digest_of(address)
    is_old = failures.c.failed_at <= literal(now - FORGOTTEN_AFTER, failures.c.failed_at.type)
    with runtime.database.write() as connection:
        insert_into = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        added = insert_into(failures).values(digest=digest_of(address), failures=1, failed_at=now)
        counted = added.on_conflict_do_update(
            index_elements=[failures.c.digest],
            set_={"failures": case((is_old, 1), else_=failures.c.failures + 1), "failed_at": now},
        )
        count = connection.execute(counted.returning(failures.c.failures)).scalar_one()
        if count >= FREE_FAILURES:
            pause = min(FIRST_PAUSE * 2 ** min(count - FREE_FAILURES, 10), LONGEST_PAUSE)
            connection.execute(failures.update().where(mine).values(locked_until=now + pause))
