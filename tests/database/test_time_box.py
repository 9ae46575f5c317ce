"""A statement that takes too long is given up, and nothing else in its transaction."""

import pytest
import sqlalchemy as sa

from orderkit.database.connections.time_box import TookTooLong, time_boxed
from tests.support.trade import trade

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def test_what_never_ends_is_given_up_and_the_transaction_goes_on(make_database):
    database = make_database(trade())
    with database.read() as connection:
        with pytest.raises(TookTooLong), time_boxed(connection, 0.05):
            connection.execute(sa.text(ENDLESS)).all()
        assert connection.execute(sa.text("SELECT 1")).scalar_one() == 1
        with time_boxed(connection, 30):
            assert connection.execute(sa.text("SELECT 2")).scalar_one() == 2


def test_another_mistake_stays_what_it_is(make_database):
    with (
        make_database(trade()).read() as connection,
        pytest.raises(sa.exc.DBAPIError),
        time_boxed(connection, 30),
    ):
        connection.execute(sa.text("SELECT * FROM nothing"))
