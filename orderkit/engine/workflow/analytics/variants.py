"""Which ways records took: the states they went through, the most frequent way first."""

from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from orderkit.engine.workflow.analytics.asking import Asked
from orderkit.engine.workflow.analytics.sources import MOST_OF_PATH, paths, whole_lives
from orderkit.engine.workflow.analytics.spreads import Spread, spread_by
from orderkit.engine.workflow.analytics.times import state_label
from orderkit.model.labels import Label

MOST_VARIANTS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A way from beginning to end. `share` is of all lives that are counted; `is_cut` goes on in circles."""

    path: str
    states: tuple[Label, ...]
    share: Fraction
    spread: Spread
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """The most frequent ways, of `total` lives that ended in the period and whose beginning is known."""

    total: int
    found: tuple[Variant, ...]

    @property
    def rest(self) -> int:
        """How many lives took none of these ways."""
        return self.total - sum(each.spread.count for each in self.found)


def variants(asked: Asked) -> Variants:
    """Return the ways that ended lives took."""
    whole = whole_lives(asked).subquery("whole")
    total = asked.unit.connection.execute(sa.select(sa.func.count()).select_from(whole)).scalar_one()
    rows = asked.lengths.measured(paths(asked))
    found = spread_by(asked.unit, rows, ["path"], limit=MOST_VARIANTS, by_count=True)
    return Variants(
        total=total,
        found=tuple(
            Variant(
                path=path,
                states=tuple(state_label(asked, each) for each in path.split(">")),
                share=Fraction(spread.count, total),
                spread=spread,
                is_cut=path.count(">") + 1 >= MOST_OF_PATH,
            )
            for (path,), spread, _ in found
        ),
    )
