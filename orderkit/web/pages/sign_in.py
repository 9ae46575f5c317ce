"""Signing in and out, and switching the language, which works before sign-in as well."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from orderkit.engine import accounts
from orderkit.model.errors import OrderkitError
from orderkit.web.errors import explanation_of, fault_of
from orderkit.web.frame.shell import OtherLocale, other_locale
from orderkit.web.request.cookies import LOCALE, SESSION, YEAR_SECONDS
from orderkit.web.request.visit import Visit, own_address

TEMPLATE = "pages/sign_in.html"
LONGEST_LOGIN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLink:
    """The company's own provider: what it is called, and where signing in there begins.

    `sign_out` is where one ends the session at the provider too, for somebody who has just left.
    """

    label: str
    address: str
    sign_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """The sign-in form. `problem` says why the last try failed."""

    mark: str
    login: str
    next: str
    problem: str | None
    takes_passwords: bool
    provider: ProviderLink | None
    other_locales: tuple[OtherLocale, ...]


def show_sign_in(visit: Visit) -> Response:
    """Show the form; who is signed in already goes straight on."""
    next_address = own_address(visit.query.get("next", "/"))
    if visit.passage.session is not None:
        return visit.go(next_address)
    return visit.show_alone(TEMPLATE, _page(visit, next_address, login="", problem=None))


def sign_in(visit: Visit) -> Response:
    """Check the password and begin a session."""
    next_address = own_address(visit.field("next") or "/")
    login = visit.field("login")[:LONGEST_LOGIN]
    password = visit.form.get("password")
    previous = visit.request.cookies.get(SESSION)
    try:
        session = accounts.sign_in(
            visit.runtime,
            login,
            password if isinstance(password, str) else "",
            previous=previous,
            address=visit.passage.client,
        )
    except OrderkitError as error:
        problem = visit.text(explanation_of(error))
        page = _page(visit, next_address, login=login, problem=problem)
        return visit.show_alone(TEMPLATE, page, status=fault_of(error).status)
    return go_on(visit, session, next_address)


def show_problem(visit: Visit, next_address: str, error: OrderkitError) -> Response:
    """Say on the sign-in page why nobody was signed in."""
    page = _page(visit, next_address, login="", problem=visit.text(explanation_of(error)))
    return visit.show_alone(TEMPLATE, page, status=fault_of(error).status)


def go_on(
    visit: Visit, entered: accounts.Session | accounts.Step, address: str, notice: str = ""
) -> Response:
    """Send whoever is in to `address`, and whoever is not yet to what else is asked of them."""
    if isinstance(entered, accounts.Session):
        return with_session(visit, visit.go(address, notice or None), entered)
    if entered.kind is accounts.StepKind.PASSWORD:
        return visit.go(f"/link/{entered.token}", visit.t("entrance.password_due"), is_good=False)
    page = "code" if entered.kind is accounts.StepKind.CODE else "set-up"
    return visit.go(f"/sign-in/{page}/{entered.token}?{urlencode({'next': address})}")


def with_session(visit: Visit, response: Response, session: accounts.Session) -> Response:
    """Return the answer with the cookie of a fresh session."""
    visit.keep_cookie(response, SESSION, session.token)
    return response


def sign_out(visit: Visit) -> Response:
    """End the session."""
    session = visit.passage.session
    if session is not None:
        accounts.sign_out(visit.runtime, session.token)
    has_provider = visit.runtime.project.sign_in.oidc is not None
    response = visit.go("/sign-in?left=1" if has_provider else "/sign-in")
    visit.drop_cookie(response, SESSION)
    # Whatever the browser has kept of this person's pages goes with the session.
    response.headers["clear-site-data"] = '"cache"'
    return response


def switch_locale(visit: Visit) -> Response:
    """Speak another of the project's languages from now on."""
    wanted = visit.field("locale")
    response = visit.go(own_address(visit.field("next") or "/"))
    if wanted in visit.runtime.project.locales:
        session = visit.passage.session
        if session is not None:
            accounts.set_session_locale(visit.runtime, session.token, wanted)
        visit.keep_cookie(response, LOCALE, wanted, max_age_seconds=YEAR_SECONDS)
    return response


def _page(visit: Visit, next_address: str, *, login: str, problem: str | None) -> SignInPage:
    project = visit.runtime.project
    return SignInPage(
        mark=visit.text(project.label)[:1].upper(),
        login=login,
        next=next_address,
        problem=problem,
        takes_passwords=project.sign_in.takes_passwords,
        provider=_provider(visit, next_address),
        other_locales=tuple(other_locale(each) for each in project.locales if each != visit.locale),
    )


def _provider(visit: Visit, next_address: str) -> ProviderLink | None:
    provider = visit.runtime.project.sign_in.oidc
    if provider is None:
        return None
    from orderkit.engine.accounts import oidc  # noqa: PLC0415 - most projects do without an HTTP client here

    return ProviderLink(
        label=visit.text(provider.label),
        address=f"/sign-in/oidc?{urlencode({'next': next_address})}",
        sign_out=(oidc.sign_out_address(visit.runtime) or "") if visit.query.get("left") else "",
    )
