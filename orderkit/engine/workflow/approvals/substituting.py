"""Dated substitutes: while somebody is away another sees their tasks as well, and the first to act decides.

A substitute of a substitute acts too, over three links at most. Nobody decides about their own request as a
substitute, and a ring of substitutes is refused when it would close.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, false, insert, or_, select, update

from orderkit.database.schema.system_tables import substitution as table
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine import audit
from orderkit.engine.access.people import people_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.locating import user_name
from orderkit.engine.workflow.views import UserName
from orderkit.model.errors import Denied, NotFound, Problem, Refused
from orderkit.model.labels import Label, label
from orderkit.model.roles import ADMIN

MOST_LINKS = 3
FORBID = "forbid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """One agreement: from when until when, for one workflow or (None) all of them."""

    id: int
    user: UserName
    substitute: UserName
    workflow: str | None
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody for whom this person may act now, in one workflow or (None) in all."""

    user_id: int
    workflow: str | None


class _Principals(dict[int | None, tuple[Principal, ...]]):
    """Whom each person stands in for, as this unit has seen it."""


def principals(unit: Unit) -> tuple[Principal, ...]:
    """Return for whom this person may act now."""
    known = unit.keep(_Principals, _Principals)
    person = unit.person.id
    if person is None:
        return ()
    if person not in known:
        known[person] = _principals(unit, person)
    return known[person]


def acts_for(unit: Unit, user_id: int, workflow: str) -> bool:
    """Return whether this person is a substitute of somebody in a workflow now."""
    return not _is_forbidden(unit, workflow) and any(
        each.user_id == user_id and each.workflow in {None, workflow} for each in principals(unit)
    )


def is_concerned(unit: Unit) -> ColumnElement[bool]:
    """Return the condition for tasks of this person, or of those for whom they may act."""
    own = tasks.c.assignee_id == unit.person.id
    found = principals(unit)
    if not found:
        return own
    barred = [each.id for each in unit.project.workflows if each.policy.substitution == FORBID]
    others = [
        and_(
            tasks.c.assignee_id == each.user_id,
            tasks.c.workflow.not_in(barred) if each.workflow is None else _only(each.workflow, barred),
        )
        for each in found
    ]
    return or_(own, *others)


def substitutions(unit: Unit) -> tuple[Substitution, ...]:
    """Return what has not ended of this person's agreements: whom they named, and for whom they stand in."""
    mine = or_(table.c.user_id == unit.person.id, table.c.substitute_id == unit.person.id)
    found = select(table).where(mine, table.c.ends_at > unit.now).order_by(table.c.starts_at, table.c.id)
    return tuple(
        Substitution(
            id=row.id,
            user=user_name(unit, row.user_id),
            substitute=user_name(unit, row.substitute_id),
            workflow=row.workflow,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in unit.connection.execute(found).all()
    )


def add_substitute(  # noqa: PLR0917 - who, from when, until when, for what, in place of whom
    unit: Unit,
    substitute_id: int,
    starts_at: datetime,
    ends_at: datetime,
    workflow: str | None = None,
    user_id: int | None = None,
) -> int:
    """Name a substitute, for oneself or, as an administrator, for another; return the agreement's id.

    Raises: Denied, Refused.
    """
    _require_whole_person(unit)
    user_id = _principal(unit, user_id)
    _check(unit, user_id, substitute_id, workflow)
    if ends_at <= starts_at or ends_at <= unit.now:
        raise _refused(
            "ends_at",
            "dates",
            label(zh="结束须晚于开始，且在将来", en="it must end after it begins, and in the future"),
        )
    # One after the other, so that two agreements made at once close no ring between them.
    user = unit.runtime.database.tables["user"]
    unit.connection.execute(select(user.c.id).order_by(user.c.id).limit(1).with_for_update())
    if _closes_ring(unit, user_id, substitute_id, (starts_at, ends_at)):
        raise _refused(
            "substitute",
            "loop",
            label(
                zh="对方在此期间（直接或间接）由您代理，不能互相代理",
                en="you stand in for them at that time, directly or through others; a ring of substitutes helps nobody",
            ),
        )
    values = {
        "user_id": user_id,
        "substitute_id": substitute_id,
        "workflow": workflow,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "created_at": unit.now,
        "created_by": unit.person.id,
    }
    made: int = unit.connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one()
    _note(unit, user_id, None, user_name(unit, substitute_id).name)
    unit.keep(_Principals, _Principals).clear()
    return made


def end_substitution(unit: Unit, substitution_id: int) -> None:
    """End an agreement now, as who named the substitute, the substitute, or an administrator. Raises NotFound."""
    _require_whole_person(unit)
    found = unit.connection.execute(select(table).where(table.c.id == substitution_id)).one_or_none()
    may = found is not None and (
        unit.person.id in {found.user_id, found.substitute_id} or ADMIN in unit.person.roles
    )
    if found is None or not may or found.ends_at <= unit.now:
        raise NotFound
    if found.starts_at > unit.now:
        unit.connection.execute(delete(table).where(table.c.id == substitution_id))
    else:
        unit.connection.execute(update(table).where(table.c.id == substitution_id).values(ends_at=unit.now))
    _note(unit, found.user_id, user_name(unit, found.substitute_id).name, None)
    unit.keep(_Principals, _Principals).clear()


def _require_whole_person(unit: Unit) -> None:
    """Refuse whoever acts through a token that does less than its person: a substitute does all that they may."""
    scope = unit.person.scope
    if scope is not None and not scope.is_whole:
        raise Denied(
            label(
                zh="此令牌不能设置代理人：代理人能做您能做的一切审批",
                en="this token cannot name substitutes, who decide whatever you may decide",
            )
        )


def _principals(unit: Unit, person: int) -> tuple[Principal, ...]:
    found: dict[tuple[int, str | None], None] = {}
    here: list[tuple[int, str | None]] = [(person, None)]
    for _ in range(MOST_LINKS):
        following: list[tuple[int, str | None]] = []
        for substitute, limit in here:
            for row in _standing_in(unit, substitute):
                if limit is None or row.workflow in {None, limit}:
                    link = (row.user_id, limit or row.workflow)
                    if row.user_id != person and link not in found:
                        found[link] = None
                        following.append(link)
        here = following
    return tuple(Principal(user_id, workflow) for user_id, workflow in found)


def _standing_in(unit: Unit, substitute: int) -> Sequence[Any]:
    now = select(table.c.user_id, table.c.workflow).where(
        table.c.substitute_id == substitute, table.c.starts_at <= unit.now, table.c.ends_at > unit.now
    )
    return unit.connection.execute(now.order_by(table.c.id)).all()


def _closes_ring(unit: Unit, user_id: int, substitute_id: int, period: tuple[datetime, datetime]) -> bool:
    """Return whether the substitute's own substitutes in that time lead back to the user."""
    starts_at, ends_at = period
    seen: set[int] = set()
    waiting = [substitute_id]
    while waiting:
        here = waiting.pop()
        if here == user_id:
            return True
        if here not in seen:
            seen.add(here)
            onward = select(table.c.substitute_id).where(
                table.c.user_id == here, table.c.starts_at < ends_at, table.c.ends_at > starts_at
            )
            waiting += unit.connection.execute(onward).scalars().all()
    return False


def _check(unit: Unit, user_id: int, substitute_id: int, workflow: str | None) -> None:
    if substitute_id == user_id:
        raise _refused(
            "substitute", "yourself", label(zh="不能代理自己", en="nobody stands in for themselves")
        )
    if {user_id, substitute_id} - people_of(unit, [user_id, substitute_id]).keys():
        raise _refused(
            "substitute",
            "not_found",
            label(zh="没有这个人，或已离职", en="there is nobody of that id, or they left"),
        )
    if workflow is not None and workflow not in unit.project.workflow_by_id:
        raise _refused(
            "workflow",
            "unknown_workflow",
            label(zh=f"没有流程 {workflow}", en=f"there is no workflow {workflow}"),
        )
    asked = unit.project.workflows if workflow is None else (unit.project.workflow_by_id[workflow],)
    if asked and all(each.policy.substitution == FORBID for each in asked):
        raise _refused(
            "workflow",
            "forbidden",
            label(zh="流程规则不允许代理", en="the rules of the workflow allow no substitutes"),
        )


def _principal(unit: Unit, user_id: int | None) -> int:
    if user_id is not None and user_id != unit.person.id and ADMIN not in unit.person.roles:
        raise Denied(
            label(
                zh="只有管理员可以替别人设置代理人", en="only an administrator names a substitute for others"
            )
        )
    found = user_id or unit.person.id
    if found is None:
        raise Denied
    return found


def _is_forbidden(unit: Unit, workflow: str) -> bool:
    found = unit.project.workflow_by_id.get(workflow)
    return found is None or found.policy.substitution == FORBID


def _only(workflow: str, barred: Sequence[str]) -> ColumnElement[bool]:
    return false() if workflow in barred else tasks.c.workflow == workflow


def _note(unit: Unit, user_id: int, before: str | None, after: str | None) -> None:
    changes = {"substitute": (before, after)}
    audit.write(unit, [audit.Entry(form="user", record_id=user_id, verb="updated", changes=changes)])


def _refused(path: str, code: str, message: Label) -> Refused:
    return Refused([Problem(path=path, code=code, message=message)])
