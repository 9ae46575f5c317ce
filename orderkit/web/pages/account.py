"""A person's own account: password, and the tokens that programs use in their name."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import access, accounts
from orderkit.engine.access import Action
from orderkit.engine.accounts import Reach
from orderkit.engine.accounts.tokens import LONGEST_LABEL
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, OrderkitError, Refused
from orderkit.model.labels import label, text_of
from orderkit.web.display.moments import shown_at
from orderkit.web.errors import explanation_of, fault_of
from orderkit.web.frame.shell import other_locale
from orderkit.web.pages.own_sessions import OwnSession, own_sessions
from orderkit.web.pages.sign_in import with_session
from orderkit.web.pages.substitutes import SubstituteSection, substitute_section
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/account.html"
LONGEST_DAYS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A token; the token itself is shown once, when it is made. `ended` says why it opens nothing any more."""

    label: str
    reach: str
    forms: str
    created: str
    used: str
    ends: str
    ended: str
    revoke_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenChoice:
    """How far a token may reach, or a form to which it may be confined."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenDraft:
    """The form that makes a token, as it was filled in."""

    label: str
    reaches: tuple[TokenChoice, ...]
    forms: tuple[TokenChoice, ...]
    days: str
    most_days: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceChoice:
    """A zone or a language that may be chosen."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """The account. `fresh_token` is shown this one time."""

    name: str
    login: str
    tokens: tuple[TokenRow, ...]
    token_draft: TokenDraft
    fresh_token: str
    problem: str
    shortest: int
    sessions: tuple[OwnSession, ...]
    has_factor: bool
    project_zone: str
    zones: tuple[PreferenceChoice, ...]
    languages: tuple[PreferenceChoice, ...]
    substitutes: SubstituteSection


def show_account(visit: Visit) -> Response:
    """Show the account."""
    with visit.reading() as unit:
        return visit.show(unit, TEMPLATE, _page(visit, unit), current="account")


def change_password(visit: Visit) -> Response:
    """Set another password; sessions elsewhere end."""
    current, first, again = (_secret(visit, name) for name in ("current", "password", "password_again"))
    person = visit.person
    assert person.id is not None
    try:
        if first != again:
            raise Refused((), label(zh="两次输入的新密码不一致", en="The two new passwords differ"))
        accounts.prove_password(visit.runtime, person.login, current, address=visit.passage.client)
        # Hashed before the transaction begins, so that no writer waits for it.
        password_hash = accounts.new_password_hash(
            visit.runtime, first, user_id=person.id, login=person.login
        )
        with visit.writing() as unit:
            accounts.replace_password(unit, person.id, password_hash)
            session = accounts.start_session(unit, person.id)
    except OrderkitError as error:
        explanation = explanation_of(error)
        if isinstance(error, Denied):
            explanation = label(zh="当前密码不对", en="The current password is wrong")
        with visit.reading() as unit:
            page = _page(visit, unit, problem=visit.text(explanation))
            return visit.show(unit, TEMPLATE, page, current="account", status=fault_of(error).status)
    return with_session(visit, visit.go("/account", visit.t("account.password_changed")), session)


def save_preferences(visit: Visit) -> Response:
    """Set the zone of one's clock and one's language."""
    person = visit.person
    assert person.id is not None
    zone, language = visit.field("timezone"), visit.field("locale")
    try:
        with visit.writing() as unit:
            accounts.set_preferences(unit, person.id, zone=zone, language=language)
    except Refused as refused:
        with visit.reading() as unit:
            page = _page(visit, unit, problem=" ".join(visit.text(each.message) for each in refused.problems))
            return visit.show(unit, TEMPLATE, page, current="account", status=fault_of(refused).status)
    session = visit.passage.session
    if session is not None:
        spoken = language or person.locale or visit.runtime.project.locale
        accounts.set_session_locale(visit.runtime, session.token, spoken)
        said = visit.site.templates.texts.say("account.preferences_saved", spoken)
        return visit.go("/account", said)
    return visit.go("/account")


def make_token(visit: Visit) -> Response:
    """Make a token and show it this one time."""
    person = visit.person
    assert person.id is not None
    called = visit.field("label")[:LONGEST_LABEL] or visit.t("account.token_unnamed")
    try:
        with visit.writing() as unit:
            token = accounts.make_token(
                unit,
                person.id,
                called,
                reach=_reach_of(visit),
                forms=_forms_of(visit),
                days=_days_of(visit),
            )
    except Refused as refused:
        said = " ".join(visit.text(each.message) for each in refused.problems)
        with visit.reading() as unit:
            page = _page(visit, unit, token_problem=said)
            return visit.show(unit, TEMPLATE, page, current="account", status=fault_of(refused).status)
    with visit.reading() as unit:
        return visit.show(unit, TEMPLATE, _page(visit, unit, fresh_token=token), current="account")


def revoke_token(visit: Visit) -> Response:
    """End a token at once."""
    person = visit.person
    assert person.id is not None
    with visit.writing() as unit:
        accounts.revoke_token(unit, visit.number("id"), user_id=person.id)
    return visit.go("/account", visit.t("account.token_revoked"))


def token_rows(visit: Visit, unit: Unit, user_id: int, prefix: str) -> tuple[TokenRow, ...]:
    """Return a user's tokens."""
    zone = visit.zone
    return tuple(
        TokenRow(
            label=token.label,
            reach=visit.t(f"account.reach_{token.scope.reach.value}"),
            forms=", ".join(_form_label(visit, unit, each) for each in sorted(token.scope.forms or ())),
            created=shown_at(token.created_at, zone, visit.locale),
            used=shown_at(token.used_at, zone, visit.locale) if token.used_at else "",
            ends=shown_at(token.expires_at, zone, visit.locale) if token.expires_at else "",
            ended=_ended(visit, unit, token),
            revoke_url=f"{prefix}/tokens/{token.id}/revoke",
        )
        for token in accounts.tokens_of(unit, user_id)
    )


def _ended(visit: Visit, unit: Unit, token: accounts.Token) -> str:
    if token.holds_at(unit.now):
        return ""
    return visit.t("account.token_ended" if token.revoked_at is not None else "account.token_over")


def _form_label(visit: Visit, unit: Unit, form_id: str) -> str:
    form = unit.project.form_by_id.get(form_id)
    return form_id if form is None else text_of(form.label, visit.locale)


def _reach_of(visit: Visit) -> Reach:
    text = visit.field("reach")
    # Whoever sends nothing gets the least.
    return Reach(text) if text in tuple(Reach) else Reach.READ


def _forms_of(visit: Visit) -> tuple[str, ...]:
    return tuple(value for value in visit.form.getlist("forms") if isinstance(value, str) and value)


def _days_of(visit: Visit) -> int | None:
    text = visit.field("days")
    if not text:
        return None
    # What is no number of days is refused as one out of range is.
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_DAYS else 0


def _draft(visit: Visit, unit: Unit, problem: str) -> TokenDraft:
    """Return the form for a token: empty, or as it was sent when it could not be made."""
    reach = _reach_of(visit) if problem else Reach.READ
    named = _forms_of(visit) if problem else ()
    readable = (
        form
        for form in unit.project.forms
        if form.parent is None and access.decide(unit.person, Action.READ, form.id, unit=unit)
    )
    return TokenDraft(
        label=visit.field("label")[:LONGEST_LABEL] if problem else "",
        reaches=tuple(
            TokenChoice(
                value=each.value, label=visit.t(f"account.reach_{each.value}"), is_chosen=each is reach
            )
            for each in Reach
        ),
        forms=tuple(
            TokenChoice(value=form.id, label=text_of(form.label, visit.locale), is_chosen=form.id in named)
            for form in readable
        ),
        days=visit.field("days") if problem else str(accounts.usual_days(unit.project)),
        most_days=accounts.longest_days(unit.project),
        problem=problem,
    )


def _page(
    visit: Visit, unit: Unit, *, fresh_token: str = "", problem: str = "", token_problem: str = ""
) -> AccountPage:
    person = visit.person
    assert person.id is not None
    chosen = accounts.preferences_of(unit, person.id)
    zone, language = chosen.get(accounts.ZONE, ""), chosen.get(accounts.LANGUAGE, "")
    return AccountPage(
        substitutes=substitute_section(visit, unit),
        name=person.name,
        login=person.login,
        tokens=token_rows(visit, unit, person.id, "/account"),
        token_draft=_draft(visit, unit, token_problem),
        fresh_token=fresh_token,
        problem=problem,
        shortest=unit.project.sign_in.password_length,
        sessions=own_sessions(visit, unit, person.id),
        has_factor=accounts.has_second_factor(unit, person.id),
        project_zone=unit.project.timezone,
        zones=tuple(
            PreferenceChoice(value=each, label=each.replace("_", " "), is_chosen=each == zone)
            for each in accounts.known_zones()
        ),
        languages=tuple(
            PreferenceChoice(value=each, label=other_locale(each).name, is_chosen=each == language)
            for each in unit.project.locales
        ),
    )


def _secret(visit: Visit, name: str) -> str:
    value = visit.form.get(name)
    return value if isinstance(value, str) else ""
