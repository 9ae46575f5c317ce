"""An honest seal vouches for nothing that its maker could not verify: a forgery at the end stays one for ever."""

import pytest
from sqlalchemy import func, insert, select, update
from structlog.testing import capture_logs

from orderkit.database.schema import system_tables as tables
from orderkit.engine.audit import ids
from orderkit.engine.audit.digests import (
    Link,
    SealingKeys,
    checkpoint_digest,
    digest_of_entries,
    marks_of,
    seal_digest,
)
from orderkit.engine.audit.pruning import prune
from orderkit.engine.audit.sealing import Sealer
from orderkit.engine.audit.stored import entries_between
from orderkit.model.errors import Conflict
from tests.engine.audit.conftest import KEYS
from tests.support.tampering import tampering

FOREIGN = SealingKeys((b"somebody else's",))
HONEST = SealingKeys(KEYS)


def told(verified):
    return [(each.kind.value, each.first, each.last) for each in verified.found]


def put_in(connection, now):
    """Write an entry into the table by hand, and return its id."""
    values = {
        "at": now, "channel": "page", "model_hash": "", "form": "order", "record_id": 1,
        "verb": "updated", "changes": {"note": [None, "forged"]},
    }  # fmt: skip
    (found,) = connection.execute(insert(tables.audit).values(**values)).inserted_primary_key
    return found


def hang(connection, wanted, keys=FOREIGN, **other):
    """Hang a seal over these entries on the end, as one can who has the program but not the key."""
    seal = tables.audit_seal
    last = connection.execute(select(seal).order_by(seal.c.number.desc()).limit(1)).one()
    digests = [digest for _, digest in entries_between(connection, wanted)]
    values = {
        "number": last.number + 1, "sealed_at": last.sealed_at, "ids": ids.written(wanted),
        "count": len(wanted), "last_id": wanted[-1], "settled": wanted[-1], "marks": marks_of(digests),
        "entries_digest": digest_of_entries(digests), "key": keys.current, **other,
    }  # fmt: skip
    digest = seal_digest(Link(last.number, last.digest, last.signature), values)
    connection.execute(insert(seal).values(**values, digest=digest, signature=keys.sign(digest)))
    return last.number + 1


def forge(sealed, **other):
    """Write a forged entry with a forged seal over it, and return both numbers."""
    with sealed.runtime.database.write() as connection:
        entry = put_in(connection, sealed.runtime.clock.now())
        return entry, hang(connection, [entry], **other)


@pytest.mark.parametrize("is_running", [True, False], ids=["the same worker", "another worker"])
@pytest.mark.parametrize(("other", "kind"), [({}, "key_unknown"), ({"key": HONEST.current}, "seal_changed")])
def test_a_forged_seal_is_named_however_often_is_sealed_after_it(sealed, is_running, other, kind):
    forge(sealed, **other)
    seal = sealed.seal if is_running else Sealer(sealed.runtime)
    for _ in range(2):
        sealed.shop.order("ann")
        with capture_logs() as logs:
            assert seal() > 0
    assert [each["event"] for each in logs] == []
    verified = sealed.verify()
    assert told(verified) == [(kind, 4, 4)]
    assert (verified.seals, verified.waiting.count) == (6, 0)


def test_the_log_says_once_that_the_end_does_not_verify(sealed):
    _, number = forge(sealed)
    with capture_logs() as logs:
        sealed.seal()
        sealed.seal()
    said = [each for each in logs if each["log_level"] == "error"]
    assert [(each["event"], each["number"], each["verified"]) for each in said] == [
        ("audit_end_unverified", number, 3)
    ]


def test_what_a_forged_seal_covered_is_sealed_anew(sealed):
    entry, _ = forge(sealed)
    assert sealed.seal() == 1
    sealed.tamper(f"UPDATE ok_audit SET verb = 'x' WHERE id = {entry}")
    assert ("entry_changed", entry, entry) in told(sealed.verify())


def test_a_last_seal_that_was_written_anew_over_other_entries_is_named(sealed):
    (last,) = sealed.rows("SELECT last_id FROM ok_audit_seal WHERE number = 3")[0]
    with sealed.runtime.database.write() as connection, tampering(connection):
        seal, audit = tables.audit_seal, tables.audit
        (text,) = connection.execute(select(seal.c.ids).where(seal.c.number == 3)).one()
        connection.execute(seal.delete().where(seal.c.number == 3))
        connection.execute(update(audit).where(audit.c.id == last).values(verb="x"))
        hang(connection, ids.read(text, most=1000))
    sealed.shop.order("ann")
    Sealer(sealed.runtime)()
    assert told(sealed.verify()) == [("key_unknown", 3, 3)]


def test_a_forged_seal_does_not_say_that_everything_is_sealed(sealed):
    forge(sealed, settled=2**40)
    sealed.shop.order("ann")
    assert Sealer(sealed.runtime)() > 1
    verified = sealed.verify()
    assert told(verified) == [("key_unknown", 4, 4)]
    assert verified.waiting.count == 0


def test_many_forged_seals_are_told_as_one(sealed):
    for _ in range(120):
        _, last = forge(sealed)
    sealed.shop.order("ann")
    Sealer(sealed.runtime)()
    assert told(sealed.verify()) == [("key_unknown", 4, last)]


def test_a_forged_seal_on_which_one_that_vouches_hangs_is_named_all_the_same(sealed):
    """As an older version hung its seals on any end."""
    forge(sealed)
    forge(sealed, keys=HONEST)
    sealed.shop.order("ann")
    sealed.seal()
    assert told(sealed.verify()) == [("key_unknown", 4, 4)]


def test_a_forged_checkpoint_is_named_however_much_is_sealed_after_it(sealed):
    """In place of the whole chain."""
    with sealed.runtime.database.write() as connection, tampering(connection):
        count = connection.execute(select(func.max(tables.audit.c.id))).scalar_one()
        connection.execute(tables.audit_seal.delete())
        values = {
            "number": 3, "made_at": sealed.runtime.clock.now(), "settled": count, "removed": 0,
            "seal_digest": "0" * 64, "seal_signature": "0" * 64, "key": FOREIGN.current,
        }  # fmt: skip
        signature = FOREIGN.sign(checkpoint_digest(values))
        connection.execute(insert(tables.audit_checkpoint).values(**values, signature=signature))
    with capture_logs() as logs:
        assert Sealer(sealed.runtime)() == count
    assert [each["event"] for each in logs if each["log_level"] == "error"] == ["audit_end_unverified"]
    assert told(sealed.verify()) == [("key_unknown", 3, 3)]


def test_a_key_that_was_replaced_without_the_old_one_is_told_until_it_is_listed(sealed):
    sealed.with_keys(b"the next key")
    for _ in range(2):
        sealed.shop.order("ann")
        sealed.seal()
    assert told(sealed.verify(keys=(b"the next key",))) == [("key_unknown", 1, 3)]
    assert sealed.verify(keys=(b"the next key", *KEYS)).found == ()


def test_retention_puts_no_checkpoint_in_the_place_of_a_forged_seal(sealed):
    forge(sealed)
    sealed.shop.order("ann")
    sealed.seal()
    now = sealed.runtime.clock.advance(days=1)
    with pytest.raises(Conflict), sealed.shop.office.act(None) as unit:
        prune(unit, before=now)
    assert told(sealed.verify()) == [("key_unknown", 4, 4)]


def test_retention_removes_only_what_a_listed_key_signed(sealed):
    sealed.shop.order("ann")
    sealed.with_keys(b"the next key", *KEYS)()
    sealed.with_keys(b"the next key")
    now = sealed.runtime.clock.advance(days=1)
    with pytest.raises(Conflict, match="ORDERKIT_SECRET_KEY"), sealed.shop.office.act(None) as unit:
        prune(unit, before=now)
    sealed.with_keys(b"the next key", *KEYS)
    with sealed.shop.office.act(None) as unit:
        assert prune(unit, before=now) > 0
    assert sealed.verify(keys=(b"the next key",)).found == ()


def test_an_entry_put_in_before_the_checkpoint_is_named(sealed):
    for _ in range(2):
        # On PostgreSQL a seal says of what is older than a quarter of an hour that it is settled.
        sealed.runtime.clock.advance(hours=1)
        sealed.shop.order("ann")
        sealed.seal()
    now = sealed.runtime.clock.advance(days=1)
    with sealed.shop.office.act(None) as unit:
        assert prune(unit, before=now) > 0
    assert sealed.verify().found == ()
    with sealed.runtime.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO ok_audit SELECT 2, at, actor_id, on_behalf_of_id, channel, model_hash, form,"
            " record_id, verb, changes, request_id FROM ok_audit WHERE id = (SELECT max(id) FROM ok_audit)"
        )
    assert told(sealed.verify()) == [("entry_added", 2, 2)]
