"""What an administrator does with a user beside the form `user`: roles, links, sessions, tokens. `user_leaving` lets go."""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import access, accounts, records
from orderkit.engine.accounts import LinkPurpose
from orderkit.engine.runtime import Unit
from orderkit.model.labels import text_of
from orderkit.model.roles import ADMIN, EVERYONE
from orderkit.web.pages.account import TokenRow, token_rows
from orderkit.web.pages.sign_in import with_session
from orderkit.web.request.cookies import SESSION
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/user_account.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChoice:
    """A role that may be given."""

    id: str
    label: str
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAccountPage:
    """A user's account. `fresh_link` is a password link, shown this one time."""

    name: str
    url: str
    record_url: str
    is_active: bool
    roles: tuple[RoleChoice, ...]
    tokens: tuple[TokenRow, ...]
    fresh_link: str
    has_factor: bool
    sessions: int
    identities: int


def show_user(visit: Visit) -> Response:
    """Show the account of a user."""
    with visit.reading() as unit:
        return _show(visit, unit)


def save_roles(visit: Visit) -> Response:
    """Give the user exactly the roles that are ticked."""
    user_id = visit.number("id")
    roles = [value for value in visit.form.getlist("roles") if isinstance(value, str)]
    is_own = user_id == visit.person.id
    with visit.writing() as unit:
        access.require_administrator(unit)
        accounts.set_roles(unit, user_id, roles)
        # Whoever changes their own goes on in a fresh session: the one they came with may have ended.
        session = (
            accounts.start_session(unit, user_id, previous=visit.request.cookies.get(SESSION))
            if is_own
            else None
        )
    response = visit.go(f"/users/{user_id}", visit.t("users.roles_saved"))
    return response if session is None else with_session(visit, response, session)


def make_link(visit: Visit) -> Response:
    """Make a link with which the user sets a password, and show it this one time."""
    user_id = visit.number("id")
    with visit.writing() as unit:
        access.require_administrator(unit)
        records.get(unit, "user", user_id)
        token = accounts.make_link(unit, LinkPurpose.SET_PASSWORD, user_id)
    scheme = "https" if visit.passage.is_https else "http"
    link = f"{scheme}://{visit.request.headers.get('host', '')}/link/{token}"
    with visit.reading() as unit:
        return _show(visit, unit, fresh_link=link)


def demand_password(visit: Visit) -> Response:
    """Ask the user for another password at the next sign-in."""
    user_id = visit.number("id")
    with visit.writing() as unit:
        accounts.demand_password(unit, user_id)
    return visit.go(f"/users/{user_id}", visit.t("users.password_demanded"))


def reset_second_factor(visit: Visit) -> Response:
    """Take the second factor of a user away who has lost it."""
    user_id = visit.number("id")
    with visit.writing() as unit:
        accounts.reset_second_factor(unit, user_id)
    return visit.go(f"/users/{user_id}", visit.t("account.factor_removed"))


def unlink(visit: Visit) -> Response:
    """Take the link to the company's own provider away; the next sign-in there may be linked anew."""
    # Where nobody signs in at a provider, its client is not loaded.
    from orderkit.engine.accounts.oidc import forget_identities  # noqa: PLC0415

    user_id = visit.number("id")
    with visit.writing() as unit:
        access.require_administrator(unit)
        forget_identities(unit, user_id)
    return visit.go(f"/users/{user_id}", visit.t("users.unlinked"))


def sign_out_everywhere(visit: Visit) -> Response:
    """End all sessions of the user."""
    user_id = visit.number("id")
    with visit.writing() as unit:
        access.require_administrator(unit)
        accounts.sign_out_everywhere(unit, user_id)
    return visit.go(f"/users/{user_id}", visit.t("users.signed_out"))


def revoke_token(visit: Visit) -> Response:
    """End one of the user's tokens."""
    user_id = visit.number("id")
    with visit.writing() as unit:
        access.require_administrator(unit)
        accounts.revoke_token(unit, visit.number("token"), user_id=user_id)
    return visit.go(f"/users/{user_id}", visit.t("account.token_revoked"))


def _show(visit: Visit, unit: Unit, *, fresh_link: str = "") -> Response:
    access.require_administrator(unit)
    user_id = visit.number("id")
    record = records.get(unit, "user", user_id)
    page = UserAccountPage(
        name=record.title,
        url=f"/users/{user_id}",
        record_url=f"/forms/user/{user_id}",
        is_active=bool(record.values.get("active", True)),
        roles=tuple(_roles(visit, unit, user_id)),
        tokens=token_rows(visit, unit, user_id, f"/users/{user_id}"),
        fresh_link=fresh_link,
        has_factor=accounts.has_second_factor(unit, user_id),
        sessions=len(accounts.sessions_of(unit, user_id)),
        identities=accounts.count_identities(unit, user_id),
    )
    return visit.show(unit, TEMPLATE, page, current="form:user", back=page.record_url)


def _roles(visit: Visit, unit: Unit, user_id: int) -> Iterator[RoleChoice]:
    held = accounts.roles_of(unit, user_id)
    yield RoleChoice(id=ADMIN, label=visit.t("shell.administrator"), is_held=ADMIN in held)
    for role in unit.project.roles:
        if role.id not in {ADMIN, EVERYONE}:
            yield RoleChoice(id=role.id, label=text_of(role.label, visit.locale), is_held=role.id in held)
