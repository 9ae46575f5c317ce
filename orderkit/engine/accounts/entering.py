"""From a password to a session: what else is asked on the way, a code or a new password.

Each further step is a link that works once and for a few minutes; there is no session before all are
done, so nothing has to remember that somebody is half signed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from orderkit.engine.access.people import person_of
from orderkit.engine.accounts.links import LinkPurpose, make_link, read_link, use_link
from orderkit.engine.accounts.noting import AccountEvent, note
from orderkit.engine.accounts.password_rules import must_change
from orderkit.engine.accounts.passwords import counted, forget_failures
from orderkit.engine.accounts.second_factors import (
    Seal,
    confirm_second_factor,
    has_second_factor,
    needs_second_factor,
    use_second_factor,
)
from orderkit.engine.accounts.sessions import Session, prove_password, start_session
from orderkit.engine.runtime import SYSTEM, Channel, Runtime, Unit
from orderkit.model.errors import Denied, NotFound
from orderkit.model.labels import label

LIFETIME = timedelta(minutes=10)


class StepKind(StrEnum):
    """What is asked before a session begins."""

    CODE = LinkPurpose.SECOND_FACTOR.value
    SET_UP = LinkPurpose.SET_UP_FACTOR.value
    PASSWORD = LinkPurpose.CHANGE_PASSWORD.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that is still to be done; `token` is that of its link."""

    kind: StepKind
    token: str


def sign_in(
    runtime: Runtime, login: str, password: str, *, previous: str | None = None, address: str = ""
) -> Session | Step:
    """Check a password and return a fresh session, whose token `previous` ends, or what else is asked.

    Raises: Denied, with the same words for a wrong password, an unknown name and a pause, and where the
    project takes no passwords.
    """
    if not runtime.project.sign_in.takes_passwords:
        raise Denied(
            label(
                zh="这里不用密码登录，请用下面的按钮", en="Passwords are not taken here; use the button below"
            )
        )
    user_id = prove_password(runtime, login, password, address=address)
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        return enter(unit, user_id, previous=previous)


def enter(
    unit: Unit,
    user_id: int,
    *,
    previous: str | None = None,
    has_code: bool = False,
    has_password: bool = True,
    facts: Mapping[str, str] | None = None,
) -> Session | Step:
    """Let somebody in who has proved who they are, or return the next step. Raises Denied when they have left.

    Without `has_password` no password was asked, so none is due to be changed; `facts` stand in the audit.
    """
    kind = _next_step(unit, user_id, has_code=has_code, has_password=has_password)
    if kind is not None:
        return Step(kind=kind, token=make_link(unit, LinkPurpose(kind.value), user_id, lifetime=LIFETIME))
    forget_failures(unit, user_id)
    session = start_session(unit, user_id, previous=previous)
    note(unit, AccountEvent.SIGNED_IN, user_id, facts)
    return session


def user_of_step(runtime: Runtime, token: str, kind: StepKind) -> int:
    """Return whose step this is. Raises NotFound when its link does not hold (any more)."""
    with runtime.read(SYSTEM, Channel.PAGE) as unit:
        link = read_link(unit, token)
    if link is None or link.purpose.value != kind.value or link.user_id is None:
        raise NotFound(label(zh="登录超时了，请重新登录", en="This took too long; sign in again"))
    return link.user_id


def enter_with_code(
    runtime: Runtime, seal: Seal, token: str, code: str, *, previous: str | None = None, address: str = ""
) -> Session | Step:
    """Do the step that asks for a code. A wrong one counts as a wrong password does.

    Raises: NotFound for a step that is over; Denied for a wrong code and during a pause, in the same words.
    """
    user_id = user_of_step(runtime, token, StepKind.CODE)

    def is_right() -> bool:
        with runtime.write(SYSTEM, Channel.PAGE) as unit:
            return use_second_factor(unit, seal, user_id, code)

    if not counted(runtime, user_id, is_right, address=address):
        raise Denied(
            label(
                zh="验证码不对或已用过；连续多次失败后须等一会儿再试",
                en="The code is wrong or was used; after several failures wait a while before trying again",
            )
        )
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        use_link(unit, token, LinkPurpose.SECOND_FACTOR)
        return enter(unit, user_id, previous=previous, has_code=True)


def enter_with_set_up(
    runtime: Runtime, seal: Seal, token: str, offered: str, code: str, *, previous: str | None = None
) -> tuple[Session | Step, tuple[str, ...]]:
    """Do the step that sets up a second factor; return also the recovery codes. Raises NotFound, Refused."""
    user_id = user_of_step(runtime, token, StepKind.SET_UP)
    with runtime.write(SYSTEM, Channel.PAGE) as unit:
        codes = confirm_second_factor(unit, seal, user_id, offered, code)
        use_link(unit, token, LinkPurpose.SET_UP_FACTOR)
        return enter(unit, user_id, previous=previous, has_code=True), codes


def _next_step(unit: Unit, user_id: int, *, has_code: bool, has_password: bool) -> StepKind | None:
    person = person_of(unit, user_id)
    if person is not None and not has_code:
        if has_second_factor(unit, user_id):
            return StepKind.CODE
        if needs_second_factor(unit, person.roles):
            return StepKind.SET_UP
    is_asked = has_password and unit.project.sign_in.takes_passwords
    if person is not None and is_asked and must_change(unit, user_id):
        return StepKind.PASSWORD
    return None
