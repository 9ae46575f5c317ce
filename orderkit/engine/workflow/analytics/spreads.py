"""How long something took over many times: how often, how long in all, the median, and what nine of ten stay within."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from orderkit.engine.runtime import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Lengths of time: the median of an even number lies between the two in the middle.

    `p90` is the shortest of them that at least nine of ten do not exceed.
    """

    count: int
    total: timedelta
    median: timedelta
    p90: timedelta

    @property
    def mean(self) -> timedelta:
        """How long it took on average."""
        return self.total / self.count


def spread_by(
    unit: Unit,
    rows: sa.FromClause,
    keys: Sequence[str],
    *,
    limit: int,
    sums: Sequence[sa.ColumnElement[Any]] = (),
    by_count: bool = False,
) -> list[tuple[tuple[Any, ...], Spread, tuple[int, ...]]]:
    """Return the spread of `seconds` for each group, with further sums of each.

    The database ranks and counts; `sums` are columns of `rows`, to be added up. First comes what took the
    longest in all, or with `by_count` what was most frequent.
    """
    by = [rows.c[each] for each in keys]
    ranked = sa.select(
        *by,
        rows.c.seconds,
        *(each.label(f"sum_{index}") for index, each in enumerate(sums)),
        sa.func.row_number().over(partition_by=by or None, order_by=rows.c.seconds).label("rank"),
        sa.func.count().over(partition_by=by or None).label("size"),
    ).subquery("ranked")
    rank, size, seconds = ranked.c.rank, ranked.c.size, ranked.c.seconds
    lower, upper, nine_of_ten = (size + 1) // 2, size // 2 + 1, (size * 9 + 9) // 10
    groups = [ranked.c[each] for each in keys]
    total = sa.func.sum(seconds)
    found = (
        sa.select(
            *groups,
            sa.func.count().label("spread_count"),
            total.label("spread_total"),
            sa.func.max(sa.case((rank == lower, seconds))).label("spread_lower"),
            sa.func.max(sa.case((rank == upper, seconds))).label("spread_upper"),
            sa.func.max(sa.case((rank == nine_of_ten, seconds))).label("spread_p90"),
            *(sa.func.sum(ranked.c[f"sum_{index}"]) for index in range(len(sums))),
        )
        .group_by(*groups)
        .order_by(sa.func.count().desc() if by_count else total.desc(), *groups)
        .limit(limit)
    )
    width = len(keys)
    return [
        (tuple(row[:width]), _spread(*row[width : width + 5]), tuple(int(each) for each in row[width + 5 :]))
        for row in unit.connection.execute(found)
    ]


def _spread(count: int, total: int, lower: int, upper: int, p90: int) -> Spread:
    return Spread(
        count=count,
        total=timedelta(seconds=int(total)),
        median=timedelta(seconds=(int(lower) + int(upper)) / 2),
        p90=timedelta(seconds=int(p90)),
    )
