"""The two halves of signing in at a provider: a browser is sent there, and comes back with a code.

Between them an `Attempt` stays with the browser that began it, sealed. Nobody else can end it, and
the code is exchanged and the account found without holding the database meanwhile.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement

from orderkit.database.schema.system_tables import identity as identities
from orderkit.engine.accounts import addresses
from orderkit.engine.accounts.entering import Step
from orderkit.engine.accounts.noting import AccountEvent, note
from orderkit.engine.accounts.oidc import saying
from orderkit.engine.accounts.oidc.fetching import Fetcher
from orderkit.engine.accounts.oidc.id_tokens import NotBelieved, believed_claims
from orderkit.engine.accounts.oidc.identities import Identity, claim_of, identity_of, let_in, owner_of
from orderkit.engine.accounts.oidc.provider import Provider
from orderkit.engine.accounts.people import require_manager_of_users
from orderkit.engine.accounts.sessions import Session
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit
from orderkit.model.errors import Denied, NotFound, OrderkitError, Refused
from orderkit.model.labels import label
from orderkit.model.signing_in import IdentityProvider, LinkBy

LONGEST = timedelta(minutes=10)
_ENVIRONMENT = re.compile(r"\$\{(\w+)\}")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A sign-in that has begun: what must come back, and what the code is exchanged with."""

    state: str
    nonce: str
    verifier: str
    redirect: str
    begun: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What a browser brings back from the provider."""

    state: str
    code: str
    issuer: str
    error: str


def begin(runtime: Runtime, redirect: str, *, locale: str) -> tuple[str, Attempt]:
    """Return where the browser is sent, and the attempt to keep with it. Raises NotFound, ConnectorFailed."""
    provider = _provider(runtime)
    attempt = Attempt(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        redirect=redirect,
        begun=runtime.clock.now(),
    )
    fetcher = Fetcher()
    provider.metadata(fetcher)
    address = provider.address(
        fetcher,
        redirect=redirect,
        state=attempt.state,
        nonce=attempt.nonce,
        verifier=attempt.verifier,
        locale=locale,
    )
    return address, attempt


def finish(
    runtime: Runtime,
    attempt: Attempt | None,
    returned: Returned,
    *,
    previous: str | None = None,
    address: str = "",
) -> Session | Step:
    """Let in whom the provider vouches for. `attempt` is the one of this browser, None when it has none.

    Raises: Denied, Refused, ConnectorFailed; NotFound without a provider. What the provider brought and is refused is in the audit.
    """
    provider = _provider(runtime)
    own = _own(runtime, provider, attempt, returned)
    who: Identity | None = None
    try:
        if address and addresses.is_paused(runtime, address):
            raise saying.paused()
        who = _vouched(runtime, provider, own, returned)
        return let_in(runtime, provider.settings, who, previous=previous)
    except (Denied, Refused) as refused:
        # Counted only for what this browser began itself: otherwise any page could make an office wait.
        if address:
            addresses.count_failure_of(runtime, address)
        _note_refused(runtime, provider.settings, who, refused)
        raise


def sign_out_address(runtime: Runtime) -> str | None:
    """Return where people end their session at the provider too; None without a provider that has told it."""
    return None if runtime.project.sign_in.oidc is None else _provider(runtime).sign_out_address()


def forget_identities(unit: Unit, user_id: int) -> int:
    """Take the links to a provider from an account, and return how many there were. Raises Denied."""
    require_manager_of_users(unit)
    mine: ColumnElement[bool] = identities.c.user_id == user_id
    removed = unit.connection.execute(identities.delete().where(mine)).rowcount
    if removed:
        note(unit, AccountEvent.IDENTITY_REMOVED, user_id)
    return removed


def _own(runtime: Runtime, provider: Provider, attempt: Attempt | None, returned: Returned) -> Attempt:
    """Return the attempt if what came back belongs to it and is not late. Raises Denied."""
    if attempt is None or not hmac.compare_digest(attempt.state.encode(), returned.state.encode()):
        raise saying.start_again(provider.settings)
    if not attempt.begun <= runtime.clock.now() < attempt.begun + LONGEST:
        raise saying.start_again(provider.settings)
    return attempt


def _vouched(runtime: Runtime, provider: Provider, attempt: Attempt, returned: Returned) -> Identity:
    """Return who has come. Raises Denied, ConnectorFailed."""
    settings = provider.settings
    fetcher = Fetcher()
    # RFC 9207: an answer of another provider is not taken for one of ours.
    is_named = bool(returned.issuer) or provider.metadata(fetcher).names_itself
    if is_named and returned.issuer != settings.issuer:
        raise saying.not_believed(settings)
    if returned.error:
        raise saying.refused_there(settings, returned.error)
    if not (returned.code.isascii() and returned.code.isprintable() and returned.code):
        raise saying.start_again(settings)
    tokens = provider.exchange(
        fetcher, redirect=attempt.redirect, code=returned.code, verifier=attempt.verifier
    )
    access_token = tokens.get("access_token")
    try:
        claims = believed_claims(
            tokens.get("id_token"),
            lambda anew: provider.keys(fetcher, anew=anew),
            issuer=settings.issuer,
            client_id=settings.client_id,
            nonce=attempt.nonce,
            access_token=access_token,
            begun=attempt.begun,
            now=runtime.clock.now(),
        )
    except NotBelieved as error:
        _log.warning("id_token_refused", issuer=settings.issuer, reason=str(error)[:200])
        raise saying.not_believed(settings) from error
    if isinstance(access_token, str) and any(claim_of(claims, each) is None for each in _wanted(settings)):
        # What the ID token proves stands; the rest may be told elsewhere.
        claims = {**provider.userinfo(fetcher, access_token, claims["sub"]), **claims}
    return identity_of(settings, claims)


def _wanted(settings: IdentityProvider) -> list[str]:
    """Return the claims that are used."""
    wanted = [settings.login, settings.name] if settings.create or settings.link_by is LinkBy.LOGIN else []
    if settings.link_by is LinkBy.EMAIL:
        wanted += [settings.email]
    return [*wanted, settings.groups] if settings.roles else wanted


def _note_refused(
    runtime: Runtime, settings: IdentityProvider, who: Identity | None, refused: OrderkitError
) -> None:
    _log.info("single_sign_on_refused", issuer=settings.issuer, reason=str(refused)[:200])
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        user_id = None if who is None else owner_of(unit, settings, who.subject)
        note(unit, AccountEvent.REFUSED, user_id, {"by": settings.issuer})


def _provider(runtime: Runtime) -> Provider:
    settings = runtime.project.sign_in.oidc
    if settings is None:
        raise NotFound(label(zh="这个项目没有单点登录", en="This project has no single sign-on"))

    def secret() -> str | None:
        named = _ENVIRONMENT.fullmatch(settings.client_secret or "")
        if named is None:
            return None
        found = runtime.environment(named[1])
        if not found:
            raise saying.secret_missing(named[1])
        return found

    return runtime.keep(Provider, lambda: Provider(settings, secret, runtime.clock.now))
