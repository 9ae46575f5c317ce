"""How many records began and ended in each week."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from orderkit.engine.periods import bucket_start, next_bucket
from orderkit.engine.workflow.analytics.asking import Asked
from orderkit.engine.workflow.analytics.sources import ends, starts
from orderkit.model.analysis.reports import Grain
from orderkit.model.workflow.workflows import Outcome

# Borders of weeks lie on quarters of an hour in every zone there is.
QUARTER_SECONDS = 900
MOST_WEEKS = 520


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A week from its Monday, in the project's zone: lives that began, and that came to the end where they stand."""

    start: date
    started: int
    completed: int
    cancelled: int


def throughput(asked: Asked) -> tuple[Week, ...]:
    """Return the weeks from the first with anything to tell to the last one, without gaps, at most the last 520."""
    started = _by_week(asked, starts(asked))
    completed = _by_week(asked, ends(asked, Outcome.COMPLETED))
    cancelled = _by_week(asked, ends(asked, Outcome.CANCELLED))
    known = started.keys() | completed.keys() | cancelled.keys()
    if not known:
        return ()
    return tuple(
        Week(start=week, started=started[week], completed=completed[week], cancelled=cancelled[week])
        for week in list(_weeks(min(known), max(known)))[-MOST_WEEKS:]
    )


def _weeks(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = next_bucket(first, Grain.WEEK)


def _by_week(asked: Asked, rows: sa.Select[Any]) -> Counter[date]:
    inner = rows.subquery("moments")
    quarter = asked.lengths.epoch(inner.c.since) // QUARTER_SECONDS
    found = sa.select(quarter.label("quarter"), sa.func.count()).group_by(quarter)
    weeks: Counter[date] = Counter()
    zone = asked.unit.runtime.timezone
    for number, count in asked.unit.connection.execute(found):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(number) * QUARTER_SECONDS)
        weeks[bucket_start(moment.astimezone(zone).date(), Grain.WEEK)] += count
    return weeks
