"""A second factor: set up and removed on one's own account, demanded and asked for while signing in."""

from dataclasses import dataclass

import segno
from markupsafe import Markup
from starlette.responses import Response

from orderkit.engine import accounts
from orderkit.engine.accounts import StepKind
from orderkit.engine.accounts.totp import address_of
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import Denied, OrderkitError, Refused
from orderkit.model.labels import label
from orderkit.web.errors import explanation_of, fault_of
from orderkit.web.frame.shell import OtherLocale, other_locale
from orderkit.web.pages.sign_in import go_on
from orderkit.web.request.cookies import SESSION
from orderkit.web.request.visit import Visit, own_address

ASKING, SETTING_UP = "pages/sign_in_code.html", "pages/sign_in_set_up.html"
OWN = "pages/second_factor.html"
LONGEST_CODE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A secret as picture and as letters; `offered` comes back with the first code."""

    secret: str
    picture: Markup
    offered: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """The form that asks for a code; `problem` says why the last one failed."""

    mark: str
    address: str
    next: str
    problem: str
    other_locales: tuple[OtherLocale, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpPage:
    """What to scan before one may go on. `codes` are the recovery codes once it is done, shown this one time."""

    mark: str
    address: str
    next: str
    problem: str
    scan: Scan | None
    codes: tuple[str, ...]
    other_locales: tuple[OtherLocale, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFactorPage:
    """One's own second factor, or what to scan for one. `codes` are shown this one time."""

    problem: str
    scan: Scan | None
    codes: tuple[str, ...]
    is_demanded: bool
    codes_left: int


def show_asking(visit: Visit) -> Response:
    """Ask for the code. Raises NotFound when the step is over."""
    accounts.user_of_step(visit.runtime, visit.name("token"), StepKind.CODE)
    return visit.show_alone(ASKING, _code_page(visit))


def answer_asking(visit: Visit) -> Response:
    """Check the code and go on."""
    try:
        entered = accounts.enter_with_code(
            visit.runtime,
            visit.site.settings.secret_keys,
            visit.name("token"),
            _code(visit),
            previous=visit.request.cookies.get(SESSION),
            address=visit.passage.client,
        )
    except Denied as error:
        page = _code_page(visit, problem=visit.text(explanation_of(error)))
        return visit.show_alone(ASKING, page, status=fault_of(error).status)
    return go_on(visit, entered, _next(visit))


def show_setting_up(visit: Visit) -> Response:
    """Show what to scan to whoever must have a second factor. Raises NotFound when the step is over."""
    return visit.show_alone(SETTING_UP, _setting_up(visit))


def answer_setting_up(visit: Visit) -> Response:
    """Confirm the second factor, show the recovery codes, and begin the session beside them."""
    try:
        entered, codes = accounts.enter_with_set_up(
            visit.runtime,
            visit.site.settings.secret_keys,
            visit.name("token"),
            visit.field("offered"),
            _code(visit),
            previous=visit.request.cookies.get(SESSION),
        )
    except Refused as refused:
        page = _setting_up(visit, problem=visit.text(refused.problems[0].message))
        return visit.show_alone(SETTING_UP, page, status=fault_of(refused).status)
    going = go_on(visit, entered, _next(visit))
    shown = visit.show_alone(
        SETTING_UP, _set_up_page(visit, codes=codes, next_address=going.headers["location"])
    )
    for name, value in going.headers.items():
        if name == "set-cookie":
            shown.headers.append(name, value)
    return shown


def show_own(visit: Visit) -> Response:
    """Show one's second factor, or what to scan for one."""
    return _show_own(visit)


def confirm_own(visit: Visit) -> Response:
    """Put one's second factor in force and show the recovery codes."""
    session = visit.passage.session
    assert session is not None
    person = session.person
    assert person.id is not None
    try:
        with visit.writing() as unit:
            codes = accounts.confirm_second_factor(
                unit, visit.site.settings.secret_keys, person.id, visit.field("offered"), _code(visit)
            )
            # Whoever is signed in elsewhere never showed the code that is asked for from now on.
            accounts.sign_out_elsewhere(unit, person.id, session.token)
    except Refused as refused:
        return _show_own(visit, problem=visit.text(refused.problems[0].message), status=422)
    return _show_own(visit, codes=codes)


def remove_own(visit: Visit) -> Response:
    """Take one's second factor away, for the password."""
    person = visit.person
    assert person.id is not None
    password = visit.form.get("password")
    try:
        accounts.prove_password(
            visit.runtime,
            person.login,
            password if isinstance(password, str) else "",
            address=visit.passage.client,
        )
        with visit.writing() as unit:
            if accounts.needs_second_factor(unit, person.roles):
                raise Denied(label(zh="您的角色须有验证码，不能移除", en="Your roles demand a second factor"))
            accounts.forget_failures(unit, person.id)
            accounts.remove_second_factor(unit, person.id)
    except OrderkitError as error:
        return _show_own(visit, problem=visit.text(explanation_of(error)), status=fault_of(error).status)
    return visit.go("/account", visit.t("account.factor_removed"))


def _show_own(visit: Visit, *, problem: str = "", codes: tuple[str, ...] = (), status: int = 200) -> Response:
    person = visit.person
    assert person.id is not None
    with visit.reading() as unit:
        has_factor = accounts.has_second_factor(unit, person.id)
        page = OwnFactorPage(
            problem=problem,
            scan=None if has_factor else _scan(visit, person.id, person.login),
            codes=codes,
            is_demanded=accounts.needs_second_factor(unit, person.roles),
            codes_left=accounts.codes_left(unit, person.id),
        )
        return visit.show(unit, OWN, page, current="account", status=status)


def _setting_up(visit: Visit, *, problem: str = "") -> SetUpPage:
    user_id = accounts.user_of_step(visit.runtime, visit.name("token"), StepKind.SET_UP)
    with visit.runtime.read(SYSTEM, Channel.PAGE) as unit:
        person = accounts.person_of(unit, user_id)
    login = "" if person is None else person.login
    return _set_up_page(visit, problem=problem, scan=_scan(visit, user_id, login))


def _scan(visit: Visit, user_id: int, login: str) -> Scan:
    """Return what to scan: that of the form that came back, or a fresh one."""
    offer = accounts.offered_before(visit.site.settings.secret_keys, user_id, visit.field("offered"))
    issuer = visit.text(visit.runtime.project.label)
    code = segno.make(address_of(offer.secret, login=login, issuer=issuer), micro=False)
    drawn = code.svg_inline(omitsize=True, svgclass=None, lineclass=None, border=2)
    return Scan(
        secret=" ".join(offer.secret[start : start + 4] for start in range(0, len(offer.secret), 4)),
        picture=Markup(drawn),  # noqa: S704 - squares alone; the text is within them
        offered=offer.sealed,
    )


def _code(visit: Visit) -> str:
    return visit.field("code")[:LONGEST_CODE]


def _next(visit: Visit) -> str:
    return own_address(visit.field("next") or visit.query.get("next", "/"))


def _code_page(visit: Visit, *, problem: str = "") -> CodePage:
    return CodePage(
        mark=_mark(visit),
        address=visit.request.url.path,
        next=_next(visit),
        problem=problem,
        other_locales=_other_locales(visit),
    )


def _set_up_page(
    visit: Visit,
    *,
    problem: str = "",
    scan: Scan | None = None,
    codes: tuple[str, ...] = (),
    next_address: str = "",
) -> SetUpPage:
    return SetUpPage(
        mark=_mark(visit),
        address=visit.request.url.path,
        next=next_address or _next(visit),
        problem=problem,
        scan=scan,
        codes=codes,
        other_locales=_other_locales(visit),
    )


def _mark(visit: Visit) -> str:
    return visit.text(visit.runtime.project.label)[:1].upper()


def _other_locales(visit: Visit) -> tuple[OtherLocale, ...]:
    return tuple(other_locale(each) for each in visit.runtime.project.locales if each != visit.locale)
