"""Projects drawn at random: whatever the roles say, no channel tells anybody another thing than the oracle."""

import pytest

from tests.support.progress import Progress
from tests.web.permissions import addresses, decisions, reading, trying, writing
from tests.web.permissions.conftest import Drawn
from tests.web.permissions.walk import Walk

CHANNELS = (
    decisions.decisions,
    decisions.row_rules,
    decisions.news,
    decisions.matrix,
    reading.records,
    reading.lists,
    reading.sums,
    reading.files,
    reading.prints,
    trying.trials,
    writing.changes,
    writing.calls,
    writing.imports,
)
SEEDS = range(1, 3)
SEEDS_OF_A_SOAK = range(100, 300)
ON_POSTGRESQL = 5
"""One in so many projects of a soak is on PostgreSQL, the others on SQLite."""
PARTS = 8
"""Of a soak, each a test of its own: what one has found is known although another was stopped."""
LOOKING = 3
"""One in so many people looks at every kind of address; the others at the channels by name."""


def walk_everywhere(walk: Walk, seed: int) -> None:
    for number, sight in enumerate(walk.people):
        for channel in CHANNELS:
            channel(walk, sight)
        if number % LOOKING == seed % LOOKING:
            addresses.addresses(walk, sight)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_channel_differs_from_the_oracle(drawn: Drawn, seed: int) -> None:
    with drawn(seed) as walk:
        walk_everywhere(walk, seed)
        walk.end()
        assert (
            min(walk.counted[each] for each in ("row rule", "API record", "search", "change", "import")) > 0
        )


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_none_does_on_many_projects(drawn: Drawn, progress: Progress, dialect: str, part: int) -> None:
    seeds = [each for each in SEEDS_OF_A_SOAK if (each % ON_POSTGRESQL == 0) == (dialect == "postgresql")]
    some = seeds[part::PARTS]
    for seed in some:
        with drawn(seed, dialect=dialect) as walk:
            walk_everywhere(walk, seed)
        assert walk.differences == [], f"{seed}: {walk.differences[:100]}"
        progress.step(of=len(some))
