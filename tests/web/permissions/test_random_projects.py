"""Projects drawn at random: whatever the roles say, no channel tells anybody another thing than the oracle."""

import pytest

from tests.web.permissions import addresses, decisions, reading
from tests.web.permissions.conftest import Drawn
from tests.web.permissions.walk import Walk

CHANNELS = (
    decisions.decisions,
    decisions.row_rules,
    decisions.news,
    reading.records,
    reading.lists,
    reading.sums,
    reading.files,
    reading.prints,
    reading.trials,
    addresses.addresses,
)
SEEDS = range(1, 6)


def walk_everywhere(walk: Walk) -> None:
    for sight in walk.people:
        for channel in CHANNELS:
            channel(walk, sight)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_channel_differs_from_the_oracle(drawn: Drawn, seed: int) -> None:
    with drawn(seed) as walk:
        walk_everywhere(walk)
        walk.end()
