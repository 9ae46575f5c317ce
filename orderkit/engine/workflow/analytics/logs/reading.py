"""The log of a workflow: for each life what was done, when, by whom and for whom, a part of the lives at a time in hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from orderkit.database.schema.system_tables import workflow_event as events
from orderkit.engine.rows import rows_of
from orderkit.engine.workflow.analytics.asking import Asked
from orderkit.engine.workflow.analytics.times import state_label
from orderkit.engine.workflow.locating import SYSTEM_NAME, names_of
from orderkit.engine.workflow.timeline import activity
from orderkit.model.labels import text_of

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEvent:
    """Something that was done. `verb` and `transition` are stable words, `activity` is for people.

    `who` is a name, `on_behalf_of` one or empty; `source` and `target` are states where it moved the record.
    """

    at: datetime
    activity: str
    verb: str
    transition: str
    step: str
    source: str
    target: str
    visit: int
    who: str
    on_behalf_of: str
    comment: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The life of one record, in order. `name` tells it from every other of its form."""

    name: str
    record_id: int
    title: str
    state: str
    state_label: str
    definition: str
    events: tuple[LogEvent, ...]


def traces(asked: Asked) -> Iterator[Trace]:
    """Yield the lives whose last move was in the period, whole, in the order in which they began.

    `asked` is made for what leaves (`is_leaving`). Titles and names are of now.
    """
    unit, last = asked.unit, 0
    while True:
        lives = asked.lives()
        found = unit.connection.execute(
            sa.select(lives)
            .where(lives.c.id > last, *asked.within(lives.c.entered_at))
            .order_by(lives.c.id)
            .limit(AT_ONCE)
        ).all()
        if not found:
            return
        yield from _traces(asked, found)
        last = found[-1].id
        # A log of a million lives takes no more memory than one of a thousand.
        rows_of(unit).forget_everything()


def _traces(asked: Asked, lives: Sequence[sa.Row[Any]]) -> Iterator[Trace]:
    unit = asked.unit
    rows = unit.connection.execute(
        sa.select(events)
        .where(events.c.instance_id.in_([each.id for each in lives]), events.c.workflow == asked.workflow.id)
        .order_by(events.c.instance_id, events.c.id)
    ).all()
    names = names_of(unit, {each for row in rows for each in (row.actor_id, row.on_behalf_of_id) if each})
    titles = rows_of(unit).titles(asked.form.id, [each.record_id for each in lives])
    done = {number: list(some) for number, some in groupby(rows, key=lambda row: row.instance_id)}
    for life in lives:
        yield Trace(
            name=f"{asked.form.id}/{life.record_id}",
            record_id=life.record_id,
            title=titles.get(life.record_id, ""),
            state=life.state,
            state_label=text_of(state_label(asked, life.state), unit.locale),
            definition=life.definition_hash,
            events=tuple(
                _event(asked, row, names) for row in done.get(life.id, ()) if row.record_id == life.record_id
            ),
        )


def _event(asked: Asked, row: sa.Row[Any], names: dict[int, str]) -> LogEvent:
    def name(user_id: int | None) -> str:
        return SYSTEM_NAME if user_id is None else names.get(user_id, f"#{user_id}")

    label = activity(asked.workflow, row.verb, row.transition, row.step)
    return LogEvent(
        at=row.at,
        activity=text_of(label, asked.unit.locale),
        verb=row.verb,
        transition=row.transition or "",
        step=row.step or "",
        source=row.source or "",
        target=row.target or "",
        visit=row.visit,
        who=name(row.actor_id),
        on_behalf_of="" if row.on_behalf_of_id is None else name(row.on_behalf_of_id),
        comment=row.comment or "",
        channel=row.channel,
    )
