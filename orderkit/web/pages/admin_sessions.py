"""Who is signed in, for administrators, who may end any session at once."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import access, accounts
from orderkit.engine.accounts import OpenSession
from orderkit.engine.runtime import Unit
from orderkit.web.display.moments import shown_ago, shown_at
from orderkit.web.request.visit import Visit

TEMPLATE = "pages/admin_sessions.html"
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One session. `is_own` is the one that looks."""

    digest: str
    name: str
    login: str
    user_url: str
    began: str
    seen: str
    ends: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminSessionsPage:
    """The sessions, those used last first; `count` is of all of them."""

    rows: tuple[SessionRow, ...]
    count: int


def show_sessions(visit: Visit) -> Response:
    """Show who is signed in."""
    with visit.reading() as unit:
        access.require_administrator(unit)
        page = AdminSessionsPage(
            rows=tuple(_row(visit, unit, each) for each in accounts.open_sessions(unit, limit=MOST)),
            count=accounts.count_sessions(unit),
        )
        return visit.show(unit, TEMPLATE, page, current="admin")


def end_session(visit: Visit) -> Response:
    """End a session."""
    with visit.writing() as unit:
        access.require_administrator(unit)
        accounts.end_session(unit, visit.field("session"))
    return visit.go("/admin/sessions", visit.t("admin.session_ended"))


def _row(visit: Visit, unit: Unit, session: OpenSession) -> SessionRow:
    zone = visit.zone
    person = accounts.person_of(unit, session.user_id)
    own = visit.passage.session
    return SessionRow(
        digest=session.digest,
        name=visit.t("admin.nobody") if person is None else person.name,
        login="" if person is None else person.login,
        user_url=f"/users/{session.user_id}",
        began=shown_at(session.created_at, zone, visit.locale),
        seen=shown_ago(session.seen_at, unit.now, zone, visit.locale, visit.t),
        ends=shown_at(session.expires_at, zone, visit.locale),
        is_own=own is not None and session.is_of(own.token),
    )
