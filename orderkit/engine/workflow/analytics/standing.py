"""Where records stand now, with whom and since when: the answer to which step it is stuck at, and who owns that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from orderkit.engine.access import Action, row_condition
from orderkit.engine.workflow.analytics.asking import Asked
from orderkit.engine.workflow.analytics.sources import open_tasks, resting
from orderkit.engine.workflow.analytics.times import people_named, state_label, step_label
from orderkit.engine.workflow.views import UserName
from orderkit.engine.workflow.wording import who_is
from orderkit.model.labels import Label
from orderkit.model.people import NamedPerson

MOST_ROWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Records that wait at one place for the same people, the oldest of them since `since`.

    `person` has them in hand; where nobody alone has, `holder` says who should, if the state says so.
    `waited` is how long all of them have waited together. An approval without any task has neither: nobody
    can move it on.
    """

    state: str
    label: Label
    approval: str | None = None
    step: str | None = None
    step_label: Label | None = None
    person: UserName | None = None
    holder: Label | None = None
    count: int
    since: datetime
    waited: timedelta

    @property
    def is_forsaken(self) -> bool:
        """Whether nobody is there who could do anything."""
        return self.person is None and self.holder is None


def standing(asked: Asked) -> tuple[Standing, ...]:
    """Return where records stand that are not at their end, the longest waiting together first.

    A record that waits for several people counts with each of them.
    """
    found = [*_in_approval(asked), *_held(asked), *_without_task(asked)]
    found.sort(key=lambda each: (-each.waited, each.since, each.state, each.step or ""))
    return tuple(found[:MOST_ROWS])


def counts_by_state(asked: Asked) -> dict[str, int]:
    """Return how many records stand in each state now, those at their end too."""
    lives = asked.lives()
    found = sa.select(lives.c.state, sa.func.count()).group_by(lives.c.state)
    return {row.state: row[1] for row in asked.unit.connection.execute(found)}


def _in_approval(asked: Asked) -> Sequence[Standing]:
    keys = ("state", "approval", "step", "person")
    found = _grouped(asked, open_tasks(asked), keys)
    people = people_named(asked, (row.person for row in found))
    return [
        replace(
            _standing(asked, row),
            approval=row.approval,
            step=row.step,
            step_label=step_label(asked, row.approval, row.step),
            person=people[row.person],
        )
        for row in found
    ]


def _held(asked: Asked) -> Sequence[Standing]:
    """Return what stands in states without an approval: with its owner or submitter, or with whom the state names."""
    rows = resting(asked, in_approval=False).subquery("resting")
    table = asked.unit.runtime.database.tables[asked.form.id]
    is_owners = [each.id for each in asked.states.values() if each.holder == NamedPerson("owner")]
    is_submitters = [each.id for each in asked.states.values() if each.holder == NamedPerson("submitter")]
    cases: list[tuple[Any, Any]] = []
    if is_submitters:
        cases.append((rows.c.state.in_(is_submitters), rows.c.submitter_id))
    owner = asked.owner_field
    if is_owners and owner is not None:
        is_shown = row_condition(asked.unit, asked.form.id, Action.READ, table, field=owner)
        cases.append((sa.and_(rows.c.state.in_(is_owners), is_shown), table.c[owner]))
    holder = sa.case(*cases) if cases else sa.null()
    with_holder = sa.select(*rows.c, sa.cast(holder, sa.BigInteger()).label("person")).join(
        table, table.c.id == rows.c.record_id
    )
    found = _grouped(asked, with_holder, ("state", "person"))
    people = people_named(asked, (row.person for row in found if row.person is not None))
    return [
        replace(
            _standing(asked, row),
            person=people.get(row.person),
            holder=_holder(asked, row.state) if row.person is None else None,
        )
        for row in found
    ]


def _without_task(asked: Asked) -> Sequence[Standing]:
    waiting = open_tasks(asked).subquery("waiting")
    rows = resting(asked, in_approval=True).subquery("resting")
    left = sa.select(*rows.c).where(rows.c.instance_id.not_in(sa.select(waiting.c.instance_id)))
    return [_standing(asked, row) for row in _grouped(asked, left, ("state",))]


def _grouped(asked: Asked, rows: sa.Select[Any], keys: Sequence[str]) -> Sequence[sa.Row[Any]]:
    measured = asked.lengths.measured(rows)
    by = [measured.c[each] for each in keys]
    total = sa.func.sum(measured.c.seconds)
    found: sa.Select[Any] = (
        sa.select(
            *by,
            sa.func.count(sa.distinct(measured.c.instance_id)).label("size"),
            sa.func.min(measured.c.since).label("oldest"),
            total.label("seconds"),
        )
        .group_by(*by)
        .order_by(total.desc(), *by)
        .limit(MOST_ROWS)
    )
    return asked.unit.connection.execute(found).all()


def _standing(asked: Asked, row: sa.Row[Any]) -> Standing:
    return Standing(
        state=row.state,
        label=state_label(asked, row.state),
        count=row.size,
        since=row.oldest,
        waited=timedelta(seconds=int(row.seconds)),
    )


def _holder(asked: Asked, state: str) -> Label | None:
    found = asked.states.get(state)
    if found is None or found.holder is None:
        return None
    return who_is(asked.unit.project, found.holder)
