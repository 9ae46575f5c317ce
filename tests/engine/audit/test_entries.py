"""The audit as it is stored: who, when, by which door, under which model; personal values apart."""

import hashlib
import json

from sqlalchemy import select

from orderkit.database.schema import system_tables as tables
from orderkit.engine import audit, records
from orderkit.engine.records import Delete
from orderkit.engine.runtime import Channel
from orderkit.model.stored import model_hash


def stored(shop, form, record):
    with shop.office.look(None) as unit:
        query = select(tables.audit).where(tables.audit.c.form == form, tables.audit.c.record_id == record)
        return unit.connection.execute(query.order_by(tables.audit.c.id)).all()


def test_an_entry_says_who_when_how_and_under_which_model(shop, clock):
    runtime = shop.office.runtime
    person = shop.office.person("ann")
    order = shop.order("ann")
    with runtime.write(person, Channel.API, request_id="r-1") as unit:
        records.apply(unit, [records.Update(form="order", id=order, values={"external": "X"})])
    entry = stored(shop, "order", order)[-1]
    assert (entry.actor_id, entry.channel, entry.verb, entry.request_id) == (
        person.id,
        "api",
        "updated",
        "r-1",
    )
    assert entry.at == clock.now()
    assert entry.model_hash == model_hash(runtime.project)
    assert entry.changes == {"external": [None, "X"]}


def test_a_write_that_changes_nothing_says_nothing(shop):
    order = shop.order("ann")
    shop.office.update("ann", "order", order, kind="standard")
    assert len(stored(shop, "order", order)) == 1


def test_money_stands_exactly_and_lines_stand_with_their_record(shop):
    order = shop.order("ann")
    (line,) = shop.lines(order)
    (entry,) = stored(shop, "order", order)
    assert entry.changes["total"] == [None, "25.00"]
    assert entry.changes[f"lines.{line['id']}.qty"] == [None, "10.000"]
    assert not stored(shop, "order.lines", line["id"])


def test_a_deleted_record_is_kept_in_its_last_entry(shop):
    order = shop.order("ann")
    with shop.office.act("ann") as unit:
        records.apply(unit, [Delete(form="order", id=order)])
    created, deleted = stored(shop, "order", order)
    assert (created.verb, deleted.verb) == ("created", "deleted")
    assert deleted.changes["number"] == ["SO20260302-0001", None]
    assert deleted.changes["total"] == ["25.00", None]


def test_a_personal_value_stands_apart_under_a_salted_digest(shop):
    (entry,) = stored(shop, "customer", shop.customer)[:1]
    digest = entry.changes["phone"][1]["digest"]
    assert "13812345678" not in json.dumps(entry.changes)
    with shop.office.act(None) as unit:
        query = select(tables.audit_personal).where(tables.audit_personal.c.digest == digest)
        row = unit.connection.execute(query).one()
        assert json.loads(row.value) == "13812345678"
        assert hashlib.sha256(f"{row.salt}:{row.value}".encode()).hexdigest() == digest
        assert audit.erase(unit, "customer", shop.customer) == 1
        (recorded,) = audit.read(unit, "customer", shop.customer)[-1:]
    assert recorded.changes["phone"] == (None, None)
    assert recorded.erased == {("phone", 1)}
    assert stored(shop, "customer", shop.customer)[0].changes == entry.changes
