"""A second factor: a secret on the phone of its person, and recovery codes for when the phone is gone.

The secret is sealed with a key that is not in the database; recovery codes are kept as digests and
shown once. Every code counts once: what was seen over a shoulder opens nothing.
"""

import base64
import secrets
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select

from orderkit.database.schema.system_tables import recovery_code, second_factor
from orderkit.engine.accounts.links import LinkPurpose, make_link
from orderkit.engine.accounts.noting import AccountEvent, note
from orderkit.engine.accounts.secrets import digest_of
from orderkit.engine.accounts.totp import matching_step, new_secret
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Conflict, Problem, Refused
from orderkit.model.labels import label
from orderkit.model.roles import EVERYONE

RECOVERY_CODES = 10


class Seal(Protocol):
    """Hides texts from whoever reads the database alone."""

    def sealed(self, text: str, *, purpose: str) -> str:
        """Return the text so that nobody without the key can read or change it."""

    def opened(self, sealed: str, *, purpose: str) -> str | None:
        """Return the text; None when no key in force has sealed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A secret that is not in force yet; `sealed` goes to the browser and comes back with the first code."""

    secret: str
    sealed: str


def has_second_factor(unit: Unit, user_id: int) -> bool:
    """Return whether this person confirmed a second factor, and so is asked for a code."""
    found = select(second_factor.c.user_id).where(second_factor.c.user_id == user_id)
    return unit.connection.execute(found).first() is not None


def needs_second_factor(unit: Unit, roles: frozenset[str]) -> bool:
    """Return whether the project demands a second factor of whoever has these roles."""
    return not {*roles, EVERYONE}.isdisjoint(unit.project.sign_in.second_factor)


def new_second_factor(seal: Seal, user_id: int) -> Offer:
    """Return a fresh secret to scan. Nothing is kept before it is confirmed: looking at a page changes nothing."""
    secret = new_secret()
    return Offer(secret=secret, sealed=seal.sealed(secret, purpose=_purpose(user_id)))


def offered_before(seal: Seal, user_id: int, sealed: str) -> Offer:
    """Return the offer that a form brings back; another one when it is not this person's."""
    secret = seal.opened(sealed, purpose=_purpose(user_id))
    return new_second_factor(seal, user_id) if secret is None else Offer(secret=secret, sealed=sealed)


def confirm_second_factor(unit: Unit, seal: Seal, user_id: int, sealed: str, code: str) -> tuple[str, ...]:
    """Put an offered secret in force and return fresh recovery codes, to be shown this once.

    Raises: Conflict when there is a second factor; Refused when the code is not that of the secret.
    """
    if has_second_factor(unit, user_id):
        raise Conflict(
            label(zh="已经设置了验证码；要换手机请先移除", en="There is a second factor; remove it first")
        )
    secret = seal.opened(sealed, purpose=_purpose(user_id))
    step = None if secret is None else matching_step(secret, code.replace(" ", ""), unit.now)
    if step is None:
        said = label(
            zh="验证码不对；请用手机上现在显示的 6 位数字", en="The code is wrong; type the six digits of now"
        )
        raise Refused([Problem(path="code", code="wrong_code", message=said)])
    unit.connection.execute(
        second_factor.insert().values(user_id=user_id, secret=sealed, confirmed_at=unit.now, last_step=step)
    )
    unit.connection.execute(recovery_code.delete().where(recovery_code.c.user_id == user_id))
    codes = tuple(_new_code() for _ in range(RECOVERY_CODES))
    rows = [{"digest": _digest(code), "user_id": user_id} for code in codes]
    unit.connection.execute(recovery_code.insert(), rows)
    note(unit, AccountEvent.FACTOR_SET, user_id)
    return codes


def use_second_factor(unit: Unit, seal: Seal, user_id: int, code: str) -> bool:
    """Return whether this is a code of the phone or a recovery code, and use it up. Counting is the caller's."""
    if not has_second_factor(unit, user_id):
        return False
    return _use_code(unit, seal, user_id, code) or _use_recovery_code(unit, user_id, code)


def remove_second_factor(unit: Unit, user_id: int) -> None:
    """Take a second factor away, with its codes. The caller has checked who may."""
    unit.connection.execute(second_factor.delete().where(second_factor.c.user_id == user_id))
    unit.connection.execute(recovery_code.delete().where(recovery_code.c.user_id == user_id))
    # A sign-in that is half done must not end with a factor that is gone.
    make_link(unit, LinkPurpose.SECOND_FACTOR, user_id)
    note(unit, AccountEvent.FACTOR_REMOVED, user_id)


def codes_left(unit: Unit, user_id: int) -> int:
    """Return how many recovery codes are unused."""
    unused = (recovery_code.c.user_id == user_id) & recovery_code.c.used_at.is_(None)
    return len(unit.connection.execute(select(recovery_code.c.digest).where(unused)).all())


def _use_code(unit: Unit, seal: Seal, user_id: int, code: str) -> bool:
    mine = second_factor.c.user_id == user_id
    kept = unit.connection.scalar(select(second_factor.c.secret).where(mine))
    secret = None if kept is None else seal.opened(kept, purpose=_purpose(user_id))
    step = None if secret is None else matching_step(secret, code.replace(" ", ""), unit.now)
    if step is None:
        return False
    # Of two who come with the same code at the same moment, one finds it used up.
    unused = mine & (second_factor.c.last_step < step)
    return unit.connection.execute(second_factor.update().where(unused).values(last_step=step)).rowcount == 1


def _use_recovery_code(unit: Unit, user_id: int, code: str) -> bool:
    unused = (
        (recovery_code.c.digest == _digest(code))
        & (recovery_code.c.user_id == user_id)
        & recovery_code.c.used_at.is_(None)
    )
    used = (
        unit.connection.execute(recovery_code.update().where(unused).values(used_at=unit.now)).rowcount == 1
    )
    if used:
        note(unit, AccountEvent.RECOVERY_CODE_USED, user_id)
    return used


def _new_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _digest(code: str) -> str:
    return digest_of("".join(letter for letter in code.lower() if letter.isalnum()))


def _purpose(user_id: int) -> str:
    return f"second factor of {user_id}"
