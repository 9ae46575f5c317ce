"""Whatever is done to the audit behind orderkit's back is found, and said to be what it was."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Integer, select, update

from orderkit.database.schema import system_tables as tables
from orderkit.engine.audit.digests import ENTRY_COLUMNS
from tests.support.tampering import tampering

COPY = "INSERT INTO ok_audit SELECT id + {more}, at, actor_id, on_behalf_of_id, channel, model_hash, form, record_id, verb, changes, request_id FROM ok_audit WHERE id = {id}"


def told(verified):
    return [(each.kind.value, each.first, each.last) for each in verified.found]


@pytest.fixture
def places(sealed):
    """Return the ids of the entries of the second seal, and of all."""
    first, last = (
        sealed.rows(f"SELECT last_id FROM ok_audit_seal WHERE number = {each}")[0][0] for each in (1, 2)
    )
    return list(range(first + 1, last + 1))


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE ok_audit SET verb = 'x' WHERE id = {id}", "entry_changed"),
        ("UPDATE ok_audit SET changes = '{{}}' WHERE id = {id}", "entry_changed"),
        ("UPDATE ok_audit SET actor_id = NULL WHERE id = {id}", "entry_changed"),
        ("UPDATE ok_audit SET at = '1999-01-01 00:00:00' WHERE id = {id}", "entry_changed"),
        ("DELETE FROM ok_audit WHERE id = {id}", "entry_removed"),
    ],
)
def test_an_entry_that_was_touched_is_named(sealed, places, statement, kind):
    sealed.tamper(statement.format(id=places[0]))
    verified = sealed.verify()
    assert told(verified) == [(kind, places[0], places[0])]
    assert verified.found[0].since == sealed.runtime.clock.now()


def test_neighbours_are_told_together(sealed, places):
    sealed.tamper(f"DELETE FROM ok_audit WHERE id IN ({places[0]}, {places[1]})")
    assert told(sealed.verify()) == [("entry_removed", places[0], places[1])]


def test_two_entries_that_changed_places_are_named(sealed, places):
    one, other = places[:2]
    sealed.tamper(
        f"UPDATE ok_audit SET id = 100000 WHERE id = {one}",
        f"UPDATE ok_audit SET id = {one} WHERE id = {other}",
        f"UPDATE ok_audit SET id = {other} WHERE id = 100000",
    )
    assert told(sealed.verify()) == [("entry_changed", one, other)]


def test_an_entry_put_between_sealed_ones_is_named(sealed, clock):
    """Where an id is free, as after a transaction that was undone."""
    (last,) = sealed.rows("SELECT max(id) FROM ok_audit")[0]
    if sealed.runtime.database.dialect == "sqlite":
        sealed.tamper(COPY.format(id=last, more=5))
    else:
        sealed.tamper("SELECT nextval('ok_audit_id_seq') FROM generate_series(1, 5)")
    sealed.shop.order("ann")
    clock.advance(hours=1)
    sealed.seal()
    sealed.shop.order("ann")
    clock.advance(hours=1)
    sealed.seal()
    sealed.shop.order("ann")
    sealed.seal()
    assert sealed.verify().found == ()
    sealed.tamper(COPY.format(id=last, more=2))
    assert told(sealed.verify()) == [("entry_added", last + 2, last + 2)]


@pytest.mark.parametrize("column", [each.name for each in tables.audit_seal.c if each.name != "number"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_seal_that_was_changed_is_named_and_no_other(sealed, column, number):
    value = {"sealed_at": "'1999-01-01 00:00:00'", "count": "7", "last_id": "7", "settled": "1"}.get(
        column, "'12'"
    )
    sealed.tamper(f"UPDATE ok_audit_seal SET {column} = {value} WHERE number = {number}")
    found = told(sealed.verify())
    assert ("seal_changed", number, number) in found
    assert {each[1] for each in found if each[0] == "seal_changed"} == {number}


def test_a_seal_that_was_removed_is_named(sealed):
    sealed.tamper("DELETE FROM ok_audit_seal WHERE number = 2")
    found = told(sealed.verify())
    assert found[0] == ("seal_removed", 2, 2)


def test_seals_that_changed_places_are_named(sealed):
    sealed.tamper(
        "UPDATE ok_audit_seal SET number = 99 WHERE number = 2",
        "UPDATE ok_audit_seal SET number = 2 WHERE number = 3",
        "UPDATE ok_audit_seal SET number = 3 WHERE number = 99",
    )
    assert {each[0] for each in told(sealed.verify())} >= {"seal_changed"}


def test_an_end_that_was_cut_off_is_found_by_the_head_that_was_kept(sealed, places):
    head = sealed.verify().head
    assert sealed.verify(head=head).found == ()
    sealed.tamper(
        f"DELETE FROM ok_audit WHERE id > {places[-1]}", "DELETE FROM ok_audit_seal WHERE number = 3"
    )
    assert sealed.verify().found == ()
    assert told(sealed.verify(head=head)) == [("head_missing", 2, 2)]


def test_one_without_the_key_cannot_write_the_chain_anew(sealed):
    """The whole chain, with other entries, under a key of one's own."""
    sealed.tamper(
        "UPDATE ok_audit SET verb = 'x' WHERE id = 1",
        "DELETE FROM ok_audit_seal",
    )
    sealed.with_keys(b"a forged key")()
    assert [each[0] for each in told(sealed.verify())] == ["key_unknown"]


def test_a_column_that_cannot_be_read_stops_nothing(sealed, places):
    if sealed.runtime.database.dialect != "sqlite":
        sealed.tamper(f"UPDATE ok_audit SET changes = '[1]' WHERE id = {places[0]}")
    else:
        sealed.tamper(
            f"UPDATE ok_audit SET at = 'yesterday', changes = '{{' WHERE id = {places[0]}",
            "UPDATE ok_audit_seal SET sealed_at = 'never' WHERE number = 3",
        )
    assert told(sealed.verify())[0] == ("entry_changed", places[0], places[0])


def test_a_personal_value_may_be_erased_and_not_changed(sealed):
    sealed.tamper("UPDATE ok_audit_personal SET value = '\"13800000000\"'")
    assert {each[0] for each in told(sealed.verify())} == {"personal_changed"}
    sealed.tamper("DELETE FROM ok_audit_personal")
    assert sealed.verify().found == ()


def _others(value):
    """Return strategies for values that a column may be made to hold instead."""
    if isinstance(value, dict):
        return st.dictionaries(st.text("abc甲", min_size=1), st.lists(st.text("ab"), max_size=2), max_size=3)
    if isinstance(value, int):
        return st.integers(0, 2**31 - 1)
    if isinstance(value, str) or value is None:
        return st.text("abc0123-,甲", max_size=16)
    return st.datetimes(timezones=st.just(value.tzinfo))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_of_any_column_of_any_entry_or_seal_is_found(sealed, data):
    table = data.draw(st.sampled_from([tables.audit, tables.audit_seal]))
    names = ENTRY_COLUMNS if table is tables.audit else tuple(table.c.keys())
    column = table.c[data.draw(st.sampled_from(names))]
    key = next(iter(table.primary_key.columns))
    with sealed.runtime.database.read() as connection:
        rows = connection.execute(select(key, column).order_by(key)).all()
    row = data.draw(st.sampled_from(rows))
    is_number = isinstance(column.type, Integer)
    value = data.draw(st.integers(1, 2**31 - 1) if is_number else _others(row[1]))
    if value == row[1] or (column is key and value in {each[0] for each in rows}):
        return
    if value is None and not column.nullable:
        return
    with sealed.runtime.database.write() as connection, tampering(connection):
        connection.execute(update(table).where(key == row[0]).values({column: value}))
    assert sealed.verify().found
    with sealed.runtime.database.write() as connection, tampering(connection):
        back = value if column is key else row[0]
        connection.execute(update(table).where(key == back).values({column: row[1]}))
    assert not sealed.verify().found
