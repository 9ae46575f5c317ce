"""From who somebody is at the provider to their account here: found, linked once, or made; roles by groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import identity as identities
from orderkit.engine.accounts.entering import Step, enter
from orderkit.engine.accounts.oidc import saying
from orderkit.engine.accounts.people import make_user, roles_of, set_roles
from orderkit.engine.accounts.sessions import Session
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit
from orderkit.model.errors import Conflict, Denied, Refused
from orderkit.model.roles import ADMIN
from orderkit.model.signing_in import IdentityProvider, LinkBy

LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is for the provider. `email` is one that it has verified, or None."""

    subject: str
    login: str
    name: str
    email: str | None
    groups: frozenset[str]


def identity_of(provider: IdentityProvider, claims: Mapping[str, Any]) -> Identity:
    """Read the claims that the project names."""
    login = _text(claim_of(claims, provider.login))
    email = _text(claim_of(claims, provider.email))
    groups = claim_of(claims, provider.groups)
    return Identity(
        subject=claims["sub"],
        login=login,
        name=_text(claim_of(claims, provider.name)) or login,
        # An address that nobody has verified may be anybody's.
        email=email if email and claims.get("email_verified") is True else None,
        groups=frozenset(
            each for each in (groups if isinstance(groups, list) else [groups]) if isinstance(each, str)
        ),
    )


def claim_of(claims: Mapping[str, Any], name: str) -> object:
    """Return a claim; `realm_access.roles` is one inside another, unless there is one of just this name."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found


def let_in(
    runtime: Runtime, provider: IdentityProvider, who: Identity, *, previous: str | None
) -> Session | Step:
    """Let somebody in as `enter_as`, also where the account is made or linked elsewhere at this very moment."""
    was_known = False
    try:
        with runtime.write(SYSTEM, Channel.PAGE) as unit:
            was_known = owner_of(unit, provider, who.subject) is not None
            return enter_as(unit, provider, who, previous=previous)
    except (Conflict, Denied, Refused):
        if was_known:
            raise
        with runtime.write(SYSTEM, Channel.PAGE) as unit:
            if owner_of(unit, provider, who.subject) is None:
                raise
            return enter_as(unit, provider, who, previous=previous)


def enter_as(
    unit: Unit, provider: IdentityProvider, who: Identity, *, previous: str | None
) -> Session | Step:
    """Let somebody in whom the provider has vouched for, as the account that is theirs. Raises Denied, Refused."""
    user_id = owner_of(unit, provider, who.subject)
    if user_id is None:
        found = _found(unit, provider, who)
        user_id = _linked(unit, provider, who.subject, _made(unit, provider, who) if found is None else found)
    _renew_roles(unit, provider, user_id, who.groups)
    return enter(
        unit,
        user_id,
        previous=previous,
        has_code=not provider.second_factor,
        has_password=False,
        facts={"by": provider.issuer},
    )


def owner_of(unit: Unit, provider: IdentityProvider, subject: str) -> int | None:
    """Return whose identity this is; None when it is nobody's yet."""
    mine = (identities.c.issuer == provider.issuer) & (identities.c.subject == subject)
    found: int | None = unit.connection.scalar(select(identities.c.user_id).where(mine))
    return found


def _linked(unit: Unit, provider: IdentityProvider, subject: str, user_id: int) -> int:
    """Keep whose identity this is from now on. Of two who come at the same moment, both find the first one's."""
    insert_into = postgresql.insert if unit.connection.dialect.name == "postgresql" else sqlite.insert
    row = {"issuer": provider.issuer, "subject": subject, "user_id": user_id, "created_at": unit.now}
    unit.connection.execute(insert_into(identities).values(row).on_conflict_do_nothing())
    owner = owner_of(unit, provider, subject)
    if owner is None:
        raise saying.taken(provider)
    return owner


def _found(unit: Unit, provider: IdentityProvider, who: Identity) -> int | None:
    """Return the account from before that is linked now; None when there is none. Raises Denied."""
    user = unit.runtime.database.tables["user"]
    if provider.link_by is LinkBy.LOGIN and who.login:
        condition = user.c.login == who.login
    elif provider.link_by is LinkBy.EMAIL and who.email:
        condition = func.lower(user.c.email) == who.email.lower()
    else:
        return None
    ids = unit.connection.execute(select(user.c.id).where(condition).limit(2)).scalars().all()
    if not ids:
        return None
    if len(ids) > 1:
        raise saying.taken(provider)
    return int(ids[0])


def _made(unit: Unit, provider: IdentityProvider, who: Identity) -> int:
    if not provider.create:
        raise saying.no_account(provider)
    if not who.login:
        raise saying.claim_missing(provider, provider.login)
    user = unit.runtime.database.tables["user"]
    if unit.connection.execute(select(user.c.id).where(user.c.login == who.login)).first() is not None:
        raise saying.taken(provider)
    return make_user(unit, login=who.login, name=who.name, values={"email": who.email})


def _renew_roles(unit: Unit, provider: IdentityProvider, user_id: int, groups: frozenset[str]) -> None:
    """Give the roles of the groups and take those of other groups; roles that no group names stay."""
    if not provider.roles:
        return
    named = frozenset(role for roles in provider.roles.values() for role in roles)
    given = frozenset(role for group in groups for role in provider.roles.get(group, ()))
    wanted = (roles_of(unit, user_id) - named) | given
    try:
        set_roles(unit, user_id, wanted)
    except Refused as refused:
        # A group that is gone may not leave the app without anybody who can mend it.
        if refused.problems[0].code != "last_administrator":
            raise
        set_roles(unit, user_id, wanted | {ADMIN})


def _text(value: object) -> str:
    """Return a claim that is a text without control characters, which no database and no page should get."""
    text = value.strip() if isinstance(value, str) else ""
    return text if text.isprintable() and len(text) <= LONGEST_TEXT else ""
