"""Rate limits that hold across processes: a bucket of tokens per connection, kept as a row."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import rate_bucket


def take(connection: Connection, name: str, *, count: int, seconds: int, now: datetime) -> float:
    """Take one token of `count` per `seconds`; return 0, or the seconds until there is one."""
    insert_into = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(
        insert_into(rate_bucket)
        .values(name=name, tokens=count, refilled_at=now)
        .on_conflict_do_nothing(index_elements=["name"])
    )
    is_it = rate_bucket.c.name == name
    columns = (rate_bucket.c.tokens, rate_bucket.c.refilled_at)
    tokens, refilled_at = connection.execute(select(*columns).where(is_it).with_for_update()).one()
    per_token = timedelta(seconds=seconds) / count
    gained = max(0, (now - refilled_at) // per_token)
    if tokens + gained >= count:
        tokens, refilled_at = count, now
    else:
        tokens, refilled_at = tokens + gained, refilled_at + gained * per_token
    wait = timedelta() if tokens > 0 else refilled_at + per_token - now
    connection.execute(
        update(rate_bucket).where(is_it).values(tokens=max(0, tokens - 1), refilled_at=refilled_at)
    )
    return max(0.0, wait.total_seconds())
