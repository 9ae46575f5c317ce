"""The records behind a number: for each figure the very rows that it was made of, the longest first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from orderkit.engine.rows import rows_of
from orderkit.engine.workflow.analytics.asking import Asked
from orderkit.engine.workflow.analytics.refusals import said
from orderkit.engine.workflow.analytics.sources import (
    decided_steps,
    decisions,
    ends,
    open_tasks,
    paths,
    resting,
    starts,
    visits,
)
from orderkit.engine.workflow.views import TaskState
from orderkit.model.errors import NotFound
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Outcome


class Figure(StrEnum):
    """Which number the records are behind."""

    STATE = "state"
    STEP = "step"
    PERSON = "person"
    WAITING = "waiting"
    RESTING = "resting"
    FORSAKEN = "forsaken"
    REFUSED = "refused"
    STARTED = "started"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    PATH = "path"


# By what each figure is told apart; `person` is a number.
KEYS: Mapping[Figure, tuple[str, ...]] = {
    Figure.STATE: ("state",),
    Figure.STEP: ("approval", "step"),
    Figure.PERSON: ("person",),
    Figure.WAITING: ("state", "approval", "step", "person"),
    Figure.RESTING: ("state",),
    Figure.FORSAKEN: ("state",),
    Figure.REFUSED: ("approval", "step", "said"),
    Figure.STARTED: (),
    Figure.COMPLETED: (),
    Figure.CANCELLED: (),
    Figure.PATH: ("path",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A figure, and the values that tell it apart; those that are left out are not asked for."""

    figure: Figure
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSpan:
    """A record with the span that it is counted for."""

    record_id: int
    title: str
    since: datetime
    until: datetime
    length: timedelta


def records_behind(asked: Asked, behind: Behind, *, limit: int, offset: int = 0) -> tuple[RecordSpan, ...]:
    """Return the records that a number was made of, one row for each time they count, the longest first.

    Raises: NotFound for values that the figure is not told apart by.
    """
    measured = asked.lengths.measured(_SOURCES[behind.figure](asked))
    wanted = []
    for name, value in behind.values.items():
        if name not in KEYS[behind.figure] or isinstance(value, int) != (name == "person"):
            raise NotFound(label(zh="没有这个数字", en="there is no such figure"))
        wanted.append(measured.c[name] == value)
    found = (
        sa.select(measured.c.record_id, measured.c.since, measured.c.until, measured.c.seconds)
        .where(*wanted)
        .order_by(measured.c.seconds.desc(), measured.c.since, measured.c.record_id)
        .limit(limit)
        .offset(offset)
    )
    rows = asked.unit.connection.execute(found).all()
    titles = rows_of(asked.unit).titles(asked.form.id, {row.record_id for row in rows})
    return tuple(
        RecordSpan(
            record_id=row.record_id,
            title=titles.get(row.record_id, f"#{row.record_id}"),
            since=row.since,
            until=row.until,
            length=timedelta(seconds=int(row.seconds)),
        )
        for row in rows
    )


def _refused(asked: Asked) -> sa.Select[Any]:
    found = decisions(asked).add_columns(said().label("said")).subquery("decisions")
    return sa.select(*found.c).where(found.c.state != TaskState.APPROVED)


def _forsaken(asked: Asked) -> sa.Select[Any]:
    waiting = open_tasks(asked).subquery("waiting")
    rows = resting(asked, in_approval=True).subquery("resting")
    return sa.select(*rows.c).where(rows.c.instance_id.not_in(sa.select(waiting.c.instance_id)))


_SOURCES: Mapping[Figure, Callable[[Asked], sa.Select[Any]]] = {
    Figure.STATE: visits,
    Figure.STEP: decided_steps,
    Figure.PERSON: decisions,
    Figure.WAITING: open_tasks,
    Figure.RESTING: lambda asked: resting(asked, in_approval=False),
    Figure.FORSAKEN: _forsaken,
    Figure.REFUSED: _refused,
    Figure.STARTED: starts,
    Figure.COMPLETED: lambda asked: ends(asked, Outcome.COMPLETED),
    Figure.CANCELLED: lambda asked: ends(asked, Outcome.CANCELLED),
    Figure.PATH: paths,
}
