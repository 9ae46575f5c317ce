"""What is done to a whole record besides its transitions: withdraw, revoke, terminate, reopen, claim, release, urge.

Each says why it cannot be done now, so that its button is grey for that reason; the verbs themselves ask the same.
"""

from dataclasses import dataclass

from sqlalchemy import Row, select

from orderkit.database.schema.system_tables import workflow_event
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.acting import circumstances_of
from orderkit.engine.workflow.approvals.approvals import EndingName, approval_of
from orderkit.engine.workflow.approvals.step_rows import is_decided
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.people import includes
from orderkit.engine.workflow.windows import is_within
from orderkit.engine.workflow.wording import of_both, who_is
from orderkit.model.labels import Label, label
from orderkit.model.people import HasRole, NamedPerson, Who
from orderkit.model.roles import ADMIN
from orderkit.model.workflow.workflows import Approval, Ending, Transition

WITHDRAW, REVOKE, TERMINATE, REOPEN = "withdraw", "revoke", "terminate", "reopen"
CLAIM, RELEASE, URGE = "claim", "release", "urge"
FIRST_DECISION = "first_decision"
NEVER = "never"
_ADMIN: Who = HasRole(ADMIN)
TOO_LATE = label(zh="已过期限", en="the time in which this could be done is over")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocable:
    """What a revocation takes back: a transition, or the approval that was given."""

    target: str
    keep: bool
    why: Label | None
    transition: Transition | None = None
    approval: Approval | None = None


def why_no_withdrawal(unit: Unit, instance: Instance, approval: Approval) -> Label | None:
    """Return why this person cannot withdraw now; None when they can."""
    if unit.person.id != instance.submitter_id:
        return label(zh="只能由提交人撤回", en="only who submitted it may withdraw it")
    until = approval.withdrawn.until if approval.withdrawn is not None else NEVER
    if until == NEVER:
        return label(zh="此审批不允许撤回", en="this approval cannot be withdrawn")
    if until == FIRST_DECISION and is_decided(unit, instance):
        return label(
            zh="已有人审批，不能再撤回", en="somebody has decided already, so it cannot be withdrawn"
        )
    return None


def revocable(unit: Unit, instance: Instance, row: RecordRow) -> Revocable | None:
    """Return what could be revoked of how a record came into its state, with why it cannot be now; None for nothing."""
    entry = last_entry(unit, instance)
    if entry is None:
        return None
    transition = instance.definition.transition_by_id.get(entry.transition or "")
    if transition is not None and transition.revoke is not None:
        revoke = transition.revoke
        by = revoke.by
        why = None
        if by is None and unit.person.id != entry.actor_id:
            why = label(zh="只能由操作人撤回", en="only who did this may take it back")
        elif by is not None:
            why = _not_among(unit, instance, row, by)
        if why is None and not is_within(unit, entry.at, revoke.within):
            why = TOO_LATE
        return Revocable(target=entry.source, keep=revoke.keep, why=why, transition=transition)
    approval = _given(instance, entry)
    ending = None if approval is None else approval.revoked
    if approval is None or ending is None:
        return None
    why = _not_among(unit, instance, row, ending.by or NamedPerson("submitter"))
    if why is None and not is_within(unit, entry.at, ending.within):
        why = TOO_LATE
    return Revocable(target=ending.target, keep=ending.keep, why=why, approval=approval)


def termination(unit: Unit, instance: Instance, row: RecordRow) -> tuple[Ending, Label | None] | None:
    """Return where the approval leads when it is terminated, and why this person may not; None where it cannot."""
    approval = approval_of(instance)
    if approval is None or approval.terminated is None:
        return None
    return approval.terminated, _not_among(unit, instance, row, approval.terminated.by or _ADMIN)


def reopening(unit: Unit, instance: Instance, row: RecordRow) -> tuple[str, Label | None] | None:
    """Return where a record goes that is taken up again, and why this person may not; None where it cannot."""
    reopen = instance.resting_in.reopen
    if reopen is None:
        return None
    why = _not_among(unit, instance, row, reopen.by or _ADMIN)
    if why is None and not is_within(unit, instance.entered_at, reopen.within):
        why = TOO_LATE
    return reopen.target, why


def is_claimable(instance: Instance) -> bool:
    """Return whether one of the holders takes the record on before it goes further."""
    state = instance.resting_in
    return state.claim and state.holder is not None


def why_unclaimed(unit: Unit, instance: Instance, row: RecordRow) -> Label | None:
    """Return why one of the holders cannot go on yet: nobody, or somebody else, has claimed the record."""
    if not is_claimable(instance) or unit.person.is_system or not is_holder(unit, instance, row):
        return None
    if instance.claimed_by is None:
        return label(zh="请先领取", en="claim it first")
    if instance.claimed_by != unit.person.id:
        return label(zh="已由他人领取", en="somebody else has claimed it")
    return None


def is_holder(unit: Unit, instance: Instance, row: RecordRow) -> bool:
    """Return whether this person is one of those who may claim the record."""
    circumstances = circumstances_of(instance, row, is_pool=True)
    return includes(unit, instance.resting_in.holder, circumstances, unit.person)


def last_entry(unit: Unit, instance: Instance) -> Row[tuple[object, ...]] | None:
    """Return how a record came into the visit that it is in; None for where it began."""
    found = select(workflow_event).where(
        workflow_event.c.instance_id == instance.id,
        workflow_event.c.visit == instance.visit,
        workflow_event.c.source.is_not(None),
    )
    return unit.connection.execute(found.order_by(workflow_event.c.id).limit(1)).one_or_none()


def _given(instance: Instance, entry: Row[tuple[object, ...]]) -> Approval | None:
    """Return the approval by whose being given a record came into its state."""
    if entry.verb != EndingName.APPROVED:
        return None
    source = instance.definition.state_by_id.get(entry.source)
    return None if source is None else instance.definition.approval_by_id.get(source.approval or "")


def _not_among(unit: Unit, instance: Instance, row: RecordRow, who: Who) -> Label | None:
    if includes(unit, who, circumstances_of(instance, row), unit.person):
        return None
    return of_both("只能由{who}操作", "only {who} may do this", who=who_is(unit.project, who))
