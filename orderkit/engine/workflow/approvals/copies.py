"""Copies for those who need not decide: who gets one when, whether it was read, and copies that approvers send."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from orderkit.database.schema.system_tables import workflow_copy as copies
from orderkit.engine import messages
from orderkit.engine.access import Action, decide
from orderkit.engine.messages import Recipients, Subject
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.locating import user_name
from orderkit.engine.workflow.people import Circumstances, addresses_of, resolve
from orderkit.engine.workflow.views import UserName
from orderkit.engine.workflow.wording import named
from orderkit.model.errors import NotFound
from orderkit.model.labels import Label
from orderkit.model.workflow.workflows import Approval

BY_APPROVER = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyItem:
    """One copy in somebody's inbox. `moment` is a stable word: `started`, `decided`, an ending, or `sent`."""

    id: int
    form: str
    form_label: Label
    record_id: int
    title: str
    may_read: bool
    moment: str
    sent_by: UserName | None
    at: datetime
    read_at: datetime | None


def send_copies(
    unit: Unit,
    instance: Instance,
    row: RecordRow,
    approval: Approval,
    moment: str,
    *,
    step: str | None = None,
) -> None:
    """Send the copies that an approval has for a moment; nobody gets two of one."""
    for copy in approval.cc:
        if copy.on != moment:
            continue
        circumstances = Circumstances(
            row=row,
            submitter_id=instance.submitter_id,
            holder=instance.resting_in.holder,
            approver_id=unit.person.id,
        )
        user_ids = tuple(each.user_id for each in resolve(unit, copy.to, circumstances))
        put_copies(unit, instance, user_ids, moment, step)
        if copy.message is not None:
            key = f"{instance.workflow}:{instance.record_id}:{instance.visit}:{moment}:{step or ''}"
            subject = Subject(message=unit.project.message_by_id[copy.message], row=row, key=key)
            addresses = addresses_of(unit, copy.to, circumstances)
            messages.send(unit, subject, Recipients(user_ids=user_ids, addresses=addresses), copy.via)


def put_copies(
    unit: Unit, instance: Instance, user_ids: Collection[int], moment: str, step: str | None
) -> tuple[int, ...]:
    """Write copies for whoever has none of this moment yet, and return who that is."""
    same_step = copies.c.step.is_(None) if step is None else copies.c.step == step
    has = select(copies.c.user_id).where(
        copies.c.instance_id == instance.id,
        copies.c.visit == instance.visit,
        copies.c.moment == moment,
        same_step,
    )
    already = set(unit.connection.execute(has).scalars())
    fresh = tuple(each for each in user_ids if each not in already)
    rows = [
        {
            "instance_id": instance.id,
            "workflow": instance.workflow,
            "form": instance.form,
            "record_id": instance.record_id,
            "visit": instance.visit,
            "user_id": each,
            "moment": moment,
            "step": step,
            "sent_by": unit.person.id,
            "created_at": unit.now,
            "read_at": None,
        }
        for each in fresh
    ]
    if rows:
        unit.connection.execute(insert(copies), rows)
    return fresh


def copies_of(unit: Unit, *, limit: int = 50, before: int | None = None) -> tuple[CopyItem, ...]:
    """Return this person's copies, newest first; of records that they may not read, nothing but that there was one."""
    found = select(copies).where(copies.c.user_id == unit.person.id).order_by(copies.c.id.desc()).limit(limit)
    if before is not None:
        found = found.where(copies.c.id < before)
    scope = unit.person.scope
    if scope is not None and scope.forms is not None:
        found = found.where(copies.c.form.in_(scope.forms))
    return tuple(_item(unit, row) for row in unit.connection.execute(found).all())


def copy_item(unit: Unit, copy_id: int) -> CopyItem:
    """Return one copy of this person. Raises NotFound."""
    mine = (copies.c.id == copy_id, copies.c.user_id == unit.person.id)
    row = unit.connection.execute(select(copies).where(*mine)).one_or_none()
    if row is None:
        raise NotFound
    return _item(unit, row)


def count_copies(unit: Unit) -> int:
    """Return how many copies this person has not read."""
    unread = select(func.count()).where(copies.c.user_id == unit.person.id, copies.c.read_at.is_(None))
    return unit.connection.execute(unread).scalar_one()


def mark_copies_read(unit: Unit, form: str, record_id: int) -> None:
    """Note that this person has seen a record of which they had copies."""
    unit.connection.execute(
        update(copies)
        .where(
            copies.c.user_id == unit.person.id,
            copies.c.form == form,
            copies.c.record_id == record_id,
            copies.c.read_at.is_(None),
        )
        .values(read_at=unit.now)
    )


def _item(unit: Unit, row: Row[Any]) -> CopyItem:
    record = rows_of(unit).row(row.form, row.record_id)
    may_read = record is not None and decide(unit.person, Action.READ, row.form, record, unit=unit)
    form = unit.project.form_by_id.get(row.form)
    return CopyItem(
        id=row.id,
        form=row.form,
        form_label=named(row.form) if form is None else form.label,
        record_id=row.record_id,
        title=rows_of(unit).title(row.form, row.record_id) if may_read else "",
        may_read=bool(may_read),
        moment=row.moment,
        sent_by=None if row.sent_by is None else user_name(unit, row.sent_by),
        at=row.created_at,
        read_at=row.read_at,
    )
