"""Who decides a step: people found when it begins, and the rules for when nobody, or the wrong one, is found.

Nothing happens silently: every rule that changes who decides leaves a note for the timeline.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.places import Place
from orderkit.engine.workflow.approvals.tallies import Verdict
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.people import Circumstances, Found, chain_of_managers, resolve
from orderkit.engine.workflow.wording import of_both
from orderkit.model.errors import Problem, Refused
from orderkit.model.people import HasRole, NamedPerson, Who
from orderkit.model.roles import ADMIN
from orderkit.model.workflow.workflows import Policy, Step

SELF = "auto:self"
DUPLICATE = "auto:duplicate"
EMPTY = "auto:empty"
NO_APPROVER = "no_approver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approver:
    """One person of a step. With `skip` the system decides for them at once, for that reason."""

    user_id: int
    how: str
    skip: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a rule did: `reason` is a stable word, `instead_of` the person who does not decide."""

    reason: str
    instead_of: int | None = None
    user_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An approval that a person gave in this visit, and the protected values that they saw.

    `place` says how far before the step at hand it was given: the greatest are those directly before. None
    for one that was given beside it.
    """

    user_id: int
    place: Place | None
    digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was decided in this visit so far, and the digest of the protected values as they are now.

    Nobody is passed over in a step that `is_returned`: somebody wanted it to be looked at again.
    """

    earlier: tuple[Earlier, ...] = ()
    digest: str
    is_returned: bool = False

    @property
    def before(self) -> tuple[Earlier, ...]:
        """The approvals of the steps directly before this one."""
        last = max((each.place for each in self.earlier if each.place is not None), default=None)
        return tuple(each for each in self.earlier if last is not None and each.place == last)

    def is_repeated(self, user_id: int, rule: str) -> bool:
        """Return whether this person has approved just this before, as far as `rule` looks back."""
        if rule == "none" or self.is_returned:
            return False
        given = self.earlier if rule == "once" else self.before
        return any(each.user_id == user_id and each.digest == self.digest for each in given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The people of a step, in order; `verdict` is set when a rule has decided without them."""

    people: tuple[Approver, ...]
    notes: tuple[Note, ...]
    verdict: Verdict = Verdict.PENDING


def assign(
    unit: Unit, instance: Instance, circumstances: Circumstances, step: Step, past: Past
) -> Assignment:
    """Return who decides `step`. Raises Refused when really nobody can."""
    policy = instance.definition.policy
    circumstances = replace(
        circumstances, previous_id=next((each.user_id for each in reversed(past.before)), None)
    )
    found = resolve(unit, step.approvers, circumstances)
    notes: tuple[Note, ...] = ()
    if not found:
        match policy.no_approver:
            case NamedPerson(name="approve"):
                return Assignment(people=(), notes=(Note(reason=EMPTY),), verdict=Verdict.APPROVED)
            case NamedPerson(name="reject"):
                return Assignment(people=(), notes=(Note(reason=EMPTY),), verdict=Verdict.REJECTED)
            case _:
                found = _in_place_of_nobody(unit, policy, circumstances, step)
                notes = (Note(reason=NO_APPROVER, user_ids=_ids(found)),)
    if any(each.user_id == instance.submitter_id for each in found):
        found, more = _without_self(unit, policy, circumstances, step, found)
        notes += more
    is_self_skipped = policy.self_approval == "skip" and not past.is_returned
    people = []
    for each in found:
        skip = DUPLICATE if past.is_repeated(each.user_id, policy.duplicate_approver) else None
        if is_self_skipped and each.user_id == instance.submitter_id:
            skip = SELF
        people.append(Approver(user_id=each.user_id, how=each.how, skip=skip))
    return Assignment(people=tuple(people), notes=notes)


def _in_place_of_nobody(
    unit: Unit, policy: Policy, circumstances: Circumstances, step: Step
) -> tuple[Found, ...]:
    admins: Who = HasRole(ADMIN)
    for who in (policy.no_approver or admins, admins):
        found = resolve(unit, who, circumstances)
        if found:
            return tuple(replace(each, how=NO_APPROVER) for each in found)
    message = of_both(
        "找不到“{step}”的审批人，也没有启用的管理员；请先设置人员",
        "nobody is found for “{step}”, and no administrator either; set up people first",
        step=step.label,
    )
    raise Refused([Problem(path="", code=NO_APPROVER, message=message)])


def _without_self(
    unit: Unit, policy: Policy, circumstances: Circumstances, step: Step, found: tuple[Found, ...]
) -> tuple[tuple[Found, ...], tuple[Note, ...]]:
    """Apply the rule for a submitter who would decide about their own record."""
    submitter = circumstances.submitter_id
    assert submitter is not None
    others = tuple(each for each in found if each.user_id != submitter)
    match policy.self_approval:
        case "allow":
            return found, ()
        case "skip":
            # Where others decide as well, the submitter is just left out; alone, they are skipped.
            return (
                (others, (Note(reason=SELF, instead_of=submitter, user_ids=_ids(others)),))
                if others
                else (found, ())
            )
        case "to_manager":
            manager = next(chain_of_managers(unit, submitter), None)
            if manager is not None:
                replaced = tuple(
                    replace(each, user_id=manager, how=SELF) if each.user_id == submitter else each
                    for each in found
                )
                unique = {each.user_id: each for each in reversed(replaced)}
                ordered = tuple(each for each in replaced if unique.pop(each.user_id, None) is not None)
                return ordered, (Note(reason=SELF, instead_of=submitter, user_ids=(manager,)),)
        case _:
            pass
    if others:
        return others, (Note(reason=SELF, instead_of=submitter, user_ids=_ids(others)),)
    instead = _in_place_of_nobody(unit, policy, circumstances, step)
    remaining = tuple(each for each in instead if each.user_id != submitter)
    if not remaining and policy.self_approval == "forbid":
        message = of_both(
            "“{step}”只能由提交人自己审批，而规则禁止自批；请先设置其他审批人",
            "only the submitter could decide “{step}”, which the rules forbid; set up another approver",
            step=step.label,
        )
        raise Refused([Problem(path="", code="self_approval", message=message)])
    # A lone administrator is the last resort, and the timeline says so.
    chosen = remaining or instead
    return chosen, (Note(reason=NO_APPROVER, instead_of=submitter, user_ids=_ids(chosen)),)


def _ids(found: Sequence[Found]) -> tuple[int, ...]:
    return tuple(each.user_id for each in found)
