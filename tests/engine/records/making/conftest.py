"""Orders to deliver, in a database of each kind."""

import pytest

from tests.support.deliveries import Yard, open_yard, shipping


@pytest.fixture
def yard(make_database, tmp_path, clock) -> Yard:
    return open_yard(make_database(shipping()), tmp_path / "files", clock)
