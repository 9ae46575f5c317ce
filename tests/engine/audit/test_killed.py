"""Sealing may be killed at any moment: what was sealed stays whole, and the next process seals the rest once."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from orderkit.catalog import built_in
from orderkit.database.connections.database import Database
from orderkit.engine.audit import sealing
from orderkit.engine.audit.sealing import Sealer
from orderkit.engine.opening import runtime_over
from tests.engine.audit.conftest import KEYS, Sealed
from tests.engine.audit.test_sealing import covered, write_entries
from tests.support.killing import Killer
from tests.support.trade import trade

WAITING = 12


def seal(url: str, folder: Path) -> None:
    """Seal what waits, as a worker of its own process, in batches of a few entries."""
    sealing.MOST_ENTRIES = 5
    database = Database.open(url, trade(), built_in())
    # What is said goes to whoever forked us.
    with capture_logs():
        Sealer(runtime_over(trade(), database, files_folder=folder, keys_for=lambda _: KEYS))()
    database.close()


@pytest.fixture(scope="module")
def killer():
    made = Killer(f"{__name__}:seal")
    yield made
    made.close()


def test_sealing_that_is_killed_goes_on_and_verifies(sealed: Sealed, killer: Killer, tmp_path: Path) -> None:
    url = sealed.runtime.database.engine.url.render_as_string(hide_password=False)
    write_entries(sealed.runtime, WAITING)
    steps = killer.count(url, tmp_path)
    assert steps > 6
    # Before its first statement, amid them, and around the commit of the last seal.
    for at in sorted({1, steps // 3, steps // 2, *range(steps - 2, steps + 1)}):
        write_entries(sealed.runtime, WAITING)
        assert killer.migrate(url, tmp_path, at=at) == "killed", at
        verified = sealed.verify()
        assert verified.found == (), (at, verified.found)
    assert sealed.verify().waiting.count > 0, "the last ones were killed before they had sealed all"
    assert killer.migrate(url, tmp_path).startswith("done")
    verified = sealed.verify()
    assert (verified.found, verified.waiting.count) == ((), 0)
    assert sorted(covered(sealed)) == [row[0] for row in sealed.rows("SELECT id FROM ok_audit ORDER BY id")]
