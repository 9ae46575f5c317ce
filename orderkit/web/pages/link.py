"""The pages behind one-time links: the first administrator, and setting a password."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import accounts
from orderkit.engine.accounts import LinkPurpose, OneTimeLink
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import NotFound, Refused
from orderkit.model.labels import label
from orderkit.web.errors import explanation_of, fault_of
from orderkit.web.frame.shell import OtherLocale, other_locale
from orderkit.web.pages.sign_in import go_on
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/link.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    """A form that sets a password; for the first administrator it also asks who they are."""

    mark: str
    address: str
    is_first: bool
    shortest: int
    person: str
    login: str
    name: str
    problem: str | None
    other_locales: tuple[OtherLocale, ...]


def show_link(visit: Visit) -> Response:
    """Show what the link is for. Raises NotFound when it does not hold any more."""
    link, person = _link(visit)
    return visit.show_alone(TEMPLATE, _page(visit, link, person, problem=None))


def use_link(visit: Visit) -> Response:
    """Set the password and sign in."""
    link, person = _link(visit)
    token = visit.name("token")
    try:
        password = _password(visit)
        if link.purpose is LinkPurpose.FIRST_ADMINISTRATOR:
            session = accounts.become_first_administrator(
                visit.runtime, token, login=visit.field("login"), name=visit.field("name"), password=password
            )
        else:
            session = accounts.set_password_by_link(visit.runtime, token, password)
    except Refused as error:
        problem = visit.text(explanation_of(error))
        page = _page(visit, link, person, problem=problem)
        return visit.show_alone(TEMPLATE, page, status=fault_of(error).status)
    return go_on(visit, session, "/", visit.t("entrance.password_set"))


def _password(visit: Visit) -> str:
    first, again = visit.form.get("password"), visit.form.get("password_again")
    if not isinstance(first, str) or first != again:
        raise Refused((), label(zh="两次输入的密码不一致", en="The two passwords differ"))
    return first


def _link(visit: Visit) -> tuple[OneTimeLink, str]:
    with visit.runtime.read(SYSTEM, Channel.PAGE) as unit:
        link = accounts.read_link(unit, visit.name("token"))
        user_id = None if link is None else link.user_id
        person = None if user_id is None else accounts.person_of(unit, user_id)
        if link is None or (user_id is not None and person is None):
            raise NotFound(
                label(
                    zh="这个链接已用过或已过期，请向管理员要一个新的",
                    en="This link was used or has expired; ask an administrator for a new one",
                )
            )
    return link, "" if person is None else f"{person.name} ({person.login})"


def _page(visit: Visit, link: OneTimeLink, person: str, *, problem: str | None) -> LinkPage:
    project = visit.runtime.project
    return LinkPage(
        mark=visit.text(project.label)[:1].upper(),
        address=f"/link/{visit.name('token')}",
        is_first=link.purpose is LinkPurpose.FIRST_ADMINISTRATOR,
        shortest=project.sign_in.password_length,
        person=person,
        login=visit.field("login"),
        name=visit.field("name"),
        problem=problem,
        other_locales=tuple(other_locale(each) for each in project.locales if each != visit.locale),
    )
