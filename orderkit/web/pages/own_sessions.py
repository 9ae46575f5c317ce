"""Where a person is signed in, as they see it themselves, and leaving everywhere else."""

from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import accounts
from orderkit.engine.runtime import Unit
from orderkit.web.display.moments import shown_ago, shown_at
from orderkit.web.request.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """One of one's sessions. `is_this` is the one that looks."""

    began: str
    seen: str
    is_this: bool


def own_sessions(visit: Visit, unit: Unit, user_id: int) -> tuple[OwnSession, ...]:
    """Return where somebody is signed in."""
    this = visit.passage.session
    return tuple(
        OwnSession(
            began=shown_at(each.created_at, visit.zone, visit.locale),
            seen=shown_ago(each.seen_at, unit.now, visit.zone, visit.locale, visit.t),
            is_this=this is not None and each.is_of(this.token),
        )
        for each in accounts.sessions_of(unit, user_id)
    )


def sign_out_elsewhere(visit: Visit) -> Response:
    """End all of one's sessions but this one."""
    session = visit.passage.session
    assert session is not None
    assert session.person.id is not None
    with visit.writing() as unit:
        accounts.sign_out_elsewhere(unit, session.person.id, session.token)
    return visit.go("/account", visit.t("account.left_elsewhere"))
