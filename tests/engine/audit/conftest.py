"""A trade to work in, in a database of each kind, and its audit with seals."""

import pytest

from orderkit.engine.audit.digests import SealingKeys
from orderkit.engine.audit.sealing import Sealer
from orderkit.engine.audit.verifying import Verified, verify
from tests.support.tampering import tampering
from tests.support.trade import Trade, open_trade, trade

KEYS = (b"key of this year", b"key of last year")


@pytest.fixture
def shop(make_database, tmp_path, clock) -> Trade:
    return open_trade(make_database(trade()), tmp_path / "files", clock)


class Sealed:
    """A shop with a sealer, and what somebody does to its database."""

    def __init__(self, shop):
        self.shop = shop
        self.runtime = shop.office.runtime
        object.__setattr__(self.runtime, "keys_for", lambda _: KEYS)
        self.seal = Sealer(self.runtime)

    def with_keys(self, *keys: bytes) -> Sealer:
        """Let the keys be others from now on."""
        object.__setattr__(self.runtime, "keys_for", lambda _: keys)
        self.seal = Sealer(self.runtime)
        return self.seal

    def tamper(self, *statements: str) -> None:
        with self.runtime.database.write() as connection, tampering(connection):
            for each in statements:
                connection.exec_driver_sql(each)

    def rows(self, statement: str):
        with self.runtime.database.read() as connection:
            return connection.exec_driver_sql(statement).all()

    def verify(self, *, head: str | None = None, keys: tuple[bytes, ...] = KEYS) -> Verified:
        with self.runtime.database.read() as connection:
            return verify(connection, SealingKeys(keys), head=head)


@pytest.fixture
def sealed(shop) -> Sealed:
    """Three seals over what the shop began with and two orders each."""
    found = Sealed(shop)
    for _ in range(3):
        shop.order("ann")
        shop.order("ann")
        assert found.seal() >= 2
    return found
