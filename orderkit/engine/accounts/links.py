"""One-time links: the first administrator's, and those with which a person sets a password."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from orderkit.database.schema.system_tables import one_time_link
from orderkit.engine.accounts.secrets import digest_of, new_token
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.labels import label

LIFETIME = timedelta(days=3)


class LinkPurpose(StrEnum):
    """What a link lets its bearer do, once."""

    FIRST_ADMINISTRATOR = "first_administrator"
    SET_PASSWORD = "set_password"  # noqa: S105 - a purpose, no password
    # The steps on the way from a right password to a session.
    SECOND_FACTOR = "second_factor"
    SET_UP_FACTOR = "set_up_factor"
    CHANGE_PASSWORD = "change_password"  # noqa: S105 - a purpose, no password


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeLink:
    """A link that still holds. `user_id` is whose password it sets; None for the first administrator."""

    purpose: LinkPurpose
    user_id: int | None
    expires_at: datetime


def make_link(
    unit: Unit, purpose: LinkPurpose, user_id: int | None = None, *, lifetime: timedelta = LIFETIME
) -> str:
    """Return the token of a new link. Earlier unused links of the same purpose and user stop to hold."""
    same_user = one_time_link.c.user_id.is_not_distinct_from(user_id)
    unit.connection.execute(one_time_link.delete().where(one_time_link.c.purpose == purpose.value, same_user))
    token = new_token()
    unit.connection.execute(
        one_time_link.insert().values(
            digest=digest_of(token), purpose=purpose.value, user_id=user_id, expires_at=unit.now + lifetime
        )
    )
    return token


def read_link(unit: Unit, token: str) -> OneTimeLink | None:
    """Return what a link is for, without using it up; None when it does not hold (any more)."""
    row = unit.connection.execute(
        select(one_time_link).where(
            one_time_link.c.digest == digest_of(token),
            one_time_link.c.used_at.is_(None),
            one_time_link.c.expires_at > unit.now,
        )
    ).one_or_none()
    if row is None:
        return None
    return OneTimeLink(purpose=LinkPurpose(row.purpose), user_id=row.user_id, expires_at=row.expires_at)


def use_link(unit: Unit, token: str, *purposes: LinkPurpose) -> OneTimeLink:
    """Use a link up and return what it was for. Two at the same moment: only one succeeds.

    Raises: NotFound when it does not hold (any more) or serves another purpose.
    """
    link = read_link(unit, token)
    if link is not None and link.purpose in purposes:
        digest = digest_of(token)
        unused = (one_time_link.c.digest == digest) & one_time_link.c.used_at.is_(None)
        used = unit.connection.execute(one_time_link.update().where(unused).values(used_at=unit.now))
        if used.rowcount == 1:
            return link
    raise NotFound(
        label(
            zh="这个链接已用过或已过期，请向管理员要一个新的",
            en="This link was used or has expired; ask an administrator for a new one",
        )
    )
