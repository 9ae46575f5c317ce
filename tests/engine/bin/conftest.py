"""A trade to work in, in a database of each kind."""

import pytest

from tests.support.trade import Trade, open_trade, trade


@pytest.fixture
def shop(make_database, tmp_path, clock) -> Trade:
    return open_trade(make_database(trade()), tmp_path / "files", clock)
