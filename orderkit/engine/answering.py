"""Deciding a task by a link from a mail, without signing in: as its one person, on this one task, once.

Opening a link begins no session and changes nothing, so that a scanner that follows it does no harm. Whoever has to
show a second factor shows it: their links lead to signing in.
"""

from dataclasses import dataclass

from orderkit.engine.accounts import addresses
from orderkit.engine.accounts.noting import AccountEvent, note
from orderkit.engine.accounts.second_factors import has_second_factor, needs_second_factor
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime, Unit
from orderkit.engine.workflow.approvals.deciding import decide_task
from orderkit.engine.workflow.approvals.holding import locked_task
from orderkit.engine.workflow.decision_links.links import LinkedTask, LinkState, is_known, link_of, use_up
from orderkit.engine.workflow.views import Decided, Verb
from orderkit.model.errors import Denied, NotFound, Stale
from orderkit.model.labels import label

VERBS = (Verb.APPROVE, Verb.REJECT, Verb.RETURN)


class LinkLapsed(NotFound):
    """A link that does not hold: never made, used, expired, or about what is settled. All are told alike."""

    def __init__(self) -> None:
        super().__init__(
            label(
                zh="这个链接已失效，请登录后处理",
                en="This link is no longer valid; sign in to go on",
            )
        )


class SignInFirst(Denied):
    """A link whose person has to show a second factor."""

    def __init__(self, link: "Answerable") -> None:
        super().__init__(
            label(
                zh="您的角色登录时须有验证码，请登录后处理",
                en="Your roles demand a second factor; sign in and decide",
            )
        )
        self.link = link


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerable:
    """A task that may be decided by a link. `is_changed`: not before it was looked at again, signed in."""

    task_id: int
    person: Person
    form: str
    record_id: int
    is_changed: bool
    needs_sign_in: bool


def read_link(runtime: Runtime, token: str, *, address: str = "") -> Answerable:
    """Return what a link is for, changing nothing about it. A token that was never made counts as a guess.

    Raises: LinkLapsed, also while whoever guesses from this address has to wait.
    """
    place = f"decision link {address}" if address else ""
    if place and addresses.is_paused(runtime, place):
        raise LinkLapsed
    with runtime.read(SYSTEM, Channel.LINK) as unit:
        link = link_of(unit, token)
        is_guess = link is None and not is_known(unit, token)
        found = None if link is None else _answerable(unit, link)
    if is_guess and place:
        addresses.count_failure_of(runtime, place)
    if found is None:
        raise LinkLapsed
    return found


def answer(
    runtime: Runtime,
    token: str,
    verb: Verb,
    comment: str | None = None,
    *,
    address: str = "",
    request_id: str | None = None,
) -> Decided:
    """Decide the task of a link as its person, and use the link up; a refusal leaves it as it was.

    Raises: LinkLapsed; SignInFirst; Stale when what it protects has changed; and what `decide_task` raises.
    """
    asked = read_link(runtime, token, address=address)
    if verb not in VERBS:
        raise LinkLapsed
    with runtime.write(asked.person, Channel.LINK, request_id=request_id) as unit:
        # Locked as every write locks a life, and looked at once more: until now it could be decided or handed on.
        locked_task(unit, asked.task_id)
        link = link_of(unit, token)
        if link is None:
            raise LinkLapsed
        now = _answerable(unit, link)
        if now.needs_sign_in:
            raise SignInFirst(now)
        if now.is_changed:
            raise Stale(label(zh="内容已变更，请重看", en="the content has changed; look at it again"))
        decided = decide_task(unit, link.task_id, verb, comment, seen=link.seen)
        if not use_up(unit, link):
            raise LinkLapsed
        facts = {
            "form": link.form,
            "records": str(link.record_id),
            "tasks": str(link.task_id),
            "kind": verb.value,
        }
        note(unit, AccountEvent.DECIDED_BY_LINK, link.person.id, facts)
    return decided


def _answerable(unit: Unit, link: LinkedTask) -> Answerable:
    person = link.person
    assert person.id is not None, "a link is a user's"
    return Answerable(
        task_id=link.task_id,
        person=person,
        form=link.form,
        record_id=link.record_id,
        is_changed=link.state is LinkState.CHANGED,
        needs_sign_in=has_second_factor(unit, person.id) or needs_second_factor(unit, person.roles),
    )
