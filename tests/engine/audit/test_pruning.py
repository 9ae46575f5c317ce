"""Retention removes whole seals and leaves a checkpoint that vouches for the rest; it never hides tampering."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from orderkit.database.connections.database import open_engine
from orderkit.database.connections.sqlite import WRITES
from orderkit.engine.audit import pruning, sealing
from orderkit.engine.audit.pruning import days_kept, prune
from orderkit.engine.audit.verifying import Passing
from orderkit.model.auditing import AuditRules
from orderkit.model.errors import Conflict


def pruned(sealed, **span):
    clock = sealed.runtime.clock
    now = clock.advance(**span)
    with sealed.shop.office.act(None) as unit:
        return prune(unit, before=now)


def test_what_is_left_verifies_from_the_checkpoint(sealed):
    sealed.runtime.clock.advance(days=1)
    before = sealed.verify()
    assert pruned(sealed, seconds=1) > 0
    sealed.shop.order("ann")
    sealed.seal()
    after = sealed.verify(head=before.head)
    assert after.found == ()
    assert (after.seals, after.waiting.count) == (2, 0)
    assert (
        after.removed + sealed.rows("SELECT count FROM ok_audit_seal WHERE number = 3")[0][0]
        == before.entries
    )
    assert pruned(sealed, days=1) > 0
    sealed.seal()
    assert sealed.verify().found == ()


def test_the_texts_of_personal_values_go_with_their_entries(sealed):
    assert sealed.rows("SELECT * FROM ok_audit_personal")
    pruned(sealed, seconds=1)
    assert not sealed.rows("SELECT * FROM ok_audit_personal")


def test_the_last_seal_stays_and_what_is_young(sealed):
    with sealed.shop.office.act(None) as unit:
        assert prune(unit, before=unit.now) == 0
    pruned(sealed, days=1)
    assert pruned(sealed, days=1) == 0
    assert [row[0] for row in sealed.rows("SELECT number FROM ok_audit_seal")] == [3]


def test_one_unit_removes_a_bounded_number_of_entries(sealed, monkeypatch):
    """Other writers wait for it; the next unit goes on."""
    monkeypatch.setattr(sealing, "MOST_ENTRIES", 10)
    for _ in range(8):
        sealed.shop.order("ann")
    sealed.seal()
    monkeypatch.setattr(pruning, "MOST_ENTRIES", 12)
    counts = [row[0] for row in sealed.rows("SELECT count FROM ok_audit_seal ORDER BY number")]
    gone = []
    while not gone or gone[-1]:
        gone.append(pruned(sealed, days=1))
    # A seal that is larger goes by itself, the last one stays, and each unit notes what it did.
    assert gone[0] == counts[0] > 12
    assert all(0 < each <= 12 for each in gone[1:-1])
    assert sum(gone) == sum(counts[:-1])
    assert len(gone) > 3
    sealed.seal()
    assert sealed.verify().found == ()


def test_a_unit_takes_no_more_entries_than_fit_in_a_few_seconds():
    assert pruning.MOST_ENTRIES <= 20_000
    assert sealing.MOST_ENTRIES <= pruning.MOST_ENTRIES


def test_it_does_not_hide_tampering(sealed):
    sealed.tamper("UPDATE ok_audit SET verb = 'x' WHERE id = 1")
    with pytest.raises(Conflict):
        pruned(sealed, seconds=1)
    assert [each.kind for each in sealed.verify().found] == ["entry_changed"]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE ok_audit_checkpoint SET removed = 1", "checkpoint_changed"),
        ("UPDATE ok_audit_checkpoint SET signature = 'x'", "checkpoint_changed"),
        ("DELETE FROM ok_audit_checkpoint", "seal_removed"),
    ],
)
def test_a_checkpoint_that_was_touched_is_found(sealed, statement, kind):
    pruned(sealed, seconds=1)
    sealed.tamper(statement)
    assert kind in {each.kind for each in sealed.verify().found}


def test_cutting_the_beginning_off_is_found(sealed):
    """Without the key nobody makes a checkpoint."""
    sealed.tamper(
        "INSERT INTO ok_audit_checkpoint SELECT number, sealed_at, settled, count, digest, signature, key, signature"
        " FROM ok_audit_seal WHERE number = 1",
        "DELETE FROM ok_audit WHERE id <= (SELECT last_id FROM ok_audit_seal WHERE number = 1)",
        "DELETE FROM ok_audit_seal WHERE number = 1",
    )
    assert [each.kind for each in sealed.verify().found] == ["checkpoint_changed"]


def test_nobody_changes_anything_between_its_verification_and_its_removal(sealed, monkeypatch):
    refused = []

    def attempt(statement):
        engine = open_engine(sealed.runtime.database.engine.url)
        with engine.execution_options(**{WRITES: True}).connect() as connection:
            driver = connection.connection.driver_connection
            is_sqlite = connection.dialect.name == "sqlite"
            driver.execute("PRAGMA busy_timeout = 0" if is_sqlite else "SET lock_timeout = '10ms'")
            with pytest.raises(OperationalError, match="lock"):
                connection.exec_driver_sql(statement)
        engine.dispose()
        refused.append(statement)

    begin = Passing.begin

    def meanwhile(self):
        attempt("UPDATE ok_audit SET verb = 'x' WHERE id = 1")
        attempt("UPDATE ok_audit_seal SET key = 'x' WHERE number = 1")
        attempt("DELETE FROM ok_audit_checkpoint")
        return begin(self)

    with monkeypatch.context() as patch:
        patch.setattr(Passing, "begin", meanwhile)
        assert pruned(sealed, seconds=1) > 0
    assert len(refused) == 3
    assert sealed.verify().found == ()


@pytest.mark.parametrize(
    ("project", "operator", "expected"),
    [
        (None, None, None),
        (None, "90", 90),
        (None, "1", 30),
        (None, "soon", None),
        (3653, None, 3653),
        (3653, "90", 3653),
        (60, "90", 90),
        (60, "soon", 60),
    ],
)
def test_of_what_the_project_promises_and_the_operator_says_the_longer_holds(
    sealed, project, operator, expected
):
    rules = AuditRules(keep_days=project)
    runtime = replace(
        sealed.runtime,
        project=replace(sealed.runtime.project, audit=rules),
        environment=lambda _: operator,
    )
    assert days_kept(runtime) == expected
